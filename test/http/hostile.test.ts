import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, event, type Of, openApi, placed } from './api.ts'

const api = await openApi()

const TABLES = ['intake', 'seen', 'ledger', 'head', 'key', 'unmatched', 'order_row']
const counts = async () => Object.fromEntries(await Promise.all(TABLES.map(async t => [t, await api.count(t)])))

const JSON_TYPE = { 'content-type': 'application/json' }
const send = (payload: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
  api.raw({ method: 'POST', url: '/v1/events', headers, payload })

/** Nothing of a refused request may stand anywhere, and the next good one is served as ever. */
async function refusesWhole(work: () => Promise<void>): Promise<void> {
  const before = await counts()
  await work()
  await api.pipeline.drained()
  assert.deepEqual(await counts(), before, 'nothing is half-written')
  assert.equal((await api.get('/healthz')).status, 200)
}

let n = 0
const line = { sku: 'TEA-01', qty: 1, price: 100 }
const order = (data: object, more: object = {}): object => placed(`H-${++n}`, data, more)

interface Case {
  readonly name: string
  readonly event: unknown
  readonly pointer: string
  readonly code: string
}

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)
const { time: _time, ...timeless } = order({}) as { time: string }

const BAD: readonly Case[] = [
  { name: 'no event at all', event: 17, pointer: '', code: 'wrong_type' },
  {
    name: 'unknown type',
    event: event('order.plced', { ref: { orderNo: 'x' } }),
    pointer: '/type',
    code: 'unknown_type',
  },
  {
    name: 'missing field',
    event: event('order.placed', { ref: { orderNo: 'x' }, lines: [line] }),
    pointer: '/data/currency',
    code: 'missing',
  },
  { name: 'missing ref', event: order({ ref: {} }), pointer: '/data/ref/orderNo', code: 'missing' },
  {
    name: 'wrong unit: an amount with a fraction',
    event: order({ lines: [{ ...line, price: 49.5 }] }),
    pointer: '/data/lines/0/price',
    code: 'wrong_type',
  },
  {
    name: 'wrong unit: an amount as text',
    event: order({ lines: [line, { ...line, price: '49.00' }] }),
    pointer: '/data/lines/1/price',
    code: 'wrong_type',
  },
  {
    name: 'wrong unit: a currency that is none',
    event: order({ currency: 'RMB' }),
    pointer: '/data/currency',
    code: 'bad_currency',
  },
  {
    name: 'negative money',
    event: order({ lines: [{ ...line, price: -1 }] }),
    pointer: '/data/lines/0/price',
    code: 'out_of_range',
  },
  {
    name: 'money beyond counting',
    event: order({ lines: [{ ...line, price: 1e15 }] }),
    pointer: '/data/lines/0/price',
    code: 'out_of_range',
  },
  {
    name: 'no pieces',
    event: order({ lines: [{ ...line, qty: 0 }] }),
    pointer: '/data/lines/0/qty',
    code: 'out_of_range',
  },
  {
    name: '10,000 lines',
    event: order({ lines: Array.from({ length: 10_000 }, () => line) }),
    pointer: '/data/lines',
    code: 'too_many',
  },
  {
    name: 'a text of 10 MB',
    event: order({ lines: [{ ...line, name: 'x'.repeat(10_000_000) }] }),
    pointer: '/data/lines/0/name',
    code: 'too_long',
  },
  { name: 'deep nesting', event: order({ lines: deep(500) as object }), pointer: '/data/lines', code: 'too_deep' },
  {
    name: 'very deep nesting',
    event: order({ extra: deep(1_500) as object }),
    pointer: '/data/extra',
    code: 'too_deep',
  },
  {
    name: 'NUL in a text',
    event: order({ lines: [{ ...line, name: 'a\0b' }] }),
    pointer: '/data/lines/0/name',
    code: 'nul_character',
  },
  {
    name: 'half a surrogate pair',
    event: order({ lines: [{ ...line, name: 'a\ud800b' }] }),
    pointer: '/data/lines/0/name',
    code: 'lone_surrogate',
  },
  {
    name: 'half a surrogate pair in the id',
    event: order({}, { id: '\udfff' }),
    pointer: '/id',
    code: 'lone_surrogate',
  },
  { name: 'year 0', event: order({}, { time: '0000-01-01T00:00:00Z' }), pointer: '/time', code: 'out_of_range' },
  { name: 'year 9999', event: order({}, { time: '9999-12-31T23:59:59Z' }), pointer: '/time', code: 'out_of_range' },
  { name: 'year -1', event: order({}, { time: '-0001-01-01T00:00:00Z' }), pointer: '/time', code: 'bad_format' },
  { name: '30 February', event: order({}, { time: '2026-02-30T00:00:00Z' }), pointer: '/time', code: 'bad_format' },
  {
    name: 'a time without offset',
    event: order({}, { time: '2026-02-20T00:00:00' }),
    pointer: '/time',
    code: 'bad_format',
  },
  {
    name: 'a field that nobody knows',
    event: order({ colour: 'red' }),
    pointer: '/data/colour',
    code: 'unknown_field',
  },
  {
    name: 'the prototype',
    event: JSON.parse(JSON.stringify(order({})).replace('"currency"', '"__proto__":{"x":1},"currency"')),
    pointer: '/data',
    code: 'unknown_field',
  },
  {
    name: 'another version of CloudEvents',
    event: order({}, { specversion: '0.3' }),
    pointer: '/specversion',
    code: 'not_allowed',
  },
  { name: 'a line end in the id', event: order({}, { id: 'a\nb' }), pointer: '/id', code: 'bad_format' },
  {
    name: 'data in base64',
    event: { ...timeless, data: undefined, data_base64: 'e30=' },
    pointer: '/data_base64',
    code: 'not_allowed',
  },
  { name: 'no id', event: order({}, { id: '' }), pointer: '/id', code: 'too_short' },
  { name: 'no source', event: order({}, { source: undefined }), pointer: '/source', code: 'missing' },
  { name: 'data that is no object', event: { ...timeless, data: 'order' }, pointer: '/data', code: 'wrong_type' },
  { name: 'null for a field', event: order({ currency: null }), pointer: '/data/currency', code: 'wrong_type' },
]

