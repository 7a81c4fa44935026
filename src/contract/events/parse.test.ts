import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { feedOf } from './envelope.ts'
import { LIMITS } from './guard.ts'
import type { CanonicalEvent } from './parse.ts'
import { parseEvent } from './parse.ts'

const NOW = 1_795_683_600_000
const line = { sku: 'A', qty: 1, price: 100 }
const data = { ref: { orderNo: 'A-1' }, currency: 'CNY', lines: [line] }
const placed = {
  specversion: '1.0',
  id: 'e-1',
  source: '/channels/shop',
  type: 'order.placed',
  time: '2026-11-21T08:00:00+08:00',
  data,
}
const scan = {
  specversion: '1.0',
  id: 'e-2',
  source: '/carriers/sf',
  type: 'parcel.in_transit',
  data: { ref: { trackingNo: 'sf 123 456' } },
}

function accepted(message: unknown): CanonicalEvent {
  const parsed = parseEvent(message, { now: NOW })
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.event
}

/** Pointers and codes of what is wrong. */
function refused(message: unknown): string[] {
  const parsed = parseEvent(message, { now: NOW })
  assert.ok(!parsed.ok)
  for (const { message } of parsed.problems) assert.ok(message.length > 5)
  return parsed.problems.map(p => `${p.pointer} ${p.code}`)
}

const withData = (more: object) => ({ ...placed, data: { ...data, ...more } })

test('a placed order in our own words', () => {
  assert.deepEqual(accepted({ ...placed, data: { ...data, lines: [{ ...line, shipBy: '2026-11-22T00:00:00Z' }] } }), {
    id: 'e-1',
    source: '/channels/shop',
    feed: 'shop',
    type: 'order.placed',
    v: 1,
    occurredAt: Date.UTC(2026, 10, 21),
    timed: true,
    keys: [{ kind: 'order_no', value: 'shop/A-1' }],
    creates: true,
    body: { ...data, ref: { channel: 'shop', orderNo: 'A-1' }, lines: [{ ...line, shipBy: Date.UTC(2026, 10, 22) }] },
  })
})

test('of a number that is too large the bound is told that can be met', () => {
  const priced = (price: number) => parseEvent(withData({ lines: [{ ...line, price }] }), { now: NOW })
  const problems = (price: number) => {
    const parsed = priced(price)
    return parsed.ok ? [] : parsed.problems.map(p => `${p.code}: ${p.message}`)
  }
  assert.deepEqual(problems(2 ** 53 + 2)[0], 'out_of_range: at most 1000000000000')
  assert.deepEqual(problems(JSON.parse('1e400')), ['out_of_range: this number is beyond counting'])
})

test('a scan without time or order number happens now and claims no channel', () => {
  const event = accepted(scan)
  assert.equal(event.occurredAt, NOW)
  assert.equal(event.creates, false)
  assert.deepEqual(event.keys, [{ kind: 'tracking_no', value: 'SF123456' }])
  assert.deepEqual(event.body, { ref: { trackingNo: 'SF123456' } })
})

test('all keys of the ref, the order number under its own channel first', () => {
  const ref = { barcode: 'B', paymentId: 'p', trackingNo: 't', orderNo: 'N/1', channel: 'tmall' }
  assert.deepEqual(accepted({ ...scan, data: { ref } }).keys, [
    { kind: 'order_no', value: 'tmall/N/1' },
    { kind: 'tracking_no', value: 'T' },
    { kind: 'payment_id', value: 'p' },
    { kind: 'barcode', value: 'B' },
  ])
})

test('the version may stand in the type, in `v`, or nowhere', () => {
  for (const more of [{ type: 'order.placed.v1' }, { v: 1 }, { v: '1' }, {}])
    assert.equal(accepted({ ...placed, ...more }).v, 1)
  for (const more of [{ type: 'order.placed.v2' }, { v: 2 }, { v: 0 }])
    assert.deepEqual(refused({ ...placed, ...more }), ['/type unknown_version'])
  assert.deepEqual(refused({ ...placed, v: 'one' }), ['/v wrong_type'])
})

test('the message given is not changed', () => {
  const frozen = Object.freeze({ ...placed, data: Object.freeze({ ...data, ref: Object.freeze({ orderNo: 'A-1' }) }) })
  accepted(frozen)
  assert.deepEqual(frozen.data.ref, { orderNo: 'A-1' })
})

