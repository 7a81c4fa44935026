import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { bucketsOf } from '../../src/kernel/bucket.ts'
import { DAY, HOUR, MINUTE } from '../../src/kernel/instant.ts'
import { orderFactSchema } from '../../src/modules/orders/index.ts'
import { compileBook, loadPacks, type RuleDef } from '../../src/modules/rules/index.ts'
import { heldIn } from '../../src/pipeline/backtest/judge.ts'
import { ordersOf } from '../../src/pipeline/backtest/read.ts'
import { type BacktestResult, backtest, type Question } from '../../src/pipeline/backtest/run.ts'
import { apply } from '../../src/pipeline/backtest/story.ts'
import type { Hit } from '../../src/pipeline/backtest/tally.ts'
import { readLedgers, retellStories } from '../../src/pipeline/stories.ts'
import type { Sql } from '../../src/platform/database.ts'
import { followed } from '../support/followed.ts'
import { ORACLE_RULES, olistOracle } from '../support/olist-oracle.ts'
import { ROOT } from '../support/pipeline.ts'
import { DIR, importAll, olistStream, skip, sliceOf } from './olist.ts'
import { about, loadDeps, openWorld, placed, START, streamOf, type World } from './world.ts'

// Back-tests of real orders, held against an evaluation by brute force that shares no code with them.
const slice = skip ? { keys: new Set<string>(), orders: [] } : await sliceOf(2000)
const END = Date.UTC(2019, 0, 1)
const rules = (await loadPacks(join(ROOT, 'packs'))).flatMap(pack => pack.rules)
const ruleOf = (id: string): RuleDef => rules.find(rule => rule.id === id)!
const history = await openWorld({ lanes: 2, start: Date.UTC(2026, 0, 5) })
await importAll(history, slice)
await followed(history.db)

let job = 0
async function ask(world: World, question: Partial<Question>): Promise<{ result: BacktestResult; hits: Hit[] }> {
  const id = `b-${++job}`
  const deps = { db: world.db, loads: loadDeps(), schema: orderFactSchema, progress: () => {} }
  const period = { from: 0, until: END, now: END }
  const asked = {
    draft: ruleOf('handover_late'),
    live: null,
    period,
    outcome: 'late' as const,
    groups: 32,
    ...question,
  }
  const result = await backtest({ ...deps, signal: new AbortController().signal }, id, asked)
  const rows = await world.rows<{ body: string }>('select body from backtest_hit where job = $1 order by n', [id])
  return { result, hits: rows.map(r => JSON.parse(r.body)) }
}

test('every shipped core rule hits what the oracle finds, order by order, at the same instants', { skip }, async t => {
  const expected = olistOracle(DIR, END - 1, slice.keys)
  for (const rule of ORACLE_RULES) {
    const own = expected.filter(i => i.rule === rule)
    const { result, hits } = await ask(history, { draft: ruleOf(rule) })
    const first = new Map(own.map(i => [olistStream(i.orderId), i] as const).reverse())
    const is = hits.map(h => `${h.stream} ${h.at} ${h.clearedAt}`).sort()
    const should = [...first].map(([stream, i]) => `${stream} ${i.raisedAt} ${i.clearedAt}`).sort()
    t.diagnostic(`${rule}: ${own.length} raises, ${should.length} orders`)
    assert.deepEqual(is, should, rule)
    assert.deepEqual([result.orders, result.draft.hits, result.draft.orders], [slice.keys.size, own.length, first.size])
  }
})

test('stories and ledgers tell the same, and a draft holds at each tick as the interval says', { skip }, async () => {
  const draft = {
    ...ruleOf('handover_late'),
    when: `has(order.paidAt) && !has(order.handedOverAt) && now - order.paidAt > hours(30)
      || has(order.handedOverAt) && !has(order.deliveredAt) && now - order.handedOverAt > days(9)`,
  }
  const book = compileBook([draft], orderFactSchema)
  // The closures are another engine than the generated code that the back-test runs on.
  const slow = compileBook([draft], orderFactSchema, { engine: 'closures' })
  const out = new Float64Array(1)
  let ticks = 0
  for await (const page of ordersOf(history.db, loadDeps(), { group: 3, until: END }))
    for (const { story } of page) {
      const held = heldIn(story, book, { end: END })[0]!
      const values = {}
      for (const [i, frame] of story.f.entries()) {
        apply(values, frame)
        const next = story.f[i + 1]?.[0] ?? frame[0] + 20 * DAY
        for (let at = frame[0]; at < Math.min(next, END); at += 10 * MINUTE) {
          slow.evaluate(values, at, out)
          const inside = held.some(h => h.from <= at && (h.to === null || at < h.to))
          assert.equal(inside, out[0]! > 0)
          ticks++
        }
      }
    }
  assert.ok(ticks > 10_000, `${ticks}`)
})

/** Tells all stories of these buckets anew; fails when that comes to no end. */
async function retellAll(buckets: readonly number[]): Promise<void> {
  for (let page = 0; page < 1000; page++) if ((await retellStories(history.db, loadDeps(), buckets)) === 0) return
  throw new Error('stories that were told are told again and again')
}

