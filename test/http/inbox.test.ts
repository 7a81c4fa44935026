import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, isoOf } from '../../src/kernel/instant.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
const NOW = systemClock.now()
const at = (ms: number) => ({ time: isoOf(NOW + ms) })

// Handed over before it was placed: a case at once, due four hours after the order was placed.
const trouble = (no: string, placedAt: number, data: object = {}, source = '/channels/web'): object[] => [
  placed(no, data, { ...at(placedAt), source }),
  event(
    'parcel.handed_over',
    { ref: { orderNo: no, ...(no.startsWith('SF') && { trackingNo: no, carrier: 'sf' }) } },
    { ...at(placedAt - 1000), source },
  ),
]
const TYPE = 'impossible_sequence'
for (let i = 0; i < 6; i++) await api.tell(...trouble(`B-${i}`, -i * HOUR))
await api.tell(
  ...trouble('SF-1', -HOUR, { shipTo: { region: '浙江', country: 'CN' } }),
  ...trouble('SF-2', -2 * HOUR, { shipTo: { region: '浙江', country: 'CN' } }),
  ...trouble('O-1', 0, { currency: 'USD' }, '/channels/app'),
)

const list = async (query: string) =>
  (await api.get<Of<'listCases'>>(`/v1/cases?type=${TYPE}&limit=200&${query}`)).body.items
const idOf = async (no: string) => (await list(`order=${no}`))[0]!.id
const summary = async (query: string) => (await api.get<Of<'summariseCases'>>(`/v1/cases/summary?${query}`)).body

test('a filter in figures: how many, how much, due when, and what its rows are', async () => {
  const s = await summary(`type=${TYPE}&facets=true&zone=Asia/Shanghai`)
  const rows = await list('sort=due')
  assert.deepEqual([s.count, s.exact], [rows.length, true])
  assert.deepEqual(
    s.money.map(m => m.currency),
    ['CNY', 'USD'],
  )
  assert.equal(
    s.money[0]!.minor,
    rows.reduce((sum, c) => sum + (c.amount?.currency === 'CNY' ? c.amount.minor : 0), 0),
  )
  assert.equal(
    s.due.reduce((sum, g) => sum + g.count, 0),
    s.count,
  )
  // The groups follow each other in the order of the list, so that a grid can be cut by their counts.
  let n = 0
  for (const { group, count, from, to } of s.due) {
    for (const row of rows.slice(n, n + count)) {
      assert.ok(from === null || row.dueAt! >= from, group)
      assert.ok(to === null || row.dueAt! < to, group)
    }
    n += count
  }
  const overdue = s.due.find(g => g.group === 'overdue')!
  assert.equal(overdue.count, rows.filter(c => c.dueAt! < s.now).length)
  assert.deepEqual(s.facets?.type, [
    { value: TYPE, label: { zh: '节点时间顺序不可能', en: 'Impossible sequence of events' }, count: rows.length },
  ])
  assert.deepEqual(
    s.facets?.channel.map(f => [f.value, f.count]),
    [
      ['web', 8],
      ['app', 1],
    ],
  )
  assert.deepEqual(
    s.facets?.region.map(f => [f.value, f.count]),
    [
      [null, 7],
      ['浙江', 2],
    ],
  )
  assert.equal((await summary('order=nowhere')).count, 0)
  assertProblem(await api.get('/v1/cases/summary?zone=Moon/Base'), 400, 'invalid_request')
  const narrow = api.as(person('app', { 'case.read': [{ shops: ['app'] }] }))
  assert.equal((await narrow.get<Of<'summariseCases'>>('/v1/cases/summary')).body.count, 1)
})

