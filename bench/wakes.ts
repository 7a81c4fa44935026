import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { masterKey } from '../src/app/keys.ts'
import { MINUTE, SECOND } from '../src/kernel/instant.ts'
import type { Bench, BenchOptions, BenchResult, Figure } from './kit/bench.ts'
import { Client } from './kit/client.ts'
import { type BenchDatabase, type Cluster, startCluster } from './kit/cluster.ts'
import { setUpCron } from './kit/cron.ts'
import { casesNow, casesThere, flipsOf, streamOf } from './kit/flips.ts'
import { between, read, resetStatements, statementsOf } from './kit/meters.ts'
import { type Server, withServer } from './kit/server.ts'
import { median, quantile } from './kit/stats.ts'
import { shown } from './kit/table.ts'
import { writeNotes } from './kit/users.ts'
import { later, type Waiting, type WaitingOrders, waitingOrders } from './kit/waiting-orders.ts'

/**
 * Loading a million orders is an outage to the server, which lets feeds settle for two minutes before it says that something is
 * missing: rest and idle together are longer than that, or flips would be kept back and not late.
 */
const SIZES = {
  quick: { pending: 60_000, flipSeconds: 15, burst: 10_000, idle: 20 * SECOND, settle: 10 * SECOND },
  full: { pending: 1_000_000, flipSeconds: 40, burst: 100_000, idle: 60 * SECOND, settle: 65 * SECOND },
}
const FLIPS_A_SECOND = 100
const NOTES_ON = 200
const TICKS = 5

type Sizes = (typeof SIZES)['full']

interface On {
  readonly cluster: Cluster
  readonly database: BenchDatabase
  readonly orders: WaitingOrders
  readonly dataDir: string
  readonly sizes: Sizes
  readonly say: BenchOptions['say']
}

export const wakes: Bench = {
  name: 'wakes',
  about: 'open orders that wait: from the instant a rule begins to hold to the committed case, beside a minute-cron',
  run,
}

async function run({ quick, say }: BenchOptions): Promise<BenchResult> {
  const sizes = quick ? SIZES.quick : SIZES.full
  // Tells when the transaction of a row was committed, without anybody having to look.
  const cluster = await startCluster({ track_commit_timestamp: 'on' })
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'andon-bench-home-'))
  try {
    const database = await cluster.create('wakes')
    const key = masterKey(dataDir, undefined).bytes
    const orders = await waitingOrders(database, { dataDir, key })
    const on: On = { cluster, database, orders, dataDir, sizes, say }
    const loadMs = await orders.load(later(sizes.pending))
    await settle(database)
    say(`${sizes.pending} orders wait; loaded in ${Math.round(loadMs / 1000)} s`)
    const idle = await served(on, server => measureIdle(on, server))
    say(`idle: ${shown(idle.statements)} statements/s, CPU ${shown(idle.server)} + ${shown(idle.postgres)} ms/s`)
    const flips = await measureFlips(on)
    say(`flips: p50 ${shown(quantile(flips, 0.5))} ms, p99 ${shown(quantile(flips, 0.99))} ms`)
    const burst = await measureBurst(on)
    say(`${sizes.burst} at once: ${shown(burst.drain / 1000)} s, notes p99 ${shown(quantile(burst.notes, 0.99))} ms`)
    await database.drop()
    const cron = await measureCron(on)
    return { figures: figuresOf({ sizes, idle, flips, burst, cron }), notes: notesOf(sizes) }
  } finally {
    await cluster.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function settle({ db }: BenchDatabase): Promise<void> {
  await db.query('vacuum analyze')
  await db.query('checkpoint')
}

const served = <T>(on: On, work: (server: Server) => Promise<T>): Promise<T> =>
  withServer({ databaseUrl: on.database.url, dataDir: on.dataDir }, work)

const sleepUntil = (at: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, Math.max(0, at - Date.now())))

interface Idle {
  /** A second. */
  readonly statements: number
  /** ms of CPU a second. */
  readonly server: number
  readonly postgres: number
  readonly byStatement: readonly object[]
}