test('an order whose story is told while history is read is neither left out nor taken twice', { skip }, async () => {
  const group = 5
  const buckets = bucketsOf(group)
  const read = async (db: Pick<Sql, 'query'>): Promise<string[]> => {
    const streams: string[] = []
    for await (const page of ordersOf(db, loadDeps(), { group, until: END }))
      for (const { stream } of page) streams.push(stream)
    return streams.sort()
  }
  const all = await read(history.db)
  // As an earlier release left them.
  await history.db.query('update story set form = 1 where bucket = any($1::smallint[])', [buckets])
  let asked = 0
  const told: Pick<Sql, 'query'> = {
    async query<R>(text: string, values?: readonly unknown[]) {
      const result = await history.db.query<R>(text, values)
      if (asked++ === 0) await retellAll(buckets)
      return result
    },
  }
  assert.deepEqual(await read(told), all)
  assert.ok(asked > 1 && all.length > 20)
})

test('precision, recall and lead are those of the raw data', { skip }, async () => {
  const expected = olistOracle(DIR, END - 1, slice.keys)
  const of = (rule: string) =>
    new Map(
      expected
        .filter(i => i.rule === rule)
        .map(i => [i.orderId, i] as const)
        .reverse(),
    )
  const [hit, late, lost] = [of('handover_late'), of('delivered_late'), of('never_delivered')]
  const { result } = await ask(history, { outcome: 'late' })
  assert.ok(late.size > 20 && lost.size > 5)
  const harmed = new Set([...late.keys(), ...lost.keys()])
  const right = [...hit.keys()].filter(order => harmed.has(order))
  // All these promises have ended, so whoever never arrived is late too.
  assert.deepEqual([result.harmed, result.draft.right], [harmed.size, right.length])
  assert.equal(result.draft.precision, right.length / hit.size)
  assert.equal(result.draft.recall, right.length / harmed.size)
  const { points } = result.draft.lead!
  assert.equal(
    points.reduce((sum, { n }) => sum + n, 0),
    result.draft.right,
  )
  assert.ok(result.draft.lead!.p10 <= result.draft.lead!.p50 && result.draft.lead!.p50 <= result.draft.lead!.p90)
})

test('a period counts what is raised in it, and what is known in it only', { skip }, async () => {
  const [from, to] = [Date.UTC(2017, 8, 1), Date.UTC(2018, 1, 1)]
  const raises = olistOracle(DIR, END - 1, slice.keys).filter(i => i.rule === 'handover_late')
  const within = raises.filter(i => i.raisedAt >= from && i.raisedAt < to)
  const { result, hits } = await ask(history, { period: { from, until: to, now: END } })
  assert.equal(result.draft.hits, within.length)
  assert.ok(within.length > 5 && within.length < raises.length)
  assert.equal(
    result.draft.days.reduce((sum, [, n]) => sum + n, 0),
    within.length,
  )
  assert.ok(hits.every(h => h.clearedAt === null || h.clearedAt < to))
})

test('the difference to the live version names the orders that only one of them hits', { skip }, async () => {
  const live = ruleOf('handover_late')
  const stricter = {
    ...live,
    version: 2,
    when: live.when.replace('now > order.shipBy', 'now > order.shipBy + days(2)'),
  }
  const { result, hits } = await ask(history, { draft: stricter, live })
  const { both, added, removed } = result.difference!
  assert.equal(added, 0)
  assert.ok(both > 0 && removed > 0)
  assert.deepEqual([result.draft.orders, result.live!.orders], [both, both + removed])
  assert.equal(hits.filter(h => h.change === 'removed').length, removed)
})

test('a sample looks at some groups of orders and says so; a stopped run ends', { skip }, async () => {
  const { result } = await ask(history, { groups: 4 })
  assert.ok(result.orders > 100 && result.orders < slice.keys.size / 4)
  const stop = new AbortController()
  const progress = () => stop.abort()
  const deps = { db: history.db, loads: loadDeps(), schema: orderFactSchema, progress, signal: stop.signal }
  const period = { from: 0, until: END, now: END }
  const question = { draft: ruleOf('handover_late'), live: null, period, outcome: 'late' as const, groups: 32 }
  await assert.rejects(backtest(deps, 'stopped', question), { name: 'AbortError' })
})

test('what came late does not make a rule look better than it was', async t => {
  const world = await openWorld({}, t)
  const line = { sku: 'A', qty: 1, price: 100, shipBy: new Date(START + DAY).toISOString() }
  await world.tell(placed('A', START, { lines: [line] }), about('A', 'order.approved', START))
  await world.pass(3 * DAY)
  // Handed over in time, and told of two days after the limit.
  await world.tell(about('A', 'parcel.handed_over', START + DAY / 2))
  const period = { from: 0, until: START + 30 * DAY, now: START + 30 * DAY }
  const { hits } = await ask(world, { period })
  assert.deepEqual(
    hits.map(h => [h.at, h.clearedAt]),
    [[START + DAY + 1, START + 3 * DAY]],
  )
  // An open order is read from its ledger, and a live case had been opened for it.
  assert.deepEqual(
    hits.map(h => [h.stream, h.orderNo, h.influenced]),
    [[streamOf('A'), 'A', true]],
  )
  const ledger = await readLedgers(world.db, loadDeps(), [
    {
      bucket: (await world.rows<{ bucket: number }>('select bucket from order_row'))[0]!.bucket,
      stream: streamOf('A'),
    },
  ])
  assert.ok(ledger.get(streamOf('A'))!.facts.some(f => f.type === 'case.opened'))
  await world.tell(about('A', 'parcel.delivered', START + 3 * DAY + HOUR))
  await followed(world.db)
  assert.equal((await world.rows('select * from story')).length, 1)
  // Told by its story, the same.
  assert.deepEqual((await ask(world, { period })).hits, hits)
})