test('one command on many cases: a result for each, and sent again nothing twice', async () => {
  const ids = await Promise.all(['B-0', 'B-1', 'B-2'].map(idOf))
  const missing = `c-${'0'.repeat(26)}`
  const send = (body: object, key = 'bulk-1') =>
    api.post<Of<'bulkCases'>>('/v1/cases/bulk', body, { 'idempotency-key': key })
  await api.post(`/v1/cases/${ids[2]}/start`, {})
  const asked = { command: 'acknowledge', ids: [...ids, ids[0], missing], with: {} }
  const first = (await send(asked)).body
  assert.deepEqual(
    first.done.map(d => [d.id, d.status]).sort(),
    ids
      .slice(0, 2)
      .map(id => [id, 'acknowledged'])
      .sort(),
  )
  assert.deepEqual(
    first.skipped.map(s => [s.id, s.code]).sort(),
    [
      [missing, 'case_not_found'],
      [ids[2], 'wrong_status'],
    ].sort(),
  )
  assert.match(first.skipped.find(s => s.code === 'wrong_status')!.sentence.zh, /[一-龥]/)
  const again = (await send(asked)).body
  assert.deepEqual(again.done.map(d => d.version).sort(), first.done.map(d => d.version).sort())
  const history = (await api.get<Of<'getCase'>>(`/v1/cases/${ids[0]}`)).body.history
  assert.equal(history.filter(h => h.type === 'case.acknowledged').length, 1)
  const snoozed = (await send({ command: 'snooze', ids, with: { until: isoOf(NOW + DAY) } }, 'bulk-2')).body
  assert.deepEqual([snoozed.done.length, snoozed.skipped], [3, []])
  const closed = (await send({ command: 'close', ids, with: { cause: 'carrier', result: 'x' } }, 'bulk-3')).body
  assert.deepEqual([...new Set(closed.skipped.map(s => s.code))], ['anomaly_still_holds'])
  assertProblem(await send({ command: 'explode', ids }, 'x'), 400, 'invalid_request')
  assertProblem(await send({ command: 'wait', ids, with: { for: 'x' } }, 'x'), 400, 'invalid_request')
  const reader = api.as(person('reader', { 'case.read': 'all' }))
  const refused = (await reader.post<Of<'bulkCases'>>('/v1/cases/bulk', { command: 'start', ids, with: {} })).body
  assert.deepEqual([refused.done, [...new Set(refused.skipped.map(s => s.code))]], [[], ['not_allowed']])
})

test('the timeline mixes people, rules, the system and the outside, page by page', async () => {
  const id = await idOf('B-3')
  const soon = isoOf(NOW + HOUR)
  await api.post(`/v1/cases/${id}/note`, { text: '打电话给承运商' })
  await api.post(`/v1/cases/${id}/wait`, { for: 'party:carrier', until: soon })
  const page = async (query: string) => (await api.get<Of<'caseTimeline'>>(`/v1/cases/${id}/timeline?${query}`)).body
  const all = (await page('')).items
  assert.deepEqual(
    all.map(i => [i.type, i.who, i.own]),
    [
      ['case.waiting', 'person', true],
      ['case.noted', 'person', true],
      ['case.opened', 'rule', true],
      ['finding.raised', 'rule', false],
      ['parcel.handed_over', 'outside', false],
      ['order.placed', 'outside', false],
    ],
  )
  assert.equal(all[1]!.data.text, '打电话给承运商')
  const paged = await page('limit=2')
  const rest = await page(`limit=200&cursor=${paged.next}`)
  assert.deepEqual(
    [...paged.items, ...rest.items].map(i => i.seq),
    all.map(i => i.seq),
  )
  assert.deepEqual(
    (await page('who=person')).items.map(i => i.type),
    ['case.waiting', 'case.noted'],
  )
  assert.deepEqual(
    (await page('who=outside')).items.map(i => i.type),
    ['parcel.handed_over', 'order.placed'],
  )
  assertProblem(await api.get(`/v1/cases/c-${'0'.repeat(26)}/timeline`), 404, 'case_not_found')
})

test('precedent: how cases of the type ended, and the ones most alike', async () => {
  const over = { override: { reason: 'cannot be undone' } }
  const close = async (no: string, cause: string, result: string) =>
    assert.equal((await api.post(`/v1/cases/${await idOf(no)}/close`, { cause, result, ...over })).status, 200)
  await close('SF-2', 'carrier', 'Scan corrected by the carrier')
  await close('B-4', 'data_source', 'Clock of the shop was set')
  const { body } = await api.get<Of<'similarCases'>>(`/v1/cases/${await idOf('SF-1')}/similar`)
  assert.deepEqual(
    [body.count, body.endings.map(e => [e.cause, e.count, e.share])],
    [
      2,
      [
        ['carrier', 1, 0.5],
        ['data_source', 1, 0.5],
      ],
    ],
  )
  const [nearest, next] = body.nearest
  assert.deepEqual(
    [nearest!.case.orderNo, nearest!.result, next!.case.orderNo],
    ['SF-2', 'Scan corrected by the carrier', 'B-4'],
  )
  assert.ok(nearest!.score > next!.score && nearest!.same.includes('carrier') && nearest!.same.includes('region'))
  const other = api.as(person('other', { 'case.read': [{ shops: ['app'] }] }))
  const theirs = (await other.get<Of<'similarCases'>>(`/v1/cases/${await idOf('O-1')}/similar`)).body
  assert.deepEqual([theirs.count, theirs.nearest], [0, []])
})

