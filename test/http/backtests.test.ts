import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
const PERIOD = { from: '2026-01-01T00:00:00Z', until: '2199-01-01T00:00:00Z' }

type Backtest = Of<'getBacktest'>

async function ended(id: string): Promise<Backtest> {
  for (let turn = 0; turn < 1200; turn++) {
    const { body } = await api.get<Backtest>(`/v1/backtests/${id}`)
    if (body.status !== 'running') return body
    await delay(25)
  }
  throw new Error('the back-test did not end')
}

const start = (body: object) => api.post<Backtest>('/v1/backtests', { ...PERIOD, ...body })
const impossible = (no: string) => [
  placed(no),
  event('parcel.handed_over', { ref: { orderNo: no } }, { time: '2026-10-30T08:00:00Z' }),
]

test('a back-test of a saved rule and of a text nobody saved: figures, hits, comparison', async () => {
  await api.tell(...['B-1', 'B-2', 'B-3'].flatMap(impossible), placed('B-4'))
  await api.tell(event('order.cancelled', { ref: { orderNo: 'B-1' } }, { time: '2027-01-01T08:00:00Z' }))
  const begun = await start({ rule: 'impossible_sequence', outcome: 'cancelled' })
  assert.deepEqual([begun.status, begun.headers.location], [202, `/v1/backtests/${begun.body.id}`])
  const whole = await ended(begun.body.id)
  assert.equal(whole.status, 'done', JSON.stringify(whole.error))
  const { result } = whole
  assert.deepEqual([result?.orders, result?.draft.orders, result?.harmed], [4, 3, 1])
  assert.deepEqual([result?.draft.precision, result?.draft.recall], [1 / 3, 1])
  // The live version is the same text.
  assert.deepEqual([whole.liveVersion, result?.difference], [1, { both: 3, added: 0, removed: 0 }])
  const { items, next } = (await api.get<Of<'listBacktestHits'>>(`/v1/backtests/${whole.id}/hits?limit=2`)).body
  const more = (await api.get<Of<'listBacktestHits'>>(`/v1/backtests/${whole.id}/hits?limit=2&cursor=${next}`)).body
  assert.deepEqual([...items, ...more.items].map(h => h.orderNo).sort(), ['B-1', 'B-2', 'B-3'])
  assert.ok(items.every(h => h.influenced && h.change === 'both'))
  assert.ok([...items, ...more.items].find(h => h.orderNo === 'B-1')!.lead! > 0)

  const text = {
    ...{ name: { zh: '甲', en: 'A' }, reason: { zh: '甲', en: 'A' }, when: 'order.lineCount > 0', type: 'any_order' },
    ...{ severity: 'P3', clears: 'auto', constants: [], examples: [] },
  }
  // What it was asked is with the job; a list of jobs is short.
  const job = (await api.get<Of<'getJob'>>(`/v1/jobs/${whole.id}`)).body
  assert.deepEqual([job.params.baselines, typeof job.params.draft], [0, 'object'])
  const jobs = (await api.get<Of<'listJobs'>>('/v1/jobs?kind=backtest')).body.items
  assert.deepEqual(Object.keys(jobs[0]!.params).sort(), ['baselines', 'groups', 'outcome'])

  const free = await ended((await start({ rule: 'any_order', text })).body.id)
  assert.deepEqual([free.version, free.liveVersion, free.result?.draft.orders], [0, null, 4])
  assert.equal(free.result?.difference, null)
  const listed = (await api.get<Of<'listBacktests'>>('/v1/backtests')).body.items
  assert.deepEqual(
    listed.map(b => b.id),
    [free.id, whole.id],
  )
  const ofRule = (await api.get<Of<'listBacktests'>>('/v1/backtests?rule=any_order')).body.items
  assert.deepEqual(
    ofRule.map(b => b.id),
    [free.id],
  )
  const bad = await start({ rule: 'any_order', text: { ...text, when: 'order.nothing' } })
  assertProblem(bad, 422, 'rule_refused')
  assertProblem(await start({ rule: 'no_such_rule' }), 404, 'rule_not_found')
  assertProblem(await api.get('/v1/backtests/nothing'), 404, 'backtest_not_found')
})

test('it is a job: it can be stopped, and is for who sees all orders', async () => {
  const { id } = (await start({ rule: 'impossible_sequence' })).body
  const stopped = await api.post(`/v1/jobs/${id}/cancel`, {})
  // It may have been quicker.
  if (stopped.status === 200) assert.equal((await ended(id)).status, 'cancelled')
  const [newest] = (await api.get<Of<'listBacktests'>>('/v1/backtests')).body.items.filter(b => b.status === 'done')
  const rights = { 'rule.read': 'all', 'order.read': [{ shops: ['elsewhere'] }] } as const
  const elsewhere = api.as(person('ella', rights))
  for (const path of ['', `/${newest!.id}`, `/${newest!.id}/hits`])
    assertProblem(await elsewhere.get(`/v1/backtests${path}`), 403, 'reach_narrowed')
  assertProblem(await elsewhere.post('/v1/backtests', { ...PERIOD, rule: 'impossible_sequence' }), 403, 'not_allowed')
})
