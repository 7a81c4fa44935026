import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Right } from '../../src/contract/rights.ts'
import { followed } from '../support/followed.ts'
import { ADMINISTRATOR, assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
const LI = { id: 'C-17', name: '李小芳', phone: '13812345678', email: 'li.fang@example.com' }
const HOME = {
  name: '李小芳',
  phone: '138 1234 5678',
  line1: '解放路 12 号',
  district: '黄浦区',
  city: '上海',
  country: 'CN',
}
const li = (orderNo: string, more: object = {}) =>
  placed(orderNo, { customer: LI, shipTo: HOME, note: '请放门口', ...more }, { time: '2026-02-01T08:00:00Z' })
const cancelled = (orderNo: string) =>
  event('order.cancelled', { ref: { orderNo }, reason: '打电话 13812345678 取消' }, { time: '2026-02-02T08:00:00Z' })
const HERS = ['李小芳', '13812345678', '138 1234 5678', 'li.fang@example.com', '解放路', '黄浦区', '请放门口']
const idOf = async (no: string) => (await api.get<Of<'listOrders'>>(`/v1/orders?q=${no}`)).body.items[0]!.id
const caughtUp = async () => {
  api.pipeline.projector.poke()
  await followed(api.db)
}
const without = (right: Right, by: string) => {
  const { [right]: _, ...rest } = ADMINISTRATOR.rights
  return api.as(person(by, rest))
}
const trail = async (query: string) => (await api.get<Of<'listAudit'>>(`/v1/audit?source=trail&${query}`)).body.items

await api.tell(li('P-1'), cancelled('P-1'), li('P-2'), placed('P-3', { customer: { phone: '13900000000' } }))
await caughtUp()
const first = await idOf('P-1')

test('lists, details, the ledger and exports show nobody in plain', async () => {
  const paths = ['/v1/orders', `/v1/orders/${first}`, `/v1/orders/${first}/ledger`, '/v1/cases', '/v1/audit']
  for (const path of paths) {
    const text = JSON.stringify((await api.get(path)).body)
    for (const said of HERS) assert.ok(!text.includes(said), `${said} is in ${path}`)
  }
  const [row] = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${first}/ledger`)).body.items
  const { customer, shipTo } = row!.data as { customer: object; shipTo: object }
  assert.deepEqual(customer, { id: 'C-17', name: '李*芳', phone: '138****5678', email: 'l***@example.com' })
  assert.deepEqual(shipTo, {
    ...{ name: '李*芳', phone: '138****5678', line1: '***', district: '***', city: '上海', country: 'CN' },
  })
  const cancel = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${first}/ledger`)).body.items.find(
    f => f.type === 'order.cancelled',
  )
  assert.equal(cancel?.data.reason, '打电话 138****5678 取消')
})

test('who reveals sees what was asked for and no more, and the trail knows it before the answer', async () => {
  const anna = api.as(person('anna'))
  const asked = { fields: ['phone', 'address'], reason: '承运商询问' }
  const answer = await anna.post<Of<'revealOrder'>>(`/v1/orders/${first}/reveal`, asked)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  assert.match(String(answer.headers['cache-control']), /no-store/)
  const { name: _, ...home } = HOME
  assert.deepEqual(answer.body.customer, { phone: LI.phone })
  assert.deepEqual(answer.body.shipTo, home)
  assert.deepEqual(answer.body.notes, [])
  const whole = await anna.post<Of<'revealOrder'>>(`/v1/orders/${first}/reveal`, {
    ...{ fields: ['name', 'phone', 'email', 'note'], rows: [1, 99], reason: 'check' },
  })
  assert.deepEqual(whole.body.customer, { name: LI.name, phone: LI.phone, email: LI.email })
  assert.deepEqual(whole.body.notes, [{ seq: 1, text: '请放门口' }])
  assert.deepEqual(
    whole.body.rows.map(r => [r.seq, r.fields['customer.id'], r.fields['shipTo.line1']]),
    [[1, 'C-17', '解放路 12 号']],
  )
  const told = await trail('actor=user:anna&verb=order.reveal')
  assert.deepEqual(
    told.map(e => [e.subject?.id, e.outcome, e.after?.reason]),
    [
      [first, 'done', 'check'],
      [first, 'done', '承运商询问'],
    ],
  )
  for (const said of HERS) assert.ok(!JSON.stringify(told).includes(said))
})