test('the feed is the last segment of the source', () => {
  const sources = {
    '/channels/olist': 'olist',
    'https://shop.example/olist/?a=1#b': 'olist',
    'urn:shop:olist': 'olist',
    olist: 'olist',
    '/店铺/天猫': '天猫',
  }
  for (const [source, feed] of Object.entries(sources)) assert.equal(feedOf(source), feed)
  for (const source of ['/', '/a b', '/%2e', `/${'x'.repeat(65)}`, '/..'])
    assert.deepEqual(refused({ ...placed, source }), ['/source bad_format'])
})

const ENVELOPES: [what: string, more: object, said: string[]][] = [
  ['no specversion', { specversion: undefined }, ['/specversion missing']],
  ['another specversion', { specversion: '0.3' }, ['/specversion not_allowed']],
  ['no id', { id: undefined }, ['/id missing']],
  ['a blank id', { id: ' ' }, ['/id too_short']],
  ['a long id', { id: 'x'.repeat(201) }, ['/id too_long']],
  ['a number as id', { id: 7 }, ['/id wrong_type']],
  ['an unknown type', { type: 'order.place' }, ['/type unknown_type']],
  ['a system type', { type: 'finding.raised' }, ['/type unknown_type']],
  ['a name of every object', { type: 'constructor' }, ['/type unknown_type']],
  ['a time without offset', { time: '2026-11-21T08:00:00' }, ['/time bad_format']],
  ['year 0', { time: '0000-01-01T00:00:00Z' }, ['/time out_of_range']],
  ['year 9999', { time: '9999-01-01T00:00:00Z' }, ['/time out_of_range']],
  ['a number as time', { time: 1 }, ['/time wrong_type']],
  ['null as time', { time: null }, ['/time wrong_type']],
  ['XML', { datacontenttype: 'text/xml' }, ['/datacontenttype not_allowed']],
  ['no data', { data: undefined }, ['/data missing']],
  ['a list as data', { data: [] }, ['/data wrong_type']],
  ['base64', { data: undefined, data_base64: 'eA==' }, ['/data_base64 not_allowed']],
  ['an object as extension', { extra: {} }, ['/extra wrong_type']],
  ['a long extension', { extra: 'x'.repeat(1001) }, ['/extra wrong_type']],
  [
    'everything at once',
    { id: undefined, type: 'x', time: 'y' },
    ['/id missing', '/time bad_format', '/type unknown_type'],
  ],
]

