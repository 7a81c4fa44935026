import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scope } from '../../src/contract/principal.ts'
import { RIGHT_IDS } from '../../src/contract/rights.ts'
import { type Api, assertProblem, event, type Of, openApi, person, placed } from './api.ts'

// Two shops. Every order is handed over before it was placed, so that each has a case and findings at once.
const api = await openApi()
const orders = [
  ['a', 'A-1', 'w1'],
  ['a', 'A-2', 'w2'],
  ['b', 'B-1', 'w1'],
  ['b', 'B-2', undefined],
] as const
for (const [shop, no, warehouse] of orders) {
  const source = `/channels/${shop}`
  await api.tell(
    placed(no, { customer: { name: '王小明' }, shipTo: { city: '上海' } }, { source, time: '2026-02-02T08:00:00Z' }),
    event(
      'parcel.handed_over',
      { ref: { orderNo: no, trackingNo: `T-${no}` } },
      { source, time: '2026-02-01T08:00:00Z' },
    ),
    ...(warehouse ? [event('order.allocated', { ref: { orderNo: no }, warehouse }, { source })] : []),
  )
  await api.post('/v1/events', event('order.approved', { ref: { orderNo: `late-${no}` } }, { source }))
  await api.post('/v1/events', event('order.placed', { ref: { orderNo: 7 } }, { source }))
}

const narrowed = (...scopes: readonly Scope[]): Api =>
  api.as(person(JSON.stringify(scopes), Object.fromEntries(RIGHT_IDS.map(right => [right, scopes] as const))))

const ordersOf = async (who: Api, query = ''): Promise<string[]> =>
  (await who.get<Of<'listOrders'>>(`/v1/orders?${query}`)).body.items.map(o => o.orderNo).sort()
const casesOf = async (who: Api, query = ''): Promise<(string | null)[]> =>
  [...new Set((await who.get<Of<'listCases'>>(`/v1/cases?${query}`)).body.items.map(c => c.orderNo))].sort()
const idOf = async (no: string): Promise<string> =>
  (await api.get<Of<'listOrders'>>(`/v1/orders?q=${no}`)).body.items[0]!.id
const caseOf = async (no: string) => (await api.get<Of<'listCases'>>(`/v1/cases?order=${no}`)).body.items[0]!

const shopA = narrowed({ shops: ['a'] })

test('lists, searches, filters and counts show what is within reach, whatever is asked for', async () => {
  assert.deepEqual(await ordersOf(shopA), ['A-1', 'A-2'])
  assert.deepEqual(await casesOf(shopA), ['A-1', 'A-2'])
  for (const query of ['channel=b', 'q=B-1', 'q=b/B-1', 'q=T-B-1'])
    assert.deepEqual(await ordersOf(shopA, query), [], query)
  for (const query of ['customer=王小明', 'q=上海', 'openCases=true', 'channel=a,b']) {
    const page = (await shopA.get<Of<'listOrders'>>(`/v1/orders?${encodeURI(query)}`)).body
    assert.equal(page.total?.count, page.items.length, query)
    assert.ok(
      page.items.every(o => o.channel === 'a'),
      query,
    )
  }
  assert.deepEqual(await casesOf(shopA, 'channel=b'), [])
  assert.deepEqual(await casesOf(shopA, 'order=B-1'), [])
  assert.deepEqual(await casesOf(shopA, `order=${await idOf('B-1')}`), [])
  const all = (await api.get<Of<'listCases'>>('/v1/cases')).body.total!.count
  assert.equal((await shopA.get<Of<'listCases'>>('/v1/cases')).body.total?.count, all / 2)
  const found = (await shopA.get<Of<'listFindings'>>('/v1/findings?limit=200')).body
  const streams = [await idOf('A-1'), await idOf('A-2')].sort()
  assert.deepEqual([...new Set(found.items.map(f => f.stream))].sort(), streams)
  assert.equal(found.total?.count, found.items.length)
  assert.equal((await shopA.get<Of<'listFindings'>>(`/v1/findings?order=${await idOf('B-1')}`)).body.total?.count, 0)
})

test('pages go on within reach: a cursor of somebody who sees more shows no more', async () => {
  const first = (await api.get<Of<'listOrders'>>('/v1/orders?limit=1')).body
  const rest = (await shopA.get<Of<'listOrders'>>(`/v1/orders?cursor=${first.next}`)).body
  assert.ok(rest.items.every(o => o.channel === 'a'))
})

