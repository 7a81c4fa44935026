import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { masterKey } from '../src/app/keys.ts'
import { MINUTE, SECOND } from '../src/kernel/instant.ts'
import type { Bench, BenchOptions, BenchResult } from './kit/bench.ts'
import { Client } from './kit/client.ts'
import { type BenchDatabase, type Cluster, startCluster } from './kit/cluster.ts'
import { casesNow, streamOf } from './kit/flips.ts'
import { between, read } from './kit/meters.ts'
import { type Server, withServer } from './kit/server.ts'
import { quantile } from './kit/stats.ts'
import { shown } from './kit/table.ts'
import { writeNotes } from './kit/users.ts'
import { later, waitingOrders } from './kit/waiting-orders.ts'

const SIZES = { quick: 60_000, full: 1_000_000 }
/** What the project asks: so many open orders in so long, and who works meanwhile does not notice. */
const AIM = { orders: 1_000_000, ms: 5 * MINUTE, noteMs: 250 }
const NOTES_ON = 200
const CALM = 6 * SECOND
const PATIENCE = 15 * MINUTE

export const sweep: Bench = {
  name: 'sweep',
  about:
    'a change of the rules over many open orders, while people write notes: orders a second, and how long notes take',
  run,
}

async function run({ quick, say }: BenchOptions): Promise<BenchResult> {
  const orders = quick ? SIZES.quick : SIZES.full
  const cluster = await startCluster()
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'andon-bench-home-'))
  try {
    const database = await cluster.create('sweep')
    const key = masterKey(dataDir, undefined).bytes
    const filling = await waitingOrders(database, { dataDir, key })
    const loadMs = await filling.load(later(orders))
    await database.db.query('vacuum analyze')
    await database.db.query('checkpoint')
    say(`${orders} open orders; loaded in ${Math.round(loadMs / 1000)} s`)
    const swept = await withServer({ databaseUrl: database.url, dataDir }, server =>
      changes({ cluster, database, server, orders, say }),
    )
    return resultOf(orders, swept)
  } finally {
    await cluster.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

interface On {
  readonly cluster: Cluster
  readonly database: BenchDatabase
  readonly server: Server
  readonly orders: number
  readonly say: BenchOptions['say']
}

/** One change of the rules: how it was swept, and what people felt of it. */
interface Swept {
  readonly what: string
  readonly ms: number
  readonly orders: number
  readonly cases: number
  readonly notes: readonly number[]
  readonly calm: readonly number[]
  readonly late: number
  readonly serverCpu: number
  readonly postgresCpu: number
}

/** Two changes: a rule that finds nothing in any open order, and one that opens a case in one of eight. */
async function changes(on: On): Promise<readonly Swept[]> {
  const client = new Client(on.server, 4)
  const notes = writeNotes(
    client,
    Array.from({ length: NOTES_ON }, (_, i) => streamOf(i * 37)),
  )
  try {
    const swept: Swept[] = []
    for (const [what, when] of [
      ['finds nothing', 'order.orderTotal > minor(900000000)'],
      ['opens a case in one of eight', 'order.orderTotal > minor(20000)'],
    ] as const) {
      await new Promise(resolve => setTimeout(resolve, CALM))
      const before = await casesNow(on.database.db)
      const from = Date.now() - CALM + SECOND
      const start = await read({ cluster: on.cluster, db: on.database.db, server: on.server })
      const at = await goLive(client, `bench_sweep_${swept.length}`, when)
      const sweep = await ended(client, at)
      const spent = between(start, await read({ cluster: on.cluster, db: on.database.db, server: on.server }))
      const calm = notes.times(from)
      const during = notes.times(at)
      const one: Swept = {
        what,
        ms: sweep.ms,
        orders: sweep.orders,
        cases: (await casesNow(on.database.db)) - before,
        notes: during,
        calm: calm.slice(0, calm.length - during.length),
        late: notes.late(),
        serverCpu: spent.serverCpu,
        postgresCpu: spent.postgresCpu,
      }
      on.say(
        `${what}: ${one.orders} orders in ${shown(one.ms / 1000)} s, ${one.cases} cases, notes p99 ${shown(quantile(one.notes, 0.99))} ms`,
      )
      swept.push(one)
    }
    return swept
  } finally {
    await notes.stop()
    client.close()
  }
}

const NAME = { zh: '基准', en: 'Bench' }

/** Saves a rule and sets it live; returns when it stands. */
async function goLive(client: Client, id: string, when: string): Promise<number> {
  const examples = [900_000_001, 1].map((orderTotal, i) => ({
    now: 1,
    holds: i === 0,
    facts: { order: { orderTotal } },
  }))
  const text = {
    name: NAME,
    reason: NAME,
    when,
    type: id,
    severity: 'P3',
    clears: 'auto',
    constants: [],
    examples,
  }
  await posted(client, `/v1/rules/${id}/draft`, { text, reason: 'bench', seen: null })
  const change = await posted(client, `/v1/rules/${id}/move`, { version: 1, to: 'live', reason: 'bench' })
  return Date.parse(String(change.activeFrom))
}

async function posted(client: Client, path: string, body: object): Promise<Record<string, unknown>> {
  const reply = await client.post(path, Buffer.from(JSON.stringify(body)))
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${reply.body.slice(0, 500)}`)
  return JSON.parse(reply.body)
}

interface Sweep {
  readonly status: string
  readonly activeFrom: string
  readonly orders: number
  readonly startedAt: string
  readonly endedAt: string | null
}

/** Waits until the sweep of the change is over. */
async function ended(client: Client, at: number): Promise<{ ms: number; orders: number }> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const { sweeps } = JSON.parse((await client.get('/v1/rules/changes')).body) as { sweeps: readonly Sweep[] }
    const own = sweeps.find(s => Date.parse(s.activeFrom) === at && s.endedAt !== null)
    if (own) return { ms: Date.parse(own.endedAt!) - Date.parse(own.startedAt), orders: own.orders }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('the sweep did not end')
}

function resultOf(orders: number, swept: readonly Swept[]): BenchResult {
  const figures = swept.flatMap(s => {
    const rate = (s.orders * 1000) / s.ms
    return [
      { name: `a rule that ${s.what}`, unit: 'orders/s', value: rate, aim: { least: (AIM.orders * 1000) / AIM.ms } },
      { name: 'a million open orders at this rate', unit: 's', value: AIM.orders / rate, aim: { most: AIM.ms / 1000 } },
      { name: 'cases opened', unit: '', value: s.cases },
      { name: 'notes meanwhile, p50', unit: 'ms', value: quantile(s.notes, 0.5) },
      { name: 'notes meanwhile, p99', unit: 'ms', value: quantile(s.notes, 0.99), aim: { most: AIM.noteMs } },
      { name: 'notes just before, p99', unit: 'ms', value: quantile(s.calm, 0.99) },
      { name: 'notes answered 202 after 2 s', unit: '', value: s.late },
      { name: 'CPU of the server', unit: 'ms/order', value: s.serverCpu / s.orders },
      { name: 'CPU of PostgreSQL', unit: 'ms/order', value: s.postgresCpu / s.orders },
    ]
  })
  const notes = [
    `${orders} open orders, loaded by COPY of what the product wrote for such orders; all shipped rules run beside the new one`,
    'the server starts cold: in the first sweep every order is read from the database',
  ]
  return { figures, notes }
}
