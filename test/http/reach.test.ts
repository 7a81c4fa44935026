import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scope } from '../../src/contract/principal.ts'
import { RIGHT_IDS, RIGHTS } from '../../src/contract/rights.ts'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { DAY, HOUR, isoOf } from '../../src/kernel/instant.ts'
import { followed } from '../support/followed.ts'
import { type Answer, type Api, assertProblem, event, type Of, openApi, person, placed } from './api.ts'

/** Figures, precedent, timelines, the past, jobs and views: what is made of orders reaches no further than the orders. */
const api = await openApi({ core: true })
const now = Date.now()
const ORDERS = [
  ['a', 'A-1', 'w1'],
  ['a', 'A-2', 'w2'],
  ['b', 'B-1', 'w1'],
  ['b', 'B-2', 'w2'],
  ['b', 'B-3', 'w2'],
] as const
for (const [shop, no, warehouse] of ORDERS) {
  const of = (type: string, hours: number, data: object = {}) =>
    event(type, { ref: { orderNo: no }, ...data }, { source: `/channels/${shop}`, time: isoOf(now - hours * HOUR) })
  await api.tell(
    placed(no, {}, { source: `/channels/${shop}`, time: isoOf(now - 2 * HOUR) }),
    of('order.allocated', 1.9, { warehouse }),
    // Handed over before it was placed: a case at once.
    of('parcel.handed_over', 3),
  )
}
api.pipeline.projector.poke()
await followed(api.db)

/** As an assignment that is narrowed gives it: what is about the whole installation is not in it. */
const narrowed = (...scopes: readonly Scope[]): Api => {
  const rights = RIGHT_IDS.filter(right => RIGHTS[right].about !== 'whole').map(right => [right, scopes] as const)
  return api.as(person(JSON.stringify(scopes), Object.fromEntries(rights)))
}
const shopA = narrowed({ shops: ['a'] })
const OF_HISTORY = ['never_fired', 'always_fires']
const cases = (await api.get<Of<'listCases'>>('/v1/cases?limit=200')).body.items
const caseOf = (no: string) => cases.find(c => c.orderNo === no)!
const summaryOf = async (who: Api) => (await who.get<Of<'summariseCases'>>('/v1/cases/summary?facets=true')).body
const cockpitOf = async (who: Api) => (await who.get<Of<'getCockpit'>>('/v1/cockpit?range=7d')).body

test('counts of the inbox are those of one’s own cases', async () => {
  const of = (shop: string): number => cases.filter(c => c.channel === shop).length
  assert.ok(of('a') > 0 && of('b') > of('a'))
  const mine = await summaryOf(shopA)
  assert.equal(mine.count, of('a'))
  assert.deepEqual(
    mine.facets?.channel.map(f => f.value),
    ['a'],
  )
  assert.equal((await summaryOf(api)).count, cases.length)
  assert.equal((await summaryOf(narrowed({ shops: ['nowhere'] }))).count, 0)
})

test('the cockpit counts, sums and lists one’s own shops; who is narrowed otherwise gets no totals', async () => {
  const all = await cockpitOf(api)
  const mine = await cockpitOf(shopA)
  assert.equal(all.kpis?.touchless.of, ORDERS.length)
  assert.equal(mine.kpis?.touchless.of, 2)
  assert.equal(mine.kpis?.open.count, cases.filter(c => c.channel === 'a').length)
  const text = JSON.stringify(mine)
  for (const no of ['B-1', 'B-2', 'B-3']) assert.ok(!text.includes(no), no)
  assert.ok(JSON.stringify(all).includes('B-1'))
  const asked = await shopA.get<Of<'getCockpit'>>('/v1/cockpit?range=7d&channel=b')
  assert.equal(asked.body.kpis?.touchless.of, 0)
  const w1 = await cockpitOf(narrowed({ warehouses: ['w1'] }))
  assert.deepEqual([w1.limited, w1.kpis, w1.flow, w1.pareto], [true, null, null, null])
  assert.equal(mine.limited, false)
})

