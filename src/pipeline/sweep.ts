import { bucketsOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Sql } from './sql.ts'

const NAME = 'sweep:rules'
const PAGE = 500

const DONE = `select bucket, pos from follower where name = $1`
const OPEN_ORDERS = `
select bucket, stream from order_row
where bucket = any($1::smallint[]) and (bucket, stream) > ($2, $3) and open
order by bucket, stream limit ${PAGE}`
const MARK = `
insert into follower (name, bucket, pos) values ($1, $2, $3)
on conflict (name, bucket) do update set pos = excluded.pos where follower.pos < excluded.pos`

export interface Sweep {
  readonly sql: Sql
  /** The version of the rule set that is in force, and when it is now. */
  readonly version: number
  readonly at: Instant
  readonly groups: readonly number[]
  /** Has these streams reconsidered; resolves when they were, with false when not all of them were. */
  offer(group: number, streams: readonly { bucket: number; stream: string }[]): Promise<boolean>
  readonly signal: AbortSignal
}

/**
 * After a change of the rules every open order is reconsidered once, as backfill. Each group remembers how far it is, so
 * that a restart sweeps a group again at most; the streams of a group that is swept twice find nothing new.
 * Returns how many orders were offered.
 */
export async function sweepOpenOrders(sweep: Sweep): Promise<number> {
  const { sql, version, groups, signal } = sweep
  const { rows } = await sql.query<{ bucket: number; pos: number }>(DONE, [NAME])
  const done = new Map(rows.map(r => [r.bucket, r.pos]))
  let offered = 0
  for (const group of groups) {
    if (signal.aborted) break
    if ((done.get(homeBucketOf(group)) ?? 1) >= version) continue
    const { orders, whole } = await sweepGroup(sweep, group)
    offered += orders
    if (whole) await sql.query(MARK, [NAME, homeBucketOf(group), version])
  }
  return offered
}

async function sweepGroup({ sql, offer, signal }: Sweep, group: number): Promise<{ orders: number; whole: boolean }> {
  let last = { bucket: -1, stream: '' }
  for (let orders = 0; ; ) {
    const values = [bucketsOf(group), last.bucket, last.stream]
    const { rows } = await sql.query<{ bucket: number; stream: string }>(OPEN_ORDERS, values)
    if (rows.length === 0) return { orders, whole: true }
    if (signal.aborted || !(await offer(group, rows))) return { orders, whole: false }
    last = rows.at(-1)!
    orders += rows.length
  }
}
