import { resolve } from 'node:path'
import { loadsWith } from '../src/app/compose.ts'
import type { Fact } from '../src/contract/stream.ts'
import { bucketOf } from '../src/kernel/bucket.ts'
import { DAY, HOUR, MINUTE } from '../src/kernel/instant.ts'
import { factOf } from '../src/modules/orders/fixtures.ts'
import { orderFactSchema } from '../src/modules/orders/index.ts'
import type { RuleDef } from '../src/modules/rules/index.ts'
import { backtest as backtestOf } from '../src/pipeline/backtest/run.ts'
import { storyOf } from '../src/pipeline/backtest/story.ts'
import { storyText } from '../src/pipeline/backtest/story-text.ts'
import { orderFold, STORY_FORM } from '../src/pipeline/reactors.ts'
import { jsonRows } from '../src/pipeline/sql.ts'
import { WRITE_STORIES } from '../src/pipeline/stories.ts'
import { systemClock } from '../src/platform/clock.ts'
import type { Sql } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { Sealer } from '../src/platform/seal.ts'
import type { Bench, BenchOptions, BenchResult } from './kit/bench.ts'
import { type BenchDatabase, type Cluster, startCluster } from './kit/cluster.ts'
import { median, seeded } from './kit/stats.ts'
import { shown } from './kit/table.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../migrations')
const SIZES = { quick: 60_000, full: 300_000 }
const PAGE = 2000
const START = Date.UTC(2025, 0, 6)
const END = START + 400 * DAY

export const backtest: Bench = {
  name: 'backtest',
  about: 'back-tests of a year of ended orders from the database',
  run,
}

async function run({ quick, rounds, say }: BenchOptions): Promise<BenchResult> {
  const orders = quick ? SIZES.quick : SIZES.full
  const cluster = await startCluster()
  try {
    const database = await cluster.create('backtest')
    await migrate(database.db, { dir: MIGRATIONS, clock: systemClock })
    const bytes = await fill(database.db, orders)
    await database.db.query('vacuum analyze')
    say(`${orders} stories of ${Math.round(bytes / orders)} characters`)
    const figures = []
    const notes = [`${orders} stories of ${Math.round(bytes / orders)} characters`]
    for (const [name, draft] of RULES) {
      const runs: Ran[] = []
      for (let round = 0; round < rounds; round++) runs.push(await asked(cluster, database, draft))
      if (runs.some(r => r.orders !== orders)) throw new Error('orders were left out')
      notes.push(`${name}: ${runs[0]!.hits} hits; ms ${runs.map(r => Math.round(r.ms)).join(', ')}`)
      const middle = (of: (ran: Ran) => number): number => median(runs.map(of))
      const rate = middle(r => (orders * 1000) / r.ms)
      say(`${name}: ${shown(rate)} orders/s`)
      figures.push(
        { name, unit: 'orders/s', value: rate, aim: { least: 30_000 } },
        { name: 'the same by the CPU of the back-test', unit: 'orders/s', value: middle(r => (orders * 1000) / r.cpu) },
        { name: 'CPU of PostgreSQL', unit: 'ms/1000 orders', value: middle(r => (r.postgresCpu * 1000) / orders) },
      )
    }
    notes.push('where the back-test is alone on its core: its job runs in a process of low priority')
    return { figures, notes }
  } finally {
    await cluster.close()
  }
}

interface Ran {
  readonly ms: number
  readonly cpu: number
  readonly postgresCpu: number
  readonly orders: number
  readonly hits: number
}

async function asked(cluster: Cluster, { db }: BenchDatabase, draft: RuleDef): Promise<Ran> {
  const period = { from: START, until: END, now: END }
  const question = { draft, live: null, period, outcome: 'late', groups: 32 } as const
  const signal = new AbortController().signal
  // Rules read no personal data, so that no key is needed.
  const loads = loadsWith(new Sealer(Buffer.alloc(32)))
  const [started, cpu, postgres] = [performance.now(), process.cpuUsage(), cluster.cpu()]
  const deps = { db, loads, schema: orderFactSchema, signal, progress: () => {} }
  const { orders, draft: side } = await backtestOf(deps, `bench-${started}`, question)
  const { user, system } = process.cpuUsage(cpu)
  const ms = performance.now() - started
  return { ms, cpu: (user + system) / 1000, postgresCpu: cluster.cpu() - postgres, orders, hits: side.hits }
}

const NAME = { zh: '基准', en: 'Bench' }
const rule = (when: string): RuleDef => ({
  ...{ id: 'bench', version: 1, stage: 'live', name: NAME, reason: NAME, when, type: 'bench', severity: 'P2' },
  ...{ clears: 'auto', scope: 'order', constants: {}, examples: [] },
})
const RULES: readonly (readonly [string, RuleDef])[] = [
  [
    'of the clock: paid a day ago and not approved',
    rule('!order.cancelled && has(order.paidAt) && !has(order.approvedAt) && now - order.paidAt > hours(24)'),
  ],
  [
    'of a list: a parcel that stands still for three days',
    rule('!has(order.deliveredAt) && parcels.exists(p, has(p.handedOverAt) && now - p.statusAt > days(3))'),
  ],
]

async function fill(db: Sql, orders: number): Promise<number> {
  const random = seeded(20_261_122)
  let bytes = 0
  for (let from = 0; from < orders; from += PAGE) {
    const rows = Array.from({ length: Math.min(PAGE, orders - from) }, (_, i) => {
      const facts = courseOf(from + i, random)
      const text = storyText(storyOf(facts, orderFold))
      bytes += text.length
      const stream = `order-${from + i}`
      const [placedAt, endedAt] = [facts[0]!.knownAt, facts.at(-1)!.knownAt]
      return { b: bucketOf(stream), s: stream, p: placedAt, e: endedAt, v: facts.length, f: STORY_FORM, j: text }
    })
    await db.query(WRITE_STORIES, [jsonRows(rows)])
  }
  return bytes
}

/** An order from its placing to its end: paid, approved, handed over, scanned three times, delivered, sometimes reviewed. */
function courseOf(n: number, random: () => number): Fact[] {
  const ref = { channel: 'bench', orderNo: `B${String(n).padStart(9, '0')}` }
  const parcel = { ref: { ...ref, trackingNo: `SF${n}`, carrier: 'shunfeng' } }
  let at = START + Math.floor(n * 0.8) * MINUTE
  const later = (hours: number): number => (at += Math.ceil(random() * random() * hours * HOUR))
  const amount = 1000 + Math.floor(random() * 100_000)
  const lines = Array.from({ length: 1 + (n % 3) }, (_, i) => ({
    sku: `SKU-${(n * 7 + i) % 500}`,
    qty: 1,
    price: amount,
  }))
  const to = { to: at + Math.ceil(3 + random() * 9) * DAY, zone: 'Asia/Shanghai', grain: 'instant' as const }
  const facts = [
    factOf('order.placed', at, { ref, currency: 'CNY', lines, promise: to }),
    factOf('payment.received', later(10), { ref, amount: amount * lines.length, currency: 'CNY', method: 'card' }),
    factOf('order.approved', later(60), { ref }),
    factOf('parcel.handed_over', later(80), parcel),
    factOf('parcel.in_transit', later(30), parcel),
    factOf('parcel.in_transit', later(90), parcel),
    factOf('parcel.out_for_delivery', later(30), parcel),
    factOf('parcel.delivered', later(10), parcel),
  ]
  return facts.map((fact, i) => ({ ...fact, seq: i + 1 }))
}