test('the figures about orders are for who sees the orders, and not for who sees cases only', async () => {
  const supplier = api.as(person('supplier', { 'case.read': 'all' }))
  const { limited, kpis, stages, facts } = await cockpitOf(supplier)
  assert.deepEqual([limited, kpis, stages, facts], [true, null, null, []])
  const half = api.as(person('half', { 'case.read': 'all', 'order.read': [{ shops: ['a'] }] }))
  assert.equal((await cockpitOf(half)).kpis?.touchless.of, 2)
})

test('precedent is found among one’s own cases, by shop and by warehouse', async () => {
  const ended = await Promise.all(
    ['A-2', 'B-1', 'B-2'].map(async no => {
      const { id } = caseOf(no)
      for (const [verb, body] of [
        ['acknowledge', {}],
        ['start', {}],
        ['resolve', { note: `done for ${no}` }],
        ['close', { cause: 'carrier', result: `closed ${no}`, override: { reason: 'a test' } }],
      ] as const)
        await api.post(`/v1/cases/${id}/${verb}`, body)
      return (await api.get<Of<'getCase'>>(`/v1/cases/${id}`)).body.status
    }),
  )
  assert.deepEqual(new Set(ended), new Set(['closed']))
  const near = async (who: Api, no: string) => {
    const { body } = await who.get<Of<'similarCases'>>(`/v1/cases/${caseOf(no).id}/similar`)
    return { count: body.count, orders: body.nearest.map(n => n.case.orderNo).sort() }
  }
  assert.deepEqual(await near(api, 'A-1'), { count: 3, orders: ['A-2', 'B-1', 'B-2'] })
  assert.deepEqual(await near(shopA, 'A-1'), { count: 1, orders: ['A-2'] })
  assert.deepEqual(await near(narrowed({ warehouses: ['w2'] }), 'B-3'), { count: 2, orders: ['A-2', 'B-2'] })
  assertProblem(await shopA.get(`/v1/cases/${caseOf('B-3').id}/similar`), 404, 'case_not_found')
})

test('the timeline of a case: not of another shop, and for who lacks the ledger only what became of the case', async () => {
  assertProblem(await shopA.get(`/v1/cases/${caseOf('B-1').id}/timeline`), 404, 'case_not_found')
  const typesFor = async (who: Api) =>
    (await who.get<Of<'caseTimeline'>>(`/v1/cases/${caseOf('A-1').id}/timeline`)).body.items.map(i => i.type)
  assert.ok((await typesFor(shopA)).includes('order.placed'))
  const guest = api.as(person('guest', { 'case.read': 'all', 'case.work': 'all' }))
  const seen = await typesFor(guest)
  assert.ok(seen.includes('case.opened'))
  assert.deepEqual(
    seen.filter(type => !/^(case|finding)\./.test(type)),
    [],
  )
})

test('the past of an order of another shop is no more there than its present', async () => {
  const { stream } = caseOf('B-1')
  for (const query of ['', `?at=${isoOf(now)}`, `?at=${isoOf(now)}&by=known`])
    for (const path of ['', '/ledger'])
      assertProblem(await shopA.get(`/v1/orders/${stream}${path}${query}`), 404, 'order_not_found')
})

test('a job is seen by who began it and by who runs the system, and stopped by them', async () => {
  const begun = (await api.post<{ id: string }>('/v1/jobs/verify', {})).body.id
  assert.deepEqual((await shopA.get<Of<'listJobs'>>('/v1/jobs')).body.items, [])
  assertProblem(await shopA.get(`/v1/jobs/${begun}`), 404, 'job_not_found')
  assertProblem(await shopA.post(`/v1/jobs/${begun}/cancel`, {}), 404, 'job_not_found')
})

test('bulk acts on what one may act on, and tells of the rest as if it were not there', async () => {
  const [mine, other] = [caseOf('A-1').id, caseOf('B-3').id]
  const asked = { ids: [mine, other], command: 'note', with: { text: 'x' } }
  const { body } = await shopA.post<Of<'bulkCases'>>('/v1/cases/bulk', asked)
  assert.deepEqual(
    body.done.map(d => d.id),
    [mine],
  )
  assert.deepEqual(
    body.skipped.map(s => [s.id, s.code]),
    [[other, 'case_not_found']],
  )
})