test('what is beyond reach is answered as if it were not there, to be read and to be acted on', async () => {
  const order = await idOf('B-1')
  const { id, stream } = await caseOf('B-1')
  const none = 'o-00000000000000000000000000'
  for (const path of ['', '/ledger']) {
    const beyond = assertProblem(await shopA.get(`/v1/orders/${order}${path}`), 404, 'order_not_found')
    const absent = assertProblem(await shopA.get(`/v1/orders/${none}${path}`), 404, 'order_not_found')
    assert.equal(beyond.detail.replace(order, ''), absent.detail.replace(none, ''), 'nothing tells them apart')
    assert.equal((await shopA.get(`/v1/orders/${await idOf('A-1')}${path}`)).status, 200)
  }
  assertProblem(await shopA.get(`/v1/orders/${order}?at=2026-03-01T00:00:00Z`), 404, 'order_not_found')
  assertProblem(await shopA.get(`/v1/cases/${id}`), 404, 'case_not_found')
  assertProblem(await shopA.post(`/v1/orders/${order}/notes`, { text: 'x' }), 404, 'order_not_found')
  for (const [verb, body] of [
    ['acknowledge', {}],
    ['assign', { owner: 'user:eve' }],
    ['start', {}],
    ['note', { text: 'x' }],
    ['severity', { severity: 'P3', reason: 'x' }],
    ['resolve', {}],
    ['close', { cause: 'other', result: 'x' }],
    ['reopen', { reason: 'x' }],
  ] as const)
    assertProblem(await shopA.post(`/v1/cases/${id}/${verb}`, body), 404, 'case_not_found')
  const done = await api.post<Of<'noteOrder'>>(`/v1/orders/${order}/notes`, { text: 'ours' })
  assert.equal((await api.get(`/v1/commands/${stream}/${done.body.id}`)).status, 200)
  assertProblem(await shopA.get(`/v1/commands/${stream}/${done.body.id}`), 404, 'command_not_found')
})

test('an ETag of somebody else does not tell that an order is there', async () => {
  const order = await idOf('B-1')
  const etag = String((await api.get(`/v1/orders/${order}`)).headers.etag)
  assertProblem(await shopA.get(`/v1/orders/${order}`, { 'if-none-match': etag }), 404, 'order_not_found')
})

test('events: only of shops within reach, and named by their order number', async () => {
  const send = (data: object, source: string) => shopA.post('/v1/events', event('order.approved', data, { source }))
  assert.equal((await send({ ref: { orderNo: 'A-1' } }, '/channels/a')).status, 202)
  for (const [data, source] of [
    [{ ref: { orderNo: 'B-1' } }, '/channels/b'],
    [{ ref: { orderNo: 'B-1', channel: 'b' } }, '/channels/a'],
    [{ ref: { trackingNo: 'T-B-1' } }, '/channels/a'],
  ] as const)
    assertProblem(await send(data, source), 403, 'not_allowed')
})

test('quarantine and what waits: by the shop of the order, else by the feed', async () => {
  const waiting = (await shopA.get<Of<'listUnmatched'>>('/v1/unmatched')).body
  assert.deepEqual([...new Set(waiting.items.map(m => m.feed))], ['a'])
  assert.equal(waiting.total?.count, waiting.items.length)
  const kept = (await shopA.get<Of<'listQuarantine'>>('/v1/quarantine')).body
  assert.deepEqual([...new Set(kept.items.map(q => q.source))], ['/channels/a'])
  assert.equal(kept.total?.count, kept.items.length)
  const other = (await api.get<Of<'listQuarantine'>>('/v1/quarantine')).body.items.find(
    q => q.source === '/channels/b',
  )!
  assertProblem(await shopA.post(`/v1/quarantine/${other.id}/replay`, {}), 404, 'quarantine_not_found')
})

test('warehouses: whoever works for one sees the orders that name it, and their cases', async () => {
  const w1 = narrowed({ warehouses: ['w1'] })
  assert.deepEqual(await ordersOf(w1), ['A-1', 'B-1'])
  assert.deepEqual(await casesOf(w1), ['A-1', 'B-1'])
  assert.deepEqual(await ordersOf(narrowed({ shops: ['a'], warehouses: ['w1'] })), ['A-1'])
  assert.deepEqual(await ordersOf(narrowed({ shops: ['a'], warehouses: ['w1'] }, { shops: ['b'] })), [
    'A-1',
    'B-1',
    'B-2',
  ])
  assertProblem(await w1.get(`/v1/orders/${await idOf('B-2')}`), 404, 'order_not_found')
  assert.deepEqual((await w1.get<Of<'listUnmatched'>>('/v1/unmatched')).body.items, [])
})

test('own: only the cases of these owners; an order shows only those', async () => {
  const { id, stream } = await caseOf('A-1')
  await api.post(`/v1/cases/${id}/assign`, { owner: 'team:logistics' })
  const team = narrowed({ owners: ['user:anna', 'team:logistics'] })
  assert.deepEqual(await casesOf(team), ['A-1'])
  assert.equal((await team.get(`/v1/cases/${id}`)).status, 200)
  assertProblem(await team.get(`/v1/cases/${(await caseOf('A-2')).id}`), 404, 'case_not_found')
  assert.deepEqual(await ordersOf(team), [], 'an order has no owner')
  const mixed = api.as(
    person('mixed', { 'order.read': 'all', 'case.read': [{ owners: ['user:anna'] }], 'case.work': 'all' }),
  )
  assert.deepEqual((await mixed.get<Of<'getOrder'>>(`/v1/orders/${stream}`)).body.cases, [])
})

test('seeing a case does not mean acting on it', async () => {
  const { id } = await caseOf('A-2')
  const half = api.as(person('half', { 'case.read': 'all', 'case.work': [{ shops: ['b'] }], 'case.close': [] }))
  assertProblem(await half.post(`/v1/cases/${id}/acknowledge`, {}), 403, 'not_allowed')
  assertProblem(await half.post(`/v1/cases/${id}/close`, {}), 403, 'not_allowed')
})

test('a right without any scope reaches nothing', async () => {
  assertProblem(await narrowed().get('/v1/orders'), 403, 'not_allowed')
})