test('without the right, without a reason, or of an order that one may not see, nothing is revealed', async () => {
  const path = `/v1/orders/${first}/reveal`
  assertProblem(await api.post(path, { fields: ['phone'] }), 400, 'invalid_request')
  assertProblem(await api.post(path, { fields: [], reason: 'why' }), 400, 'invalid_request')
  assertProblem(await api.post(path, { fields: ['shoe size'], reason: 'why' }), 400, 'invalid_request')
  const body = { fields: ['phone'], reason: 'why' }
  assertProblem(await without('personal.reveal', 'eve').post(path, body), 403, 'not_allowed')
  const shop = (right: Right, shops: readonly string[]) => ({ ...ADMINISTRATOR.rights, [right]: [{ shops }] })
  const other = api.as(person('other', shop('order.read', ['elsewhere'])))
  assertProblem(await other.post(path, body), 404, 'order_not_found')
  const narrow = api.as(person('narrow', shop('personal.reveal', ['elsewhere'])))
  assertProblem(await narrow.post(path, body), 403, 'not_allowed')
  await api.audit.flushRefusals(true)
  assert.deepEqual((await trail('verb=order.reveal&outcome=refused')).map(e => e.actor).sort(), [
    ...['user:eve', 'user:narrow', 'user:other'],
  ])
})

test('everything of one person is exported in plain, and only of that person', async () => {
  await api.post('/v1/events', event('parcel.delivered', { ref: { orderNo: 'P-99' }, signedBy: LI.phone }))
  const body = { person: { phone: '+86 138-1234-5678' }, reason: 'request of 2026-11-21' }
  const answer = await api.as(person('dora')).post<Record<string, object[]>>('/v1/personal/export', body)
  assert.equal(answer.status, 200)
  assert.match(String(answer.headers['content-disposition']), /attachment/)
  const document = answer.body as { orders: { orderNo: string; facts: object[] }[]; messagesWithoutOrder: object[] }
  assert.deepEqual(document.orders.map(o => o.orderNo).sort(), ['P-1', 'P-2'])
  assert.equal(document.messagesWithoutOrder.length, 1)
  const text = JSON.stringify(document)
  for (const said of HERS) assert.ok(text.includes(said), said)
  assert.ok(!text.includes('13900000000'))
  const [told] = await trail('verb=personal.export')
  assert.deepEqual([told?.actor, told?.after], ['user:dora', { namedBy: ['phone'], reason: 'request of 2026-11-21' }])
  for (const said of HERS) assert.ok(!JSON.stringify(await trail('actor=user:dora')).includes(said))
  const none = await api.post<{ orders: object[] }>('/v1/personal/export', {
    person: { mail: 'x@y.zz' },
    reason: 'why',
  })
  assert.deepEqual(none.body.orders, [])
  assertProblem(await api.post('/v1/personal/export', { person: {}, reason: 'why' }), 400, 'invalid_request')
  assertProblem(await api.post('/v1/personal/export', { person: { name: 'x' }, reason: 'why' }), 400, 'invalid_request')
  assertProblem(await without('personal.export', 'eve').post('/v1/personal/export', body), 403, 'not_allowed')
})