async function measureIdle({ cluster, database: { db }, sizes }: On, server: Server): Promise<Idle> {
  await sleepUntil(Date.now() + sizes.settle)
  await resetStatements(db)
  const start = await read({ cluster, db, server })
  await sleepUntil(Date.now() + sizes.idle)
  const spent = between(start, await read({ cluster, db, server }))
  const statements = await statementsOf(db)
  const seconds = spent.ms / 1000
  return {
    statements: statements.reduce((sum, s) => sum + s.calls, 0) / seconds,
    server: spent.serverCpu / seconds,
    postgres: spent.postgresCpu / seconds,
    byStatement: statements.map(s => ({ calls: s.calls, ms: s.ms, query: s.query.slice(0, 100) })),
  }
}

/** Card orders that come due while the server runs, which starts after they were loaded. */
async function dueSoon(on: On, count: number, dueOf: (i: number, base: number) => number): Promise<Waiting[]> {
  // Time to load them, to start the server and to let it come to rest.
  const base = Date.now() + 25 * SECOND + count * 0.5
  const first = dueSoon.next
  dueSoon.next += count
  const orders = Array.from({ length: count }, (_, i): Waiting => ({ n: first + i, kind: 'card', due: dueOf(i, base) }))
  await on.orders.load(orders)
  await settle(on.database)
  return orders
}
dueSoon.next = 500_000_000

function inTime(orders: readonly Waiting[]): void {
  if (Date.now() > orders[0]!.due - 3 * SECOND)
    throw new Error('the machine was too slow to load the orders before they came due; run it again when it has time')
}

async function measureFlips(on: On): Promise<readonly number[]> {
  const count = on.sizes.flipSeconds * FLIPS_A_SECOND
  const before = await casesNow(on.database.db)
  const orders = await dueSoon(on, count, (i, base) => base + Math.floor((i * 1000) / FLIPS_A_SECOND))
  return served(on, async () => {
    inTime(orders)
    await sleepUntil(orders.at(-1)!.due + SECOND)
    await casesThere(on.database.db, before + count, MINUTE)
    return (await flipsOf(on.database.db, orders)).delays
  })
}

interface Burst {
  /** ms from the instant until the last of the cases was committed. */
  readonly drain: number
  readonly delays: readonly number[]
  /** ms of each note on another order, meanwhile and just before. */
  readonly notes: readonly number[]
  readonly notesBefore: readonly number[]
  readonly late: number
  readonly serverCpu: number
  readonly postgresCpu: number
}

async function measureBurst(on: On): Promise<Burst> {
  const { db } = on.database
  const before = await casesNow(on.database.db)
  const orders = await dueSoon(on, on.sizes.burst, (_, base) => Math.floor(base))
  const at = orders[0]!.due
  return served(on, async server => {
    inTime(orders)
    const client = new Client(server, 4)
    try {
      await sleepUntil(at - 10 * SECOND)
      const notes = writeNotes(
        client,
        Array.from({ length: NOTES_ON }, (_, i) => streamOf(i * 37)),
      )
      // The first notes meet code that never ran.
      await sleepUntil(at - 6 * SECOND)
      const calmFrom = Date.now()
      await sleepUntil(at)
      const notesBefore = notes.times(calmFrom)
      const start = await read({ cluster: on.cluster, db, server })
      await casesThere(db, before + orders.length, 5 * MINUTE)
      const spent = between(start, await read({ cluster: on.cluster, db, server }))
      const during = notes.times(at)
      await notes.stop()
      const { delays, last } = await flipsOf(db, orders)
      const { serverCpu, postgresCpu } = spent
      return { drain: last - at, delays, notes: during, notesBefore, late: notes.late(), serverCpu, postgresCpu }
    } finally {
      client.close()
    }
  })
}

interface CronFigures {
  readonly quiet: number
  readonly delays: readonly number[]
  readonly finding: number
  readonly standing: number
}

