import { LISTS } from '../src/app/http/cursor.ts'
import type { Database } from '../src/platform/database.ts'
import type { Bench, BenchOptions, BenchResult, Figure } from './kit/bench.ts'
import { Client } from './kit/client.ts'
import { startCluster } from './kit/cluster.ts'
import { fillLists } from './kit/fill-lists.ts'
import { type Ask, type ListFilter, listFilters } from './kit/list-filters.ts'
import { startServer } from './kit/server.ts'
import { quantile } from './kit/stats.ts'
import { shown } from './kit/table.ts'

const ORDERS = { quick: 50_000, full: 1_000_000 }
const REQUESTS = { quick: 40, full: 120 }
const CALLERS = 8
const WARM = 10
/** p95 above which the statements behind a filter are worth a look: their plans go into the JSON. */
const SLOW = 50

interface Measured {
  readonly name: string
  readonly one: readonly number[]
  readonly many: readonly number[]
  readonly baseline: readonly number[]
  /** Plans of the slowest way to ask, when it is slow. */
  readonly plans?: readonly string[]
  /** The slowest way to ask. */
  readonly slowest: string
}

export const lists: Bench = {
  name: 'lists',
  about: 'pages of orders and cases with the filters that people use, through HTTP, beside the same page in SQL',
  run,
}

async function run({ quick, say }: BenchOptions): Promise<BenchResult> {
  const size = quick ? 'quick' : 'full'
  const now = Date.now()
  const cluster = await startCluster()
  try {
    const database = await cluster.create('lists')
    const started = performance.now()
    await fillLists(database, ORDERS[size], now)
    say(`${ORDERS[size]} orders in ${Math.round((performance.now() - started) / 1000)} s`)
    const server = await startServer({ databaseUrl: database.url })
    const client = new Client(server, CALLERS)
    try {
      const cursors = { orders: LISTS.orders.cursorOf, cases: LISTS.cases.urgency.cursorOf }
      const filters = listFilters({ orders: ORDERS[size], now, cursors })
      const measured: Measured[] = []
      for (const filter of filters) {
        const result = await measure({ client, db: database.db }, filter, REQUESTS[size])
        measured.push(result)
        say(`${filter.name}: ${ofTimes(result.one)} ms, SQL ${ofTimes(result.baseline)} ms`)
      }
      return { figures: measured.flatMap(figuresOf), rounds: measured.map(summaryOf), notes: notesOf(size) }
    } finally {
      client.close()
      await server.stop()
    }
  } finally {
    await cluster.close()
  }
}

const ofTimes = (times: readonly number[]): string => `${shown(quantile(times, 0.5))} / ${shown(quantile(times, 0.95))}`

async function measure(on: { client: Client; db: Database }, filter: ListFilter, requests: number): Promise<Measured> {
  for (let n = 0; n < WARM; n++) await fetchPage(on.client, filter.ask(n))
  const one: number[] = []
  const baseline: number[] = []
  for (let n = 0; n < requests; n++) {
    one.push(await fetchPage(on.client, filter.ask(n)))
    baseline.push(await byHand(on.db, filter.ask(n)))
  }
  const many: number[] = []
  let next = 0
  const caller = async () => {
    while (next < requests) many.push(await fetchPage(on.client, filter.ask(next++)))
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  const slowest = filter.ask(one.indexOf(Math.max(...one)))
  const plans = quantile(one, 0.95) > SLOW ? await plansOf(on, slowest) : undefined
  return { name: filter.name, one, many, baseline, plans, slowest: slowest.path }
}

async function fetchPage(client: Client, { path }: Ask): Promise<number> {
  const { status, body, ms } = await client.get(path)
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body.slice(0, 300)}`)
  return ms
}

async function byHand(db: Database, { sql, values }: Ask): Promise<number> {
  const started = performance.now()
  await db.query(sql, values)
  return performance.now() - started
}

const STATEMENTS = `
select query, mean_exec_time as ms from pg_stat_statements s join pg_database d on d.oid = s.dbid
where d.datname = current_database() and query like 'select%order_row%' or query like '%case_row%'
order by mean_exec_time desc limit 3`

/** What PostgreSQL spent its time with while this was asked; the plan of the page by hand for comparison. */
async function plansOf({ client, db }: { client: Client; db: Database }, ask: Ask): Promise<string[]> {
  await db.query('select pg_stat_statements_reset()')
  await fetchPage(client, ask)
  const { rows } = await db.query<{ query: string; ms: number }>(STATEMENTS)
  const plan = await db.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) ${ask.sql}`, ask.values)
  return [
    ...rows.map(r => `${shown(r.ms)} ms: ${r.query}`),
    ['by hand:', ...plan.rows.map(r => r['QUERY PLAN'])].join('\n'),
  ]
}

const figuresOf = ({ name, one, many, baseline }: Measured): Figure[] => [
  { name: `${name}, p50`, unit: 'ms', value: quantile(one, 0.5) },
  { name: '  p95', unit: 'ms', value: quantile(one, 0.95), aim: { most: SLOW } },
  { name: `  ${CALLERS} callers, p50`, unit: 'ms', value: quantile(many, 0.5) },
  { name: `  ${CALLERS} callers, p95`, unit: 'ms', value: quantile(many, 0.95) },
  { name: '  SQL by hand, p50', unit: 'ms', value: quantile(baseline, 0.5) },
  { name: '  SQL by hand, p95', unit: 'ms', value: quantile(baseline, 0.95) },
]

const summaryOf = ({ name, one, many, baseline, plans, slowest }: Measured): object => ({
  name,
  ms: [one, many, baseline].map(times => ({
    n: times.length,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    max: quantile(times, 1),
  })),
  slowest,
  plans,
})

const notesOf = (size: 'quick' | 'full'): string[] => [
  `${ORDERS[size]} orders of a year, a tenth as many cases; ${REQUESTS[size]} requests a filter and number of callers`,
  'a first page holds 50 rows and the count of all, up to 10,001; SQL by hand is the page alone, without the count',
]
