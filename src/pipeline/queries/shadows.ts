import { DAY, type Instant } from '../../kernel/instant.ts'
import type { Sql } from '../sql.ts'

export interface ShadowOf {
  readonly rule: string
  readonly version: number
  readonly since: Instant
}

/** What a rule in shadow would have done, and what became of the orders without it. */
export interface ShadowCounts {
  readonly hits: number
  readonly orders: number
  readonly holding: number
  /** Of the orders: those on which a person did something after the hit, and on which a live rule has a case. */
  readonly touched: number
  readonly withCase: number
  readonly cancelled: number
  readonly late: number
  readonly delivered: number
  /** Of the live version of the same rule, in the same time: orders with a finding, and those that both have. */
  readonly liveOrders: number
  readonly both: number
}

/** More hits than this are counted as so many: figures of a shadow need no more to be judged. */
export const MOST_COUNTED = 20_000

const HITS = `
with hit as (
  select bucket, stream, min(raised_at) as raised_at, count(*) as n, bool_or(cleared_at is null) as holding
  from (
    select bucket, stream, raised_at, cleared_at from shadow_row
    where rule = $1 and rule_version = $2 and raised_at >= $3 order by raised_at desc limit ${MOST_COUNTED}
  ) as newest group by bucket, stream
)
select coalesce(sum(h.n), 0)::integer as hits, count(*)::integer as orders,
  (count(*) filter (where h.holding))::integer as holding,
  (count(*) filter (where exists (
    select 1 from act_row a where a.bucket = h.bucket and a.stream = h.stream and a.at >= h.raised_at)))::integer as touched,
  (count(*) filter (where exists (
    select 1 from case_row c where c.bucket = h.bucket and c.stream = h.stream)))::integer as with_case,
  (count(*) filter (where o.cancelled))::integer as cancelled,
  (count(*) filter (where not o.cancelled and o.promise_ends_at is not null
    and coalesce(o.delivered_at, $4) >= o.promise_ends_at))::integer as late,
  (count(*) filter (where o.delivered_at is not null))::integer as delivered,
  (count(*) filter (where exists (
    select 1 from finding_row f where f.bucket = h.bucket and f.stream = h.stream and f.rule = $1)))::integer as both
from hit h left join order_row o on o.bucket = h.bucket and o.stream = h.stream`

const LIVE = `
select count(*)::integer as n from (
  select 1 from finding_row where raised_at >= $2 and rule = $1 limit ${MOST_COUNTED}
) as counted`

interface CountRow {
  hits: number
  orders: number
  holding: number
  touched: number
  with_case: number
  cancelled: number
  late: number
  delivered: number
  both: number
}

export async function shadowCounts(sql: Sql, of: ShadowOf, now: Instant): Promise<ShadowCounts> {
  const { rows } = await sql.query<CountRow>(HITS, [of.rule, of.version, of.since, now])
  const live = (await sql.query<{ n: number }>(LIVE, [of.rule, of.since])).rows[0]?.n ?? 0
  const { with_case: withCase, ...counts } = rows[0]!
  return { ...counts, withCase, liveOrders: live }
}

const DAYS = `
select (raised_at / ${DAY})::integer as day, count(*)::integer as n from (
  select raised_at from shadow_row
  where rule = $1 and rule_version = $2 and raised_at >= $3 order by raised_at desc limit ${MOST_COUNTED}
) as newest group by 1 order by 1`

/** Hits by day (UTC, since 1970). */
export const shadowDays = async (sql: Sql, of: ShadowOf): Promise<{ day: number; n: number }[]> =>
  (await sql.query<{ day: number; n: number }>(DAYS, [of.rule, of.version, of.since])).rows

export interface ShadowHit {
  readonly stream: string
  readonly raised_at: Instant
  readonly cleared_at: Instant | null
  readonly order_no: string | null
  readonly status: string | null
  readonly case_id: string | null
  readonly case_status: string | null
  /** What people did with the order since. */
  readonly acts: number
}

/** The orders behind it, the newest first. */
export async function shadowHits(
  sql: Sql,
  of: ShadowOf,
  page: { readonly limit: number; readonly after: { readonly at: Instant; readonly stream: string } | null },
): Promise<ShadowHit[]> {
  const { rows } = await sql.query<ShadowHit>(
    `select s.stream, s.raised_at, s.cleared_at, o.order_no, o.status, c.case_id, c.status as case_status,
       (select count(*) from act_row a where a.bucket = s.bucket and a.stream = s.stream and a.at >= s.raised_at)::integer as acts
     from shadow_row s
     join order_row o on o.bucket = s.bucket and o.stream = s.stream
     left join lateral (
       select case_id, status from case_row c where c.bucket = s.bucket and c.stream = s.stream
       order by c.opened_at desc limit 1
     ) as c on true
     where s.rule = $1 and s.rule_version = $2 and s.raised_at >= $3 and s.raised_at <= $4
       and (s.raised_at < $4 or s.stream > $5)
     order by s.raised_at desc, s.stream limit $6`,
    [
      ...[of.rule, of.version, of.since, page.after?.at ?? Number.MAX_SAFE_INTEGER, page.after?.stream ?? ''],
      page.limit + 1,
    ],
  )
  return rows
}