test('an erasure is looked at first, done once it is asked for, and stands in the register without the person', async () => {
  const given = { person: { mail: ' LI.FANG@example.com ' } }
  const preview = (await api.post<Of<'previewErasure'>>('/v1/erasures/preview', given)).body
  assert.deepEqual([preview.orders, preview.open], [2, 1])
  assert.deepEqual(preview.first.map(o => o.orderNo).sort(), ['P-1', 'P-2'])
  for (const { id, orderNo } of preview.first) assert.equal(await idOf(orderNo ?? ''), id)
  const dora = api.as(person('dora'))
  const asked = { person: { phone: LI.phone, mail: LI.email }, reason: 'request of 2026-11-21' }
  assertProblem(await without('personal.erase', 'eve').post('/v1/erasures', asked), 403, 'not_allowed')
  const done = await dora.post<Of<'erasePerson'>>('/v1/erasures', asked)
  assert.equal(done.status, 200, JSON.stringify(done.body))
  assert.deepEqual(
    [done.body.status, done.body.erased, done.body.waiting, done.body.known, done.body.actor],
    ['waiting', 2, 1, 2, 'user:dora'],
  )
  await api.pipeline.drained()
  const detail = (await api.get<Of<'getOrder'>>(`/v1/orders/${first}`)).body
  assert.deepEqual([detail.customer.masked, detail.customer.id], [null, null])
  assert.ok(detail.erasedAt !== null)
  const revealed = await api.post<Of<'revealOrder'>>(`/v1/orders/${first}/reveal`, {
    ...{ fields: ['name', 'phone', 'email', 'address', 'note'], rows: [1], reason: 'is it gone?' },
  })
  assert.deepEqual(revealed.body.customer, {})
  assert.deepEqual(revealed.body.shipTo, { city: '上海', country: 'CN' })
  assert.ok(revealed.body.erasedAt !== null && revealed.body.rows[0]!.fields)
  for (const said of HERS) assert.ok(!JSON.stringify(revealed.body).includes(said))
  const listed = (await api.get<Of<'listOrders'>>('/v1/orders')).body.items.find(o => o.id === first)
  assert.deepEqual([listed?.customer, listed?.erased], [null, true])
  assert.equal(
    (await api.get<Of<'listOrders'>>(`/v1/orders?customer=${LI.phone}`)).body.items.length,
    1,
    'the open one',
  )
  const register = (await api.get<Of<'listErasures'>>('/v1/erasures')).body.items
  assert.deepEqual(
    register.map(e => e.id),
    [done.body.id],
  )
  const { rows } = await api.db.query('select * from erasure')
  for (const said of HERS) assert.ok(!JSON.stringify(rows).includes(said))
  const [told] = await trail('verb=person.erase&outcome=done')
  assert.deepEqual(
    [told?.subject?.id, told?.after],
    [done.body.id, { namedBy: ['phone', 'mail'], reason: 'request of 2026-11-21' }],
  )
})

test('the open order follows when it has ended, without anybody asking again; what comes later is another story', async () => {
  await api.tell(cancelled('P-2'), li('P-4', {}), cancelled('P-4'))
  // Placed after the request.
  await api.tell(placed('P-5', { customer: LI }, { time: '2026-12-31T08:00:00Z' }))
  await caughtUp()
  assert.equal(await api.erasures.reapply(), 2, 'P-2, and P-4, which an import brought back')
  assert.equal(await api.erasures.reapply(), 0)
  const [entry] = (await api.get<Of<'listErasures'>>('/v1/erasures')).body.items
  assert.deepEqual([entry?.status, entry?.waiting, entry?.erased], ['done', 0, 4])
  const left = (await api.get<Of<'listOrders'>>(`/v1/orders?customer=${LI.phone}`)).body.items
  assert.deepEqual(
    left.map(o => o.orderNo),
    ['P-5'],
  )
  assert.equal((await trail('verb=person.erase_again')).length, 1)
  assertProblem(await api.get('/v1/erasures/none'), 404, 'erasure_not_found')
})

test('for how long data is kept is a table that one may change within its bounds, and the trail knows both sides', async () => {
  const { items } = (await api.get<Of<'listRetention'>>('/v1/retention')).body
  assert.ok(items.length >= 8 && items.every(i => i.name.zh !== '' && i.about.en !== ''))
  assert.equal(items.find(i => i.kind === 'personal')?.days, 1095)
  const clara = api.as(person('clara'))
  const changed = await clara.post<Of<'changeRetention'>>('/v1/retention/personal', { days: 400, reason: 'policy 7' })
  assert.deepEqual([changed.body.days, changed.body.changedBy], [400, 'user:clara'])
  const [told] = await trail('verb=retention.change')
  assert.deepEqual(told?.changes, [
    { path: 'days', before: 1095, after: 400 },
    { path: 'reason', before: null, after: 'policy 7' },
  ])
  for (const [kind, days] of [
    ['personal', 29],
    ['quarantine', null],
    ['sent', 0],
    ['audit', 179],
  ] as const)
    assert.ok([400, 422].includes((await clara.post(`/v1/retention/${kind}`, { days })).status), `${kind} ${days}`)
  assertProblem(await clara.post('/v1/retention/quarantine', { days: null }), 422, 'retention_out_of_range')
  assertProblem(await without('config.manage', 'eve').post('/v1/retention/sent', { days: 9 }), 403, 'not_allowed')
})
