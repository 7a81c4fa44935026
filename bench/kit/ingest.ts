import { Client, postEvents } from './client.ts'
import type { BenchDatabase, Cluster } from './cluster.ts'
import { copyPortions, emptySchema, type FinalRows, readFinalRows } from './copy.ts'
import { attachProfiler } from './inspector.ts'
import {
  between,
  metric,
  type Reading,
  read,
  resetStatements,
  type Size,
  type Spent,
  type StatementUse,
  sizeOf,
  statementsOf,
} from './meters.ts'
import { batchesTogether, EVENTS_PER_ORDER } from './orders.ts'
import { type ProfileSummary, summarize } from './profile.ts'
import { type Server, startServer } from './server.ts'
import { factsOf, followersDone, stepsDone } from './settled.ts'

export const IN_FLIGHT = 6
/** Fewer, and what is measured is V8's compiling: it is done after about as many (decision 0015). */
const WARM_ORDERS = 2_500
const ORDERS_PER_COPY = 500
const COPY_LANES = 2

/** How the events of the orders are sent; `settle` waits until everything sent so far has taken effect. */
export type Feed = (post: (batches: readonly Buffer[]) => Promise<void>, settle: () => Promise<void>) => Promise<void>

export interface OursRound {
  readonly orders: number
  /** Until every event has taken effect: ledger, cases, read rows. */
  readonly stepped: Spent
  /** Until the followers have seen it all as well: search, roll-ups, packed stories. */
  readonly followed: Spent
  readonly factsPerOrder: number
  readonly steps: number
  readonly statements: readonly StatementUse[]
  readonly size: Size
  readonly postMs: readonly number[]
  /** Lines that the server logged at warn and above. */
  readonly warnings: readonly string[]
}

/** One run of the product on a database of its own; the rows it leaves are there until `drop`. */
export async function runOurs(
  cluster: Cluster,
  given: { name: string; orders: number; feed: Feed; profile?: boolean },
): Promise<{ round: OursRound; database: BenchDatabase; profile: ProfileSummary | null }> {
  const database = await cluster.create(given.name)
  const server = await startServer({ databaseUrl: database.url, inspect: given.profile })
  const client = new Client(server, IN_FLIGHT)
  try {
    await warmUp(client, database)
    const profiler = server.debugger ? await attachProfiler(server.debugger) : null
    await profiler?.start()
    const round = await measure({ cluster, database, server, client }, given)
    const profile = profiler ? summarize(await profiler.stop()) : null
    profiler?.close()
    return { round, database, profile }
  } catch (error) {
    throw new Error(`${given.name} failed; the server said: ${server.log().slice(-2000)}`, { cause: error })
  } finally {
    client.close()
    await server.stop()
  }
}

/** Code that runs for the first time is slower than a server that has been up for a minute: orders that do not count. */
async function warmUp(client: Client, { db }: BenchDatabase): Promise<void> {
  await postEvents(client, batchesTogether(0, WARM_ORDERS, { prefix: 'W', now: Date.now() }), IN_FLIGHT)
  await stepsDone(db, WARM_ORDERS * EVENTS_PER_ORDER)
  await followersDone(db)
}

async function measure(
  on: { cluster: Cluster; database: BenchDatabase; server: Server; client: Client },
  { orders, feed }: { orders: number; feed: Feed },
): Promise<OursRound> {
  const { db } = on.database
  const look = (): Promise<Reading> => read({ cluster: on.cluster, db, server: on.server })
  await db.query('checkpoint')
  await resetStatements(db)
  const [factsBefore, sizeBefore, stepsBefore] = [await factsOf(db), await sizeOf(db), await stepsOf(on.client)]
  const postMs: number[] = []
  let sent = 0
  const start = await look()
  await feed(
    async batches => {
      postMs.push(...(await postEvents(on.client, batches, IN_FLIGHT)))
      sent += batches.reduce((sum, batch) => sum + eventsIn(batch), 0)
    },
    () => stepsDone(db, factsBefore + sent),
  )
  await stepsDone(db, factsBefore + orders * EVENTS_PER_ORDER)
  const stepped = await look()
  await followersDone(db)
  const followed = await look()
  const [facts, size, steps] = [await factsOf(db), await sizeOf(db), await stepsOf(on.client)]
  return {
    orders,
    stepped: between(start, stepped),
    followed: between(start, followed),
    factsPerOrder: (facts - factsBefore) / orders,
    steps: steps - stepsBefore,
    statements: await statementsOf(db),
    size: { heap: size.heap - sizeBefore.heap, index: size.index - sizeBefore.index },
    postMs,
    warnings: on.server
      .log()
      .split('\n')
      .filter(line => /"level":"(warn|error)"/.test(line)),
  }
}

const stepsOf = async (client: Client): Promise<number> =>
  metric((await client.get('/metrics')).body, 'andon_steps_total')

const MARK = Buffer.from('"specversion"')
function eventsIn(batch: Buffer): number {
  let count = 0
  for (let at = batch.indexOf(MARK); at >= 0; at = batch.indexOf(MARK, at + MARK.length)) count++
  return count
}

export interface CopyRound {
  readonly orders: number
  readonly rows: number
  /** The rows that the step writes. */
  readonly stepped: Spent
  /** Those and the rows of the followers. */
  readonly followed: Spent
  readonly size: Size
}

/** The same rows into an empty database by COPY; the orders of the warm-up are among them and counted. */
export async function runCopy(cluster: Cluster, given: { name: string; of: BenchDatabase }): Promise<CopyRound> {
  const { rows, orders } = await rowsOf(given.of)
  const database = await cluster.create(given.name)
  const { db, connection } = database
  await emptySchema(database, given.of.db)
  await db.query('checkpoint')
  const before = await sizeOf(db)
  const start = await read({ cluster, db })
  await copyPortions(connection, rows.stepped, COPY_LANES)
  const stepped = await read({ cluster, db })
  await copyPortions(connection, rows.followed, COPY_LANES)
  const followed = await read({ cluster, db })
  const after = await sizeOf(db)
  await database.drop()
  return {
    orders,
    rows: rows.count,
    stepped: between(start, stepped),
    followed: between(start, followed),
    size: { heap: after.heap - before.heap, index: after.index - before.index },
  }
}

async function rowsOf(database: BenchDatabase): Promise<{ rows: FinalRows; orders: number }> {
  const rows = await readFinalRows(database.connection, ORDERS_PER_COPY)
  const orders = rows.stepped.flat().reduce((sum, t) => sum + (t.table === 'order_row' ? t.rows.length : 0), 0)
  return { rows, orders }
}
