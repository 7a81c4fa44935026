import { sql as raw } from 'kysely'
import { streamIdOf } from '../../contract/identity.ts'
import type { Reach } from '../../contract/principal.ts'
import { BUCKETS, bucketOf } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type Beat, FEED_PART } from '../../modules/channels/index.ts'
import { countKeptBack } from '../feed-shelf.ts'
import { type LoadDeps, loadStreams } from '../load.ts'
import { feedIn } from '../reactors.ts'
import type { Sql } from '../sql.ts'
import { build, type Page, pageOf, run } from './build.ts'
import { COUNT_LIMIT, countOf } from './count.ts'
import { inReach, quarantineColumns } from './scope.ts'
import type { QuarantineTable } from './tables.ts'

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, i) => i)

// ---- quarantine ----

export interface QuarantineFilter {
  /** Of who asks; see `scope.ts`. */
  readonly reach: Reach
  readonly status?: readonly string[]
  readonly stage?: readonly string[]
  readonly code?: readonly string[]
  readonly stream?: string
}

export interface QuarantinePlace {
  readonly at: Instant
  readonly id: string
}

export async function listQuarantine(
  sql: Sql,
  filter: QuarantineFilter,
  page: { readonly limit: number; readonly after: QuarantinePlace | null },
): Promise<Page<QuarantineTable, QuarantinePlace>> {
  const { limit, after } = page
  let query = filtered(filter).selectAll()
  if (after)
    query = query.where('at', '<=', after.at).where(e => e.or([e('at', '<', after.at), e('id', '>', after.id)]))
  const rows = await run(
    sql,
    query
      .orderBy('at', 'desc')
      .orderBy('id')
      .limit(limit + 1),
  )
  return pageOf(rows, limit, row => ({ at: row.at, id: row.id }))
}

/** Whether a quarantined row is within reach. */
export async function isQuarantineInReach(sql: Sql, id: string, reach: Reach): Promise<boolean> {
  if (reach === 'all') return true
  return (await run(sql, filtered({ reach }).select('id').where('id', '=', id).limit(1))).length > 0
}

export const countQuarantine = (sql: Sql, filter: QuarantineFilter): Promise<number> =>
  countOf(sql, filtered(filter).select(raw`1`.as('one')).limit(COUNT_LIMIT))

function filtered(f: QuarantineFilter) {
  let query = build.selectFrom('quarantine')
  if (f.reach !== 'all') query = query.where(inReach(f.reach, quarantineColumns('quarantine')))
  if (f.status) query = query.where('status', 'in', f.status)
  if (f.stage) query = query.where('stage', 'in', f.stage)
  if (f.code) query = query.where('code', 'in', f.code)
  if (f.stream !== undefined) query = query.where('stream', '=', f.stream)
  return query
}

// ---- messages that wait for their order ----

export interface UnmatchedRow {
  readonly id: string
  readonly feed: string
  readonly type: string
  /** JSON text: a list of kind and value. */
  readonly keys: string
  readonly occurred_at: Instant
  readonly recorded_at: Instant
  readonly until: Instant
}

// The list of all buckets keeps the statement fit for a cluster; ids begin with the time.
const UNMATCHED = `
select id, feed, type, keys, occurred_at, recorded_at, until
from unmatched where bucket = any($1::smallint[]) and main and id > $2 and ($4::text[] is null or feed = any($4::text[]))
order by id limit $3`
const UNMATCHED_COUNT = `
select count(*) as n from (
  select 1 from unmatched
  where bucket = any($1::smallint[]) and main and ($2::text[] is null or feed = any($2::text[])) limit ${COUNT_LIMIT}
) as counted`

export async function listUnmatched(
  sql: Sql,
  page: { readonly limit: number; readonly after: string; readonly reach: Reach },
): Promise<Page<UnmatchedRow, string>> {
  const values = [ALL_BUCKETS, page.after, page.limit + 1, feedsIn(page.reach)]
  const { rows } = await sql.query<UnmatchedRow>(UNMATCHED, values)
  return pageOf(rows, page.limit, row => row.id)
}

export async function countUnmatched(sql: Sql, reach: Reach): Promise<number> {
  return (await sql.query<{ n: number }>(UNMATCHED_COUNT, [ALL_BUCKETS, feedsIn(reach)])).rows[0]?.n ?? 0
}

/** What has no order yet is known by its feed alone: who is narrowed in another way sees none of it. Null: all feeds. */
function feedsIn(reach: Reach): string[] | null {
  if (reach === 'all') return null
  return reach.flatMap(({ shops = [], warehouses, owners }) => (warehouses || owners ? [] : shops))
}

// ---- feeds ----

export interface FeedRow {
  readonly name: string
  readonly stream: string
  readonly lastOrderAt: Instant | null
  readonly waiting: number
  readonly overdue: boolean
  readonly beat: Beat | null
  /** Orders of which something is kept back while it is silent. */
  readonly keptBack: number
}

// Walks from one channel to the next on the index: `select distinct` would read every order.
const FEED_NAMES = `
with recursive channels as (
  (select channel from order_row order by channel limit 1)
  union all
  select (select o.channel from order_row o where o.channel > c.channel order by o.channel limit 1)
  from channels c where c.channel is not null
), names as (
  select channel as name from channels where channel is not null
  union
  select feed from (select feed from unmatched where bucket = any($1::smallint[]) limit ${COUNT_LIMIT}) as waiting
  union
  select part from (
    select part from part where bucket = any($1::smallint[]) and kind = '${FEED_PART}' limit ${COUNT_LIMIT}
  ) as spoken
  union
  select unnest($2::text[])
)
select n.name, last.placed_at
from names n left join lateral (
  select o.placed_at from order_row o where o.channel = n.name order by o.placed_at desc nulls last limit 1
) as last on true
order by n.name limit 500`

/** Every feed that an order or a waiting message came by, that was ever listened for, and those of `heard`, with what its own stream counts. */
export async function listFeeds(sql: Sql, loads: LoadDeps, heard: readonly string[]): Promise<FeedRow[]> {
  const { rows } = await sql.query<{ name: string; placed_at: Instant | null }>(FEED_NAMES, [ALL_BUCKETS, heard])
  const streams = rows.map(({ name }) => streamIdOf('feed', 'feed', name))
  const refs = streams.map(stream => ({ stream, bucket: bucketOf(stream), kind: 'feed' as const }))
  const loaded = await loadStreams(sql, loads, refs)
  const kept = await countKeptBack(sql)
  return rows.map(({ name, placed_at }, i) => {
    const state = feedIn(loaded.get(streams[i]!)!.memo.slices)
    const waiting = Object.values(state.waiting).reduce((sum, n) => sum + n, 0)
    const counts = { waiting, overdue: state.overdueSince !== null, keptBack: kept.get(name) ?? 0 }
    return { name, stream: streams[i]!, lastOrderAt: placed_at, ...counts, beat: state.beat ?? null }
  })
}