async function measureCron({ cluster, sizes }: On): Promise<CronFigures> {
  const database = await cluster.create('cron')
  const cron = await setUpCron(database)
  await cron.load(later(sizes.pending))
  const ticks = async () => {
    const times: number[] = []
    for (let i = 0; i < TICKS; i++) times.push(await cron.tick(Date.now()))
    return median(times)
  }
  const quiet = await ticks()
  // They come due through the minute before the job runs.
  const at = Date.now() + 2 * SECOND
  const count = 60 * FLIPS_A_SECOND
  const flips = Array.from({ length: count }, (_, i): Waiting => {
    return { n: 500_000_000 + i, kind: 'card', due: at - Math.floor(((count - i) * MINUTE) / count) }
  })
  await cron.load(flips)
  await sleepUntil(at)
  await cron.tick(Date.now())
  const delays = await cron.delays(flips, Date.now())
  const due = Date.now() + SECOND
  const burst = Array.from({ length: sizes.burst }, (_, i): Waiting => ({ n: 600_000_000 + i, kind: 'card', due }))
  await cron.load(burst)
  await sleepUntil(due + 10)
  const finding = await cron.tick(Date.now())
  const standing = await ticks()
  await database.drop()
  return { quiet, delays, finding, standing }
}

function figuresOf(of: {
  sizes: Sizes
  idle: Idle
  flips: readonly number[]
  burst: Burst
  cron: CronFigures
}): Figure[] {
  const { sizes, idle, flips, burst, cron } = of
  const at = (times: readonly number[], q: number) => quantile(times, q)
  const many = `${shown(sizes.burst)} at one instant`
  return [
    { name: 'orders that wait', unit: '', value: sizes.pending },
    { name: `${FLIPS_A_SECOND} flips/s, instant to committed case, p50`, unit: 'ms', value: at(flips, 0.5) },
    { name: 'the same, p99', unit: 'ms', value: at(flips, 0.99), aim: { most: 1000 } },
    { name: 'the same, longest', unit: 'ms', value: at(flips, 1) },
    { name: `${many}, until the last case`, unit: 'ms', value: burst.drain },
    { name: 'the same', unit: 'cases/s', value: (sizes.burst / burst.drain) * 1000 },
    { name: 'the same, CPU of the server', unit: 'ms/case', value: burst.serverCpu / sizes.burst },
    { name: 'the same, CPU of PostgreSQL', unit: 'ms/case', value: burst.postgresCpu / sizes.burst },
    { name: 'notes meanwhile, p50', unit: 'ms', value: at(burst.notes, 0.5) },
    { name: 'notes meanwhile, p99', unit: 'ms', value: at(burst.notes, 0.99), aim: { most: 250 } },
    { name: 'notes just before, p99', unit: 'ms', value: at(burst.notesBefore, 0.99) },
    { name: 'notes meanwhile', unit: '', value: burst.notes.length },
    { name: 'notes answered 202 after 2 s', unit: '', value: burst.late },
    { name: 'idle', unit: 'statements/s', value: idle.statements, aim: { most: 2 } },
    { name: 'idle, CPU of the server', unit: 'ms/s', value: idle.server },
    { name: 'idle, CPU of PostgreSQL', unit: 'ms/s', value: idle.postgres },
    { name: 'cron: a run that finds nothing', unit: 'ms', value: cron.quiet },
    { name: `cron: a run with ${shown(sizes.burst)} findings standing`, unit: 'ms', value: cron.standing },
    { name: `cron: the run that finds ${shown(sizes.burst)}`, unit: 'ms', value: cron.finding },
    { name: 'cron: instant to finding, p50', unit: 'ms', value: at(cron.delays, 0.5) },
    { name: 'cron: instant to finding, p99', unit: 'ms', value: at(cron.delays, 0.99) },
    { name: 'p50 against cron', unit: 'times sooner', value: at(cron.delays, 0.5) / at(flips, 0.5) },
  ]
}

const notesOf = (sizes: Sizes): string[] => [
  `idle: ${sizes.idle / 1000} s, ${sizes.settle / 1000} s after the start; flips: ${sizes.flipSeconds} s`,
  'committed is the commit timestamp of the row; the flush to disk that follows it is not in it',
  'the cron writes a row in a table of findings; the product writes ledger, chain, head, finding, case and order rows',
]
