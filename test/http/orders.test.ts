import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../pipeline/world.ts'
import { assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()

const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T08:00:00Z`
const NUMBERS = Array.from({ length: 12 }, (_, i) => `A-${String(i + 1).padStart(3, '0')}`)

await api.tell(
  ...NUMBERS.map((no, i) =>
    placed(
      no,
      {
        paymentMethod: i % 2 === 0 ? 'card' : 'slip',
        customer: { id: `C-${i % 3}`, name: i === 0 ? '欧阳小芳' : 'Ana Silva', phone: `1380000${1000 + i}` },
        shipTo: { city: i < 6 ? '上海' : 'Lyon', region: i < 6 ? 'SH' : 'ARA', country: i < 6 ? 'CN' : 'FR' },
        promise: { grain: 'day', to: `2026-11-${20 + (i % 5)}`, zone: 'Asia/Shanghai' },
      },
      { time: at(i + 1), source: i < 4 ? '/channels/web' : '/channels/store' },
    ),
  ),
)
await api.tell(
  event(
    'payment.received',
    { ref: { orderNo: 'A-001', paymentId: 'PAY-9' }, amount: 9800, currency: 'CNY', method: 'card' },
    { time: at(2) },
  ),
  event('parcel.handed_over', { ref: { orderNo: 'A-001', trackingNo: 'sf 123 456', carrier: 'SF' } }, { time: at(5) }),
)

const list = async (query: string): Promise<Of<'listOrders'>> => {
  const answer = await api.get<Of<'listOrders'>>(`/v1/orders?${query}`)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}
const numbers = async (query: string): Promise<string[]> => (await list(query)).items.map(o => o.orderNo).sort()
const idOf = async (no: string): Promise<string> => (await list(`q=${no}`)).items[0]!.id

test('the list is paged by cursor, the newest first, without a gap or a repeat', async () => {
  const seen: string[] = []
  let next = ''
  do {
    const page = await list(`limit=5${next && `&cursor=${next}`}`)
    assert.equal(page.total?.count, next === '' ? 12 : undefined, 'counted once')
    seen.push(...page.items.map(o => o.orderNo))
    next = page.next ?? ''
  } while (next !== '')
  assert.deepEqual(seen, [...NUMBERS].reverse())
})

test('orders placed at one instant are not lost between pages', async () => {
  await api.tell(
    ...Array.from({ length: 7 }, (_, i) => placed(`S-${i}`, {}, { time: at(15), source: '/channels/same' })),
  )
  const first = await list('channel=same&limit=4')
  const second = await list(`channel=same&limit=4&cursor=${first.next}`)
  const all = [...first.items, ...second.items].map(o => o.orderNo)
  assert.deepEqual([all.length, new Set(all).size, second.next], [7, 7, null])
})

test('each filter keeps what it names', async () => {
  assert.deepEqual(await numbers('channel=web'), NUMBERS.slice(0, 4))
  assert.deepEqual(await numbers('status=handed_over'), ['A-001'])
  assert.deepEqual((await numbers('status=placed,handed_over&channel=web,store')).length, 12)
  assert.deepEqual(await numbers(`placedFrom=${at(3)}&placedTo=${at(5)}`), ['A-003', 'A-004'])
  assert.deepEqual(await numbers('region=ARA'), NUMBERS.slice(6))
  assert.deepEqual(await numbers('paymentMethod=slip&channel=web'), ['A-002', 'A-004'])
  assert.deepEqual(await numbers('promiseBefore=2026-11-21T16:00:00Z&channel=web'), ['A-001'])
  assert.deepEqual(await numbers('severity=P0'), [])
  const troubled = await numbers('openCases=true')
  const calm = await numbers('openCases=false')
  assert.equal(troubled.length + calm.length, (await list('limit=1')).total?.count)
})

test('q finds any number, in any spelling of a tracking number', async () => {
  for (const q of ['A-001', 'PAY-9', 'SF123456', 'sf 123 456', 'web/A-001'])
    assert.deepEqual(await numbers(`q=${encodeURIComponent(q)}`), ['A-001'], q)
  assert.deepEqual(await numbers('q=A-999'), [])
})

test('q finds Chinese and Latin places, customers only by a whole datum', async () => {
  await followed()
  assert.deepEqual(await numbers(`q=${encodeURIComponent('上海')}`), NUMBERS.slice(0, 6))
  assert.deepEqual(await numbers('q=lyon'), NUMBERS.slice(6))
  assert.deepEqual(await numbers(`customer=${encodeURIComponent('欧阳小芳')}`), ['A-001'])
  assert.deepEqual(await numbers(`q=${encodeURIComponent('欧阳小芳')}`), ['A-001'])
  assert.deepEqual(await numbers(`customer=${encodeURIComponent('欧阳')}`), [], 'half a name is no token')
  assert.deepEqual(await numbers('customer=13800001003'), ['A-004'])
  assert.deepEqual(await numbers('customer=C-1&channel=web'), ['A-002'])
})

/** Search is written by the follower; it is poked after each step. */
async function followed(): Promise<void> {
  await until(async () => (await api.count('search_row')) >= (await api.count('order_row')))
}

test('what the query cannot be is refused by name', async () => {
  for (const [query, pointer] of [
    ['limit=0', '/query/limit'],
    ['limit=201', '/query/limit'],
    ['status=lost', '/query/status/0'],
    ['placedFrom=yesterday', '/query/placedFrom'],
    ['openCases=maybe', '/query/openCases'],
    ['colour=red', '/query/colour'],
  ] as const) {
    const problem = assertProblem(await api.get(`/v1/orders?${query}`), 400, 'invalid_request')
    assert.equal(problem.errors?.[0]?.pointer, pointer)
    if (query === 'status=lost') assert.match(problem.detail, /use one of placed, approved/)
  }
  for (const cursor of ['nonsense', 'e30', Buffer.from('[1]').toString('base64url')])
    assertProblem(await api.get(`/v1/orders?cursor=${cursor}`), 400, 'invalid_cursor')
})

test('one order: nodes, lines, payments, parcels, promise; masked; ETag', async () => {
  const id = await idOf('A-001')
  const { status, body, headers } = await api.get<Of<'getOrder'>>(`/v1/orders/${id}`)
  assert.equal(status, 200)
  assert.deepEqual(body.nodes, {
    placed: '2026-11-01T08:00:00.000Z',
    paid: '2026-11-02T08:00:00.000Z',
    handedOver: '2026-11-05T08:00:00.000Z',
  })
  assert.deepEqual(body.lines, [{ sku: 'TEA-01', qty: 2, price: 4900 }])
  assert.deepEqual(body.totals.paid, { minor: 9800, currency: 'CNY' })
  assert.equal(body.parcels[0]!.trackingNo, 'SF123456')
  assert.deepEqual(body.promise, {
    grain: 'day',
    to: '2026-11-20',
    zone: 'Asia/Shanghai',
    endsAt: '2026-11-20T16:00:00.000Z',
  })
  assert.equal(body.customer.masked, '欧**芳')
  assert.equal((await api.get(`/v1/orders/${id}`, { 'if-none-match': String(headers.etag) })).status, 304)
  assert.equal((await api.get(`/v1/orders/${id}`, { 'if-none-match': '"0"' })).status, 200)
})

test('as it was, and as it was known', async () => {
  const id = await idOf('A-001')
  const was = (await api.get<Of<'getOrder'>>(`/v1/orders/${id}?at=${at(3)}`)).body
  assert.deepEqual([was.status, Object.keys(was.nodes), was.parcels], ['placed', ['placed', 'paid'], []])
  // All of it came today: nobody knew it on the third.
  assertProblem(await api.get<Of<'getOrder'>>(`/v1/orders/${id}?at=${at(3)}&by=known`), 404, 'order_not_found')
  const later = await api.get<Of<'getOrder'>>(`/v1/orders/${id}?at=2199-01-01T00:00:00Z&by=known`)
  assert.equal(later.body.status, 'handed_over')
  assertProblem(await api.get<Of<'getOrder'>>(`/v1/orders/${id}?at=soon`), 400, 'invalid_request')
})

test('the ledger is paged, cut at an instant, and masks what is personal', async () => {
  const id = await idOf('A-001')
  const whole = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${id}/ledger?limit=200`)).body
  const types = whole.items.map(f => f.type)
  assert.deepEqual(
    types.filter(t => !/^(finding|case)\./.test(t)),
    ['order.placed', 'payment.received', 'parcel.handed_over'],
  )
  assert.equal(whole.total?.count, types.length)
  assert.deepEqual(whole.items[0]!.data.customer, { id: 'C-0', name: '欧**芳', phone: '138****1000' })
  assert.ok(!JSON.stringify(whole).includes('13800001000'))
  const first = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${id}/ledger?limit=1`)).body
  const second = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${id}/ledger?limit=1&cursor=${first.next}`)).body
  assert.deepEqual([first.items[0]?.seq, second.items[0]?.seq], [1, 2])
  const early = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${id}/ledger?at=${at(2)}`)).body
  assert.deepEqual(
    early.items.map(f => f.type),
    ['order.placed', 'payment.received'],
  )
})

test('an order that is not there', async () => {
  const none = `o-${'0'.repeat(26)}`
  assertProblem(await api.get(`/v1/orders/${none}`), 404, 'order_not_found')
  assertProblem(await api.get(`/v1/orders/${none}/ledger`), 404, 'order_not_found')
  assertProblem(await api.post(`/v1/orders/${none}/notes`, { text: 'hello' }), 404, 'order_not_found')
  assertProblem(await api.get('/v1/orders/A-001'), 400, 'invalid_request')
  assertProblem(await api.get(`/v1/orders/f-${'0'.repeat(26)}`), 400, 'invalid_request')
})

test('a note: carried out, written down with who wrote it, masked in the ledger', async () => {
  const id = await idOf('A-002')
  const done = await api.as(person('anna')).post<Of<'noteOrder'>>(`/v1/orders/${id}/notes`, { text: '请加急' })
  assert.equal(done.status, 200)
  const ledger = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${id}/ledger?limit=200`)).body
  const note = ledger.items.find(f => f.type === 'order.note_added')!
  assert.deepEqual([note.actor, note.data.text, note.seq], ['user:anna', '***', done.body.version])
  assertProblem(await api.post(`/v1/orders/${id}/notes`, { text: '  ' }), 400, 'invalid_request')
  assertProblem(
    await api.post(`/v1/orders/${id}/notes`, { text: 'x' }, { 'x-andon-actor': 'no actor' }),
    400,
    'invalid_request',
  )
})

test('wait answers with the outcome; an event whose order is unknown waits, and is matched when it comes', async () => {
  const answer = await api.post<Of<'sendEvents'>>('/v1/events?wait=5000', placed('W-1'))
  assert.equal(answer.status, 200)
  assert.equal(answer.body.results[0]!.outcome?.status, 200)
  const early = event('order.approved', { ref: { orderNo: 'W-2' } })
  const waits = await api.post<Of<'sendEvents'>>('/v1/events?wait=10', early)
  assert.deepEqual([waits.status, waits.body.unmatched, waits.body.results[0]!.status], [200, 1, 'unmatched'])
  const unmatched = (await api.get<Of<'listUnmatched'>>('/v1/unmatched')).body
  assert.deepEqual(
    unmatched.items.map(m => [m.type, m.keys[0]!.value]),
    [['order.approved', 'web/W-2']],
  )
  await api.tell(placed('W-2'))
  const order = (await list('q=W-2')).items[0]!
  assert.equal(order.status, 'approved')
  assert.equal((await api.get<Of<'listUnmatched'>>('/v1/unmatched')).body.total?.count, 0)
  assertProblem(await api.post<Of<'sendEvents'>>('/v1/events?wait=10001', early), 400, 'invalid_request')
})