test('a view of one’s own is nobody else’s, unless it is shared', async () => {
  const view = { page: 'cases', name: 'mine', query: { channel: 'b' }, shared: false }
  const made = await api.post<Of<'saveView'>>('/v1/views', view)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const other = api.as(person('eve'))
  assert.deepEqual((await other.get<Of<'listViews'>>('/v1/views')).body.items, [])
  const { id } = made.body as { id: string }
  assertProblem(await other.post(`/v1/views/${id}`, { version: 1, name: 'taken' }), 404, 'view_not_found')
})

/** Figures that are counted over all orders, by whom they were asked for. */
const FIGURES: readonly ((who: Api) => Promise<Answer<unknown>>)[] = [
  who => who.get('/v1/rules/impossible_sequence/shadow'),
  who => who.get('/v1/baselines'),
  who => who.get('/v1/backtests'),
  who => who.get('/v1/backtests/x'),
  who => who.get('/v1/backtests/x/hits'),
  who => who.post('/v1/rules/preview', { when: 'order.lineCount > 0' }),
]

test('figures of rules count all orders: who sees some of them only is refused in words', async () => {
  const someCases = { 'order.read': 'all', 'case.read': [{ owners: ['user:eve'] }], 'rule.read': 'all' } as const
  const others = [shopA, narrowed({ warehouses: ['w1'] }), api.as(person('eve', someCases))]
  for (const [i, ask] of FIGURES.entries()) {
    for (const who of others) {
      const { more } = assertProblem(await ask(who), 403, 'reach_narrowed')
      assert.deepEqual(Object.keys(more?.sentence ?? {}), ['zh', 'en'], String(i))
    }
    assert.notEqual((await ask(api)).status, 403, String(i))
  }
  // Whoever may edit rules and sees one shop only may not ask history about the others.
  const editor = api.as(person('emil', { 'rule.edit': 'all', 'rule.read': 'all', 'order.read': [{ shops: ['a'] }] }))
  const asked = { rule: 'impossible_sequence', from: isoOf(now - 9 * HOUR), until: isoOf(now) }
  assertProblem(await editor.post('/v1/backtests', asked), 403, 'reach_narrowed')
})

test('rules are listed and linted for everybody who may see them, with figures for who sees all orders', async () => {
  const statsOf = async (who: Api) => (await who.get<Of<'listRules'>>('/v1/rules')).body.items.map(r => r.stats)
  assert.ok((await statsOf(api)).some(stats => (stats?.hits ?? 0) > 0))
  assert.deepEqual(new Set(await statsOf(shopA)), new Set([null]))
  const sweeps = async (who: Api) => (await who.get<Of<'listRuleChanges'>>('/v1/rules/changes')).body.sweeps
  assert.ok((await sweeps(shopA)).every(sweep => sweep.orders === null))
  // So many orders that rules which never fired are worth a word.
  const placedToday = [bucketOf('x'), Math.floor(now / DAY), 'order.placed', 'a', 100_000]
  await api.db.query('insert into rollup_day values ($1, $2, $3, $4, $5, 0)', placedToday)
  const codes = async (who: Api) =>
    (await who.post<Of<'lintRules'>>('/v1/rules/lint', {})).body.items.map(item => item.code)
  // That a rule fires for every order, or for none, is a count as well.
  assert.ok((await codes(api)).some(code => OF_HISTORY.includes(code)))
  assert.ok(!(await codes(shopA)).some(code => OF_HISTORY.includes(code)))
})

test('a table is tried on one’s own open cases', async () => {
  const { starter } = (await api.get<Of<'getTable'>>('/v1/tables/triage')).body
  const orders = async (who: Api) =>
    (await who.post<Of<'tryTable'>>('/v1/tables/triage/try', { text: starter })).body.items.map(i => i.orderNo)
  assert.ok((await orders(api)).some(no => no?.startsWith('B-')))
  assert.deepEqual(new Set(await orders(shopA)), new Set(['A-1']))
})
