import type { Reach } from '../../contract/principal.ts'
import type { Fact, StreamId } from '../../contract/stream.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import { foldFacts, initialSlices } from '../decide.ts'
import { type LoadDeps, openFacts, type TailRow } from '../load.ts'
import { reactorsOf } from '../reactors.ts'
import type { Sql } from '../sql.ts'
import { orderColumns, reachText } from './scope.ts'

/** As of when, and by which of the two times of a fact. */
export interface AsOf {
  readonly at: Instant
  readonly by: 'occurred' | 'known'
}

export interface Head {
  readonly version: number
  readonly wakeAt: Instant | null
  readonly historical: boolean
  readonly bornMonth: number
}

const HEAD = `
select version, wake_at, born_month, historical from head where bucket = $1 and stream = $2`

const FACTS = `
select bucket, stream, seq, type, v, actor, cause, occurred_at, recorded_at, known_at, body
from ledger
where bucket = $1 and stream = $2 and recorded_month >= $3 and seq > $4
  and ($5::bigint is null or case when $6 = 'known' then known_at else occurred_at end <= $5::bigint)
order by seq limit $7`

const COUNT = `
select count(*) as n from ledger
where bucket = $1 and stream = $2 and recorded_month >= $3
  and ($4::bigint is null or case when $5 = 'known' then known_at else occurred_at end <= $4::bigint)`

/** Where a stream stands, or null when there is none. */
export async function headOf(sql: Sql, stream: StreamId): Promise<Head | null> {
  const { rows } = await sql.query<{
    version: number
    wake_at: Instant | null
    born_month: number
    historical: boolean
  }>(HEAD, [bucketOf(stream), stream])
  const row = rows[0]
  if (!row) return null
  return { version: row.version, wakeAt: row.wake_at, historical: row.historical, bornMonth: row.born_month }
}

/** Whether an order is within reach; costs nothing for who reaches all. */
export async function isOrderInReach(sql: Sql, stream: StreamId, reach: Reach): Promise<boolean> {
  if (reach === 'all') return true
  const { text, values } = reachText(reach, orderColumns('o'), 3)
  const order = `select 1 from order_row o where o.bucket = $1 and o.stream = $2 and ${text}`
  return (await sql.query(order, [bucketOf(stream), stream, ...values])).rows.length > 0
}

export interface FactsAsked {
  readonly stream: StreamId
  readonly bornMonth: number
  readonly asOf: AsOf | null
  /** Facts after this seq, at most so many. */
  readonly after: number
  readonly limit: number
}

/** Facts of one stream in the order of writing, personal fields in plain. */
export async function readFacts(sql: Sql, deps: LoadDeps, asked: FactsAsked): Promise<Fact[]> {
  const { stream, bornMonth, asOf, after, limit } = asked
  const values = [bucketOf(stream), stream, bornMonth, after, asOf?.at ?? null, asOf?.by ?? 'occurred', limit]
  return openFacts(sql, deps, (await sql.query<TailRow>(FACTS, values)).rows)
}

export async function countFacts(sql: Sql, asked: Omit<FactsAsked, 'after' | 'limit'>): Promise<number> {
  const { stream, bornMonth, asOf } = asked
  const values = [bucketOf(stream), stream, bornMonth, asOf?.at ?? null, asOf?.by ?? 'occurred']
  return (await sql.query<{ n: number }>(COUNT, values)).rows[0]?.n ?? 0
}

/** A stream as it was. */
export interface Past {
  readonly version: number
  readonly slices: { readonly [slice: string]: unknown }
}

/** Longest ledger that is folded for a look back; a stream of an order has some dozens. */
const MOST_FACTS = 20_000

/** Folds what had happened, or was known, at an instant; null when nothing had. */
export async function foldAsOf(
  sql: Sql,
  deps: LoadDeps,
  asked: Omit<FactsAsked, 'after' | 'limit'>,
): Promise<Past | null> {
  const facts = await readFacts(sql, deps, { ...asked, after: 0, limit: MOST_FACTS })
  const last = facts.at(-1)
  if (!last) return null
  const reactors = reactorsOf('order')
  return { version: last.seq, slices: foldFacts(initialSlices(reactors), facts, reactors) }
}