test('what is wrong with an envelope is told with its pointer', () => {
  for (const [what, more, said] of ENVELOPES) assert.deepEqual(refused({ ...placed, ...more }), said, what)
  for (const message of [null, 1, 'x', [], [placed]]) assert.deepEqual(refused(message), [' wrong_type'])
  assert.equal(
    accepted({
      ...placed,
      traceparent: '00-1',
      sampled: true,
      subject: 's',
      datacontenttype: 'application/json; charset=utf-8',
    }).id,
    'e-1',
  )
  assert.ok(
    refused({ ...placed, ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x${i}`, 1])) })[0]?.endsWith(
      'too_many',
    ),
  )
})

const BODIES: [what: string, more: object, said: string[]][] = [
  ['no order number', { ref: { trackingNo: 'T' } }, ['/data/ref/orderNo missing']],
  ['no currency', { currency: undefined }, ['/data/currency missing']],
  ['a currency that is none', { currency: 'cny' }, ['/data/currency bad_currency']],
  ['an unknown field', { total: 5 }, ['/data/total unknown_field']],
  ['a negative amount', { freight: -1 }, ['/data/freight out_of_range']],
  ['an amount that is no integer', { freight: 1.5 }, ['/data/freight wrong_type']],
  ['an amount as text', { freight: '1.50' }, ['/data/freight wrong_type']],
  ['too large an amount', { freight: 1e12 + 1 }, ['/data/freight out_of_range']],
  ['null', { freight: null }, ['/data/freight wrong_type']],
  ['no quantity', { lines: [{ sku: 'A', price: 1 }] }, ['/data/lines/0/qty missing']],
  ['quantity 0', { lines: [{ ...line, qty: 0 }] }, ['/data/lines/0/qty out_of_range']],
  ['too large a quantity', { lines: [{ ...line, qty: 1_000_001 }] }, ['/data/lines/0/qty out_of_range']],
  [
    'too large a product',
    { lines: [line, { ...line, qty: 1_000_000, price: 1_000_001 }] },
    ['/data/lines/1/price out_of_range'],
  ],
  ['a discount above the line', { lines: [{ ...line, discount: 101 }] }, ['/data/lines/0/discount out_of_range']],
  ['an empty sku', { lines: [{ ...line, sku: '' }] }, ['/data/lines/0/sku bad_format']],
  ['a sku with a line feed', { lines: [{ ...line, sku: 'A\nB' }] }, ['/data/lines/0/sku bad_format']],
  ['a long sku', { lines: [{ ...line, sku: 'x'.repeat(129) }] }, ['/data/lines/0/sku too_long']],
  ['1,001 lines', { lines: Array(1001).fill(line) }, ['/data/lines too_many']],
  ['10,000 lines', { lines: Array(10_000).fill(line) }, ['/data/lines too_many']],
  ['a bad day', { promise: { grain: 'day', to: '2026-02-30', zone: 'UTC' } }, ['/data/promise/to bad_format']],
  [
    'a bad zone',
    { promise: { grain: 'day', to: '2026-02-28', zone: 'Mars/Olympus' } },
    ['/data/promise/zone bad_zone'],
  ],
  ['a bad grain', { promise: { grain: 'week' } }, ['/data/promise/grain not_allowed']],
  ['a bad method', { paymentMethod: 'gold' }, ['/data/paymentMethod not_allowed']],
  ['10 MB of text', { note: 'x'.repeat(10_000_000) }, ['/data/note too_long']],
  ['NUL', { note: 'a\u0000b' }, ['/data/note nul_character']],
  ['half a surrogate pair', { note: 'a\ud800' }, ['/data/note lone_surrogate']],
  ['half a pair in a key', { 'a\udc00': 1 }, ['/data/a\ufffd lone_surrogate']],
  ['a key with a slash', { 'a/b~c': 1 }, ['/data/a~1b~0c unknown_field']],
  ['a correction that is none', { correction: false }, ['/data/correction not_allowed']],
]

test('what is wrong with the data is told with its pointer', () => {
  for (const [what, more, said] of BODIES) assert.deepEqual(refused(withData(more)), said, what)
  assert.deepEqual(refused({ ...scan, data: { ref: { carrier: 'sf' } } }), ['/data/ref missing'])
  assert.deepEqual(refused({ ...scan, data: {} }), ['/data/ref missing'])
})

test('limits hold exactly', () => {
  assert.equal(accepted(withData({ lines: Array(1000).fill(line) })).type, 'order.placed')
  assert.equal(accepted(withData({ freight: 1e12, lines: [] })).type, 'order.placed')
  const sum = { sku: 'A', qty: 1_000_000, price: 1_000_000 }
  assert.equal(accepted(withData({ lines: Array(1000).fill(sum) })).type, 'order.placed')
})

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })

test('nesting, numbers of values and of fields are bounded whatever the type', () => {
  const deep = refused({ ...placed, data: nested(LIMITS.depth) })[0]!
  assert.match(deep, /^\/data(\/a){19} too_deep$/)
  assert.match(refused({ ...placed, data: JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) })[0]!, / too_deep$/)
  const wide = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, i]))
  assert.deepEqual(refused({ ...placed, data: wide }), ['/data too_many'])
  const many = Array.from({ length: 1000 }, () => Array(30).fill(0))
  assert.match(refused({ ...placed, data: { many } })[0]!, /^\/data\/many\/\d+\/\d+ too_many$/)
  assert.deepEqual(refused(JSON.parse('{"data":{"__proto__":{"a":1}}}')), ['/data/__proto__ unknown_field'])
})

test('no more than 20 problems are told', () => {
  assert.equal(refused(withData({ lines: Array(50).fill({ ...line, qty: 0 }) })).length, 20)
})

test('any JSON gives an answer, and what is accepted is JSON', () => {
  const bits = fc.constantFrom(...Object.keys(data), 'ref', 'orderNo', 'promise', 'grain', 'shipTo', 'type', 'time')
  const odd = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), tie('object')),
    object: fc.dictionary(bits, tie('value'), { maxKeys: 6 }),
  }))
  fc.assert(
    fc.property(odd.object, odd.value, (more, value) => {
      for (const message of [value, { ...placed, ...more }, withData(more)]) {
        const parsed = parseEvent(message, { now: NOW })
        if (parsed.ok) assert.deepEqual(JSON.parse(JSON.stringify(parsed.event.body)), parsed.event.body)
        else assert.ok(parsed.problems.length > 0)
      }
    }),
    { numRuns: 300 },
  )
})
