import { personalPathsOf } from '../../src/contract/personal.ts'
import { GROUPS, groupOf, homeBucketOf } from '../../src/kernel/bucket.ts'
import { HOUR, type Instant, MINUTE } from '../../src/kernel/instant.ts'
import { PROJECTOR, TALLY } from '../../src/pipeline/sql/project.ts'
import type { Sql } from '../../src/platform/database.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { Client, postEvents } from './client.ts'
import type { BenchDatabase } from './cluster.ts'
import { copyPortions, type Portion, type TableRows, withTextClient } from './copy.ts'
import { compare, multiplied, portionOf, readTemplate, type Template } from './multiply.ts'
import { eventsOf, KINDS, type Kind, kindOf, type OpenOrder } from './open-orders.ts'
import { startServer } from './server.ts'
import { factsOf, followersDone, stepsDone } from './settled.ts'

/** Fills a database with open orders that wait: a few through the product, the many by COPY of what it wrote for those. */

const SEEDS = 8
const PER_PORTION = 400
const LANES = 2
/** With these every event of every kind has been, and no approval was late. */
const TEMPLATE_WAIT = 12 * HOUR
const CHECK_WAIT = 9 * HOUR

export const orderNoOf = (n: number): string => `BN${String(n).padStart(9, '0')}`
const TEMPLATES_FROM = 900_000_000

/** One order to be made: its number, what it waits for, and until when. */
export interface Waiting {
  readonly n: number
  readonly kind: Kind
  readonly due: Instant
}

/** Orders of all kinds that wait for later: none comes due while a bench runs. */
export function* later(count: number): Generator<Waiting> {
  const now = Date.now()
  for (let n = 0; n < count; n++) {
    const due = now + LATER.from + Math.floor(((LATER.to - LATER.from) * n) / count)
    yield { n, kind: kindOf(n), due }
  }
}
const LATER = { from: 90 * MINUTE, to: 20 * HOUR }

export interface WaitingOrders {
  /** Writes the orders by COPY; no server may run meanwhile. Returns ms. */
  load(orders: Iterable<Waiting>): Promise<number>
}

/** @param home the data directory of the servers: the key that seals personal fields is there */
export async function waitingOrders(database: BenchDatabase, home: { dataDir: string; key: Buffer }) {
  const now = Date.now()
  const originals = KINDS.flatMap(({ kind }, k) =>
    Array.from({ length: SEEDS }, (_, seed): OpenOrder => {
      const orderNo = orderNoOf(TEMPLATES_FROM + k * 100 + seed)
      return { kind, orderNo, seed, due: now + TEMPLATE_WAIT }
    }),
  )
  const checks = originals
    .filter(o => o.seed === 3)
    .map(o => ({ ...o, orderNo: o.orderNo.replace('BN9', 'BN8'), due: now + CHECK_WAIT }))
  await throughTheProduct(database, home.dataDir, [...originals, ...checks])
  const templates = new Map<string, Template>()
  await withTextClient(database.connection, async client => {
    for (const { orderNo } of [...originals, ...checks]) templates.set(orderNo, await readTemplate(client, orderNo))
  })
  const positions = await freePositions(database.db)
  const by = { sealer: new Sealer(home.key), personalPaths: personalPathsOf, position: positions.take }
  const makers = new Map(
    originals.map(o => [`${o.kind}${o.seed}`, { due: o.due, make: multiplied(templates.get(o.orderNo)!, by) }]),
  )
  const make = ({ kind, orderNo, seed, due }: OpenOrder): TableRows[] => {
    const maker = makers.get(`${kind}${seed}`)!
    return maker.make(orderNo, due - maker.due)
  }
  for (const check of checks) compare(make(check), templates.get(check.orderNo)!)
  const load = async (orders: Iterable<Waiting>): Promise<number> => {
    const started = performance.now()
    const portions = portionsOf(orders, ({ n, kind, due }) =>
      make({ kind, due, orderNo: orderNoOf(n), seed: n % SEEDS }),
    )
    await copyPortions(database.connection, portions, LANES)
    await positions.write()
    return performance.now() - started
  }
  return { load }
}

async function throughTheProduct(
  { db, url }: BenchDatabase,
  dataDir: string,
  orders: readonly OpenOrder[],
): Promise<void> {
  const server = await startServer({ databaseUrl: url, dataDir })
  const client = new Client(server, 1)
  try {
    const before = await factsOf(db)
    const events = orders.map(eventsOf)
    for (const batch of events) await postEvents(client, [Buffer.from(JSON.stringify(batch))], 1)
    await stepsDone(db, before + events.flat().length)
    await followersDone(db)
  } finally {
    client.close()
    await server.stop()
  }
  const wrong = new Map(orders.map(o => [o.orderNo, o.due]))
  const { rows } = await db.query<{ order_no: string; wake_at: Instant }>(
    'select o.order_no, h.wake_at from order_row o join head h using (bucket, stream) where o.order_no = any($1)',
    [orders.map(o => o.orderNo)],
  )
  for (const { order_no, wake_at } of rows) if (wrong.get(order_no) === wake_at) wrong.delete(order_no)
  if (wrong.size > 0) throw new Error(`these orders do not wait for what they should: ${[...wrong.keys()].join(', ')}`)
}

function* portionsOf(orders: Iterable<Waiting>, make: (order: Waiting) => TableRows[]): Generator<Portion> {
  let made: TableRows[][] = []
  for (const order of orders) {
    made.push(make(order))
    if (made.length < PER_PORTION) continue
    yield portionOf(made)
    made = []
  }
  if (made.length > 0) yield portionOf(made)
}

/** The ledger's positions: given out here, written when the rows are there, so that lanes and followers go on behind. */
async function freePositions(db: Sql): Promise<{ take(group: number): number; write(): Promise<void> }> {
  const next = Array.from({ length: GROUPS }, () => 1)
  const read = async () => {
    const { rows } = await db.query<{ bucket: number; next_pos: number }>('select bucket, next_pos from position')
    for (const { bucket, next_pos } of rows) next[groupOf(bucket)] = next_pos
  }
  await read()
  return {
    take: group => next[group]!++,
    write: async () => {
      const { rows } = await db.query<{ bucket: number; next_pos: number }>('select bucket, next_pos from position')
      const taken = rows.map(r => ({ bucket: r.bucket, by: next[groupOf(r.bucket)]! - r.next_pos }))
      const values = [taken.map(t => t.bucket), taken.map(t => t.by)]
      const moved = `from unnest($1::smallint[], $2::bigint[]) as t(bucket, by)`
      await db.query(`update position p set next_pos = p.next_pos + t.by ${moved} where p.bucket = t.bucket`, values)
      await db.query(
        `insert into follower (name, bucket, pos) select f.name, p.bucket, p.next_pos - 1
         from position p, unnest($2::text[]) as f(name)
         where p.bucket = any($1) on conflict (name, bucket) do update set pos = excluded.pos`,
        [Array.from({ length: GROUPS }, (_, g) => homeBucketOf(g)), [PROJECTOR, TALLY]],
      )
    },
  }
}