for (const { name, event: bad, pointer, code } of BAD) {
  test(`${name}: the problem names the field, nothing is written`, () =>
    refusesWhole(async () => {
      const problem = assertProblem(await send(JSON.stringify(bad)), 422, 'invalid_event')
      const found = problem.errors?.find(e => e.pointer.startsWith(pointer))
      assert.equal(found?.code, code, JSON.stringify(problem.errors))
      assert.match(problem.detail, new RegExp(found!.pointer.replaceAll('/', '\\/') || 'the event'))
    }))
}

test('text that is no JSON is answered with its place', () =>
  refusesWhole(async () => {
    for (const [text, place] of [
      ['{"a": 1,}', 'line 1, column 9'],
      ['{\n  "a": tru\n}', 'line 2, column 8'],
      ['{"a": "b', 'it ends too early'],
      ['[1, 2', 'it ends too early'],
      ['{"a": 01}', 'line 1, column 8'],
      ["{'a': 1}", 'line 1, column 2'],
      ['', 'Send a JSON body'],
      ['nonsense', 'line 1, column 1'],
      ['{"a": "\u0001"}', 'line 1, column 8'],
    ] as const) {
      const problem = assertProblem(await send(text), 400, 'invalid_json')
      assert.ok(problem.detail.includes(place), `${text}: ${problem.detail}`)
    }
  }))

test('bytes that are no UTF-8 are refused', () =>
  refusesWhole(async () => {
    assertProblem(await send(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'invalid_encoding')
    assertProblem(await send(Buffer.from([0xed, 0xa0, 0x80])), 400, 'invalid_encoding')
  }))

test('a million brackets neither overflow the stack nor stop the service', () =>
  refusesWhole(async () => {
    const nested = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`
    const one = JSON.stringify(order({})).replace('"currency"', `"x":${nested},"currency"`)
    const problem = assertProblem(await send(one), 422, 'invalid_event')
    assert.equal(problem.errors?.[0]?.code, 'too_deep')
    assertProblem(await send('['.repeat(1_000_000)), 400, 'invalid_json')
  }))

test('more than 12 MiB are refused as a whole', () =>
  refusesWhole(async () => {
    const problem = assertProblem(await send(`"${'x'.repeat(12 * 1024 * 1024)}"`), 413, 'payload_too_large')
    assert.equal(problem.errors, undefined)
  }))

test('another content type is refused', () =>
  refusesWhole(async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x'])
      assertProblem(await send('{}', { 'content-type': type }), 415, 'unsupported_media_type')
  }))

test('one bad event refuses the whole batch, with the index in each pointer', () =>
  refusesWhole(async () => {
    const batch = [order({}), order({ currency: 'XX' }), order({}), order({ lines: [{ ...line, sku: 7 }] })]
    const problem = assertProblem(await send(JSON.stringify(batch)), 422, 'invalid_event')
    assert.deepEqual(
      problem.errors?.map(e => e.pointer),
      ['/1/data/currency', '/3/data/lines/0/sku'],
    )
    const { sentence: _, ...counts } = problem.more ?? {}
    assert.deepEqual(counts, { refused: 2, events: 4, problems: 2 })
  }))

test('a batch is bounded', () =>
  refusesWhole(async () => {
    assertProblem(await send('[]'), 400, 'invalid_request')
    const batch = JSON.stringify(Array.from({ length: 1001 }, () => 1))
    assertProblem(await send(batch), 413, 'too_many_events')
  }))

test('the same id with another content: 409 alone, marked in a batch, the first content stands', async () => {
  const first = order({}, { id: 'same' })
  await api.tell(first)
  await refusesWhole(async () => {
    const problem = assertProblem(await api.post('/v1/events', order({}, { id: 'same' })), 409, 'event_conflict')
    assert.equal(problem.errors?.[0]?.pointer, '/id')
  })
  const other = order({})
  const answer = await api.post<Of<'sendEvents'>>('/v1/events', [first, order({}, { id: 'same' }), other])
  assert.equal(answer.status, 202)
  assert.deepEqual(
    answer.body.results.map(r => r.status),
    ['duplicate', 'conflict', 'accepted'],
  )
  assert.deepEqual([answer.body.accepted, answer.body.duplicates, answer.body.conflicts], [1, 1, 1])
  await api.pipeline.drained()
  const kept = await api.get<Of<'listQuarantine'>>('/v1/quarantine?code=event_conflict')
  assert.equal(kept.body.total?.count, 2)
})

test('what was refused at the door is kept, sealed, once', async () => {
  const bad = order({ customer: { name: 'Margarethe Unverkennbar' }, currency: 'QQQ' })
  for (let i = 0; i < 3; i++) assertProblem(await api.post('/v1/events', bad), 422, 'invalid_event')
  const { rows } = await api.db.query<{ row: string; error: string; type: string }>(
    `select row, error, type from quarantine where error::text like '%QQQ%' or error::text like '%/data/currency%'`,
  )
  const mine = rows.filter(r => r.type === 'order.placed')
  assert.ok(mine.length > 0)
  assert.ok(
    rows.every(r => !r.row.includes('Unverkennbar')),
    'personal data is never stored in plain',
  )
})