test('views: one’s own and shared ones, changed by one at a time', async () => {
  const anna = api.as(person('anna', { 'view.save': 'all', 'view.share': 'all' }))
  const ben = api.as(person('ben', { 'view.save': 'all' }))
  const save = (who: typeof anna, body: object) =>
    who.post<Of<'changeView'>>('/v1/views', { page: 'cases', query: { state: 'active' }, ...body })
  const names = async (who: typeof anna, query = '') =>
    (await who.get<Of<'listViews'>>(`/v1/views${query}`)).body.items.map(v => v.name)
  const mine = await save(anna, { name: '今天到期' })
  assert.deepEqual(
    [mine.status, mine.body.mine, mine.body.shared, mine.body.query],
    [201, true, false, { state: 'active' }],
  )
  const shared = (await save(anna, { name: 'Everybody', shared: true })).body
  await save(ben, { name: 'Ben', page: 'orders' })
  assert.deepEqual(
    [await names(anna), await names(ben), await names(ben, '?page=cases')],
    [['今天到期', 'Everybody'], ['Ben', 'Everybody'], ['Everybody']],
  )
  assertProblem(await save(ben, { name: 'x', shared: true }), 403, 'not_allowed')
  assertProblem(await ben.post(`/v1/views/${mine.body.id}`, { version: 1, name: 'stolen' }), 404, 'view_not_found')
  assertProblem(await ben.post(`/v1/views/${shared.id}/remove`, {}), 403, 'not_allowed')
  const renamed = await anna.post<Of<'changeView'>>(`/v1/views/${shared.id}`, {
    version: 1,
    name: 'All',
    place: 0,
    query: { q: 'x' },
  })
  assert.deepEqual([renamed.body.name, renamed.body.version, renamed.body.query], ['All', 2, { q: 'x' }])
  assertProblem(await anna.post(`/v1/views/${shared.id}`, { version: 1, name: 'Late' }), 409, 'view_changed')
  assert.deepEqual(await names(anna), ['All', '今天到期'])
  assert.equal((await anna.post(`/v1/views/${shared.id}/remove`, {})).status, 204)
  assert.deepEqual(await names(ben), ['Ben'])
  for (let i = 0; i < 100; i++)
    await api.db.query(`insert into saved_view values ($1, 'cases', 'user:full', false, 'x', '{}', 1, 1, 0, 0)`, [
      `full-${i}`,
    ])
  assertProblem(await save(api.as(person('full', { 'view.save': 'all' })), { name: 'one more' }), 409, 'too_many_views')
})

test('a list is cut by type or by owner, and read page by page in that order', async () => {
  const [first, second] = await Promise.all(['B-3', 'B-4'].map(idOf))
  await api.post(`/v1/cases/${first}/assign`, { owner: 'user:ben' })
  await api.post(`/v1/cases/${second}/assign`, { owner: 'user:anna' })
  const whole = await list('sort=owner')
  // By owner, nobody's last, as Map.groupBy keeps the order of the list.
  const owners = [...Map.groupBy(whole, c => c.owner)].map(([owner, cases]) => [owner, cases.length])
  const named = owners.flatMap(([owner]) => owner ?? [])
  assert.deepEqual([named, owners.at(-1)?.[0]], [named.toSorted(), null])
  const { groups } = await summary(`type=${TYPE}&group=owner`)
  assert.deepEqual(
    groups?.map(g => [g.value, g.count]),
    owners,
  )
  const read: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = `type=${TYPE}&sort=owner&limit=2${cursor && `&cursor=${cursor}`}`
    const page: Of<'listCases'> = (await api.get<Of<'listCases'>>(`/v1/cases?${query}`)).body
    read.push(...page.items.map(c => c.id))
    cursor = page.next
  }
  assert.deepEqual(
    read,
    whole.map(c => c.id),
  )
  const byType = (await api.get<Of<'listCases'>>('/v1/cases?sort=type&limit=200')).body.items
  assert.deepEqual(
    byType.map(c => c.type),
    byType.map(c => c.type).toSorted(),
  )
  const types = (await summary('group=type')).groups
  assert.equal(
    types?.reduce((sum, g) => sum + g.count, 0),
    byType.length,
  )
  assert.ok(types?.every(g => g.label !== null))
})
