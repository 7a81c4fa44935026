import { bucketsOf, GROUPS, homeBucketOf } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Sql } from './sql.ts'

const NAME = 'sweep:turns'
const PAGE = 500

const DONE = `select bucket, pos from follower where name = $1`
/** Open orders and those with open cases, in the order of the key: the page goes on where the last one ended. */
const OPEN_ORDERS = `
select bucket, stream from order_row
where bucket = any($1::smallint[]) and (bucket, stream) > ($2, $3) and (open or open_cases > 0)
order by bucket, stream limit ${PAGE}`
/** Feeds and whatever else is no order, by their cases that are not over: a triage table counts for these as well. */
const OTHERS = `
select distinct bucket, stream from case_row
where bucket = any($1::smallint[]) and (bucket, stream) > ($2, $3) and not over and order_no is null
order by bucket, stream limit ${PAGE}`
const MARK = `
insert into follower (name, bucket, pos) values ($1, $2, $3)
on conflict (name, bucket) do update set pos = excluded.pos where follower.pos < excluded.pos`

export interface Swept {
  readonly bucket: number
  readonly stream: string
}

export interface Sweep {
  readonly sql: Sql
  /** The instant from which other rules stand; open orders are reconsidered at it. */
  readonly turn: Instant
  /** Groups that one lane has, for each lane: lanes sweep beside each other. */
  readonly lanes: readonly (readonly number[])[]
  /** Which of these streams a change of the rules changes. */
  look(streams: readonly Swept[]): Promise<readonly Swept[]>
  /** Has these streams reconsidered; resolves when they were, with false when not all of them were. */
  offer(group: number, streams: readonly Swept[]): Promise<boolean>
  /** A page was done, or a group. */
  progress(orders: number, groups: number): Promise<void>
  /** All orders of the group were reconsidered, and that is stored. */
  done(group: number): void
  readonly signal: AbortSignal
}

/** Up to which turn the orders of each group were reconsidered; groups that never were are left out. */
export async function readSwept(sql: Sql): Promise<Map<number, Instant>> {
  const { rows } = await sql.query<{ bucket: number; pos: number }>(DONE, [NAME])
  const done = new Map(rows.map(r => [r.bucket, r.pos]))
  return new Map(
    Array.from({ length: GROUPS }, (_, group) => group).flatMap(group => {
      const at = done.get(homeBucketOf(group))
      return at === undefined ? [] : [[group, at]]
    }),
  )
}

/**
 * After a change of the rules every open order is reconsidered once, as backfill: behind all that waits, a page at a
 * time. Each group remembers that it is done, so that a restart sweeps a group again at most; orders that are swept twice
 * find nothing new.
 */
export async function sweepOpenOrders(sweep: Sweep): Promise<void> {
  await Promise.all(
    sweep.lanes.map(async groups => {
      for (const group of groups) {
        if (sweep.signal.aborted) return
        if (!(await sweepGroup(sweep, group))) continue
        await sweep.sql.query(MARK, [NAME, homeBucketOf(group), sweep.turn])
        sweep.done(group)
        await sweep.progress(0, 1)
      }
    }),
  )
}

/** The next page is read and looked at while the last one is decided; true when the group was swept to its end. */
async function sweepGroup(sweep: Sweep, group: number): Promise<boolean> {
  return (await sweepPages(sweep, group, OPEN_ORDERS)) && (await sweepPages(sweep, group, OTHERS))
}

async function sweepPages(sweep: Sweep, group: number, text: string): Promise<boolean> {
  const pageAfter = async ({ bucket, stream }: Swept): Promise<Swept[]> =>
    (await sweep.sql.query<{ bucket: number; stream: string }>(text, [bucketsOf(group), bucket, stream])).rows
  let page = await pageAfter({ bucket: -1, stream: '' })
  let deciding = Promise.resolve(true)
  let told = 0
  while (page.length > 0) {
    if (sweep.signal.aborted) return false
    const [changed, next] = await Promise.all([sweep.look(page), pageAfter(page.at(-1)!)])
    if (!(await deciding)) return false
    await sweep.progress(told, 0)
    deciding = sweep.offer(group, changed)
    // Whoever waits for it next is told.
    deciding.catch(() => {})
    told = page.length
    page = next
  }
  if (!(await deciding)) return false
  await sweep.progress(told, 0)
  return true
}
