import type { Stage } from '../../contract/stages.ts'
import { BUCKETS } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Measure } from '../../modules/insight/index.ts'
import { READ_ORDERS } from '../sql/live.ts'
import { jsonRows, type Sql } from '../sql.ts'
import type { OrderRowTable } from './tables.ts'

// Roll-ups are few rows of 32 groups, read across all of them by measure and hour.

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, i) => i)

/** Null: all channels. */
export type Channels = readonly string[] | null

/** Hours: from, and exclusive to. */
export interface Hours {
  readonly from: number
  readonly to: number
}

const BY_HOUR = `
select measure, hour, dimension, sum(n)::bigint as n, sum(ms)::bigint as ms
from rollup_hour
where measure = any($1::text[]) and hour >= $2 and hour < $3 and ($4::text[] is null or channel = any($4::text[]))
group by measure, hour, dimension having sum(n) <> 0`

export interface HourFigure {
  readonly measure: Measure
  readonly hour: number
  readonly dimension: string
  readonly n: number
  readonly ms: number
}

/** Figures by hour, over all currencies. */
export async function figuresByHour(
  sql: Sql,
  asked: { readonly measures: readonly Measure[]; readonly hours: Hours; readonly channels: Channels },
): Promise<HourFigure[]> {
  const { measures, hours, channels } = asked
  return (await sql.query<HourFigure>(BY_HOUR, [measures, hours.from, hours.to, channels])).rows
}

// Without dimensions: a long look back for the limits of a chart.
const TOTALS = `
select measure, hour, sum(n)::bigint as n
from rollup_hour
where measure = any($1::text[]) and hour >= $2 and hour < $3 and ($4::text[] is null or channel = any($4::text[]))
group by measure, hour having sum(n) <> 0`

export async function totalsByHour(
  sql: Sql,
  asked: { readonly measures: readonly Measure[]; readonly hours: Hours; readonly channels: Channels },
): Promise<Omit<HourFigure, 'dimension' | 'ms'>[]> {
  const { measures, hours, channels } = asked
  return (await sql.query<HourFigure>(TOTALS, [measures, hours.from, hours.to, channels])).rows
}

const MONEY = `
select measure, dimension, currency, sum(n)::bigint as n, sum(amount)::bigint as amount, sum(ms)::bigint as ms
from rollup_hour
where measure = any($1::text[]) and hour >= $2 and hour < $3 and ($4::text[] is null or channel = any($4::text[]))
group by measure, dimension, currency having sum(n) <> 0`

export interface MoneyFigure {
  readonly measure: Measure
  readonly dimension: string
  readonly currency: string
  readonly n: number
  readonly amount: number
  readonly ms: number
}

/** Figures of a whole time by currency. */
export async function figuresOfTime(
  sql: Sql,
  asked: { readonly measures: readonly Measure[]; readonly hours: Hours; readonly channels: Channels },
): Promise<MoneyFigure[]> {
  const { measures, hours, channels } = asked
  return (await sql.query<MoneyFigure>(MONEY, [measures, hours.from, hours.to, channels])).rows
}

const MONEY_BY_SLOT = `
select measure, width_bucket(hour, $2::integer[]) - 1 as slot, currency, sum(amount)::bigint as amount
from rollup_hour
where measure = any($1::text[]) and hour >= $3 and hour < $4 and currency <> ''
  and ($5::text[] is null or channel = any($5::text[]))
group by measure, slot, currency having sum(amount) <> 0`

export interface SlotMoney {
  readonly measure: Measure
  /** Index of the slot. */
  readonly slot: number
  readonly currency: string
  readonly amount: number
}

/** Money by slot; slots are given by the hours at which they begin. */
export async function moneyBySlot(
  sql: Sql,
  asked: {
    readonly measures: readonly Measure[]
    readonly starts: readonly number[]
    readonly to: number
    readonly channels: Channels
  },
): Promise<SlotMoney[]> {
  const { measures, starts, to, channels } = asked
  return (await sql.query<SlotMoney>(MONEY_BY_SLOT, [measures, starts, starts[0] ?? 0, to, channels])).rows
}

const LEVELS = `
select dimension, currency, sum(n)::bigint as n, sum(amount)::bigint as amount
from rollup_level
where measure = $1 and ($2::text[] is null or channel = any($2::text[])) and bucket = any($3::smallint[])
group by dimension, currency having sum(n) <> 0 or sum(amount) <> 0`

export type LevelFigure = Omit<MoneyFigure, 'measure' | 'ms'>

/** What stands now. */
export async function levelsOf(sql: Sql, measure: Measure, channels: Channels): Promise<LevelFigure[]> {
  return (await sql.query<LevelFigure>(LEVELS, [measure, channels, ALL_BUCKETS])).rows
}

const STAYS = `
select stage, width_bucket(hour, $1::integer[]) - 1 as slot, bin, sum(n)::bigint as n
from rollup_stay
where hour >= $2 and hour < $3 and ($4::text[] is null or channel = any($4::text[]))
group by stage, slot, bin having sum(n) > 0`

export interface StayFigure {
  readonly stage: Stage
  /** Index of the slot that the stage was left in. */
  readonly slot: number
  readonly bin: number
  readonly n: number
}

/** Histograms of the stays that ended in each slot; slots are given by the hours at which they begin. */
export async function staysBySlot(
  sql: Sql,
  asked: { readonly starts: readonly number[]; readonly to: number; readonly channels: Channels },
): Promise<StayFigure[]> {
  const { starts, to, channels } = asked
  return (await sql.query<StayFigure>(STAYS, [starts, starts[0] ?? 0, to, channels])).rows
}

const SITTING = `
select o.stage, count(*) as n, count(*) filter (where o.stage_since < l.before) as over
from order_row o
left join unnest($1::text[], $2::bigint[]) as l(stage, before) on l.stage = o.stage
where o.open and o.stage is not null and ($3::text[] is null or o.channel = any($3::text[]))
group by o.stage`

export interface Sitting {
  readonly stage: Stage
  readonly n: number
  /** Since before the instant given for the stage. */
  readonly over: number
}

/** Open orders by the stage that they are in, and those that entered it before an instant. */
export async function sittingNow(
  sql: Sql,
  limits: readonly { readonly stage: Stage; readonly before: Instant }[],
  channels: Channels,
): Promise<Sitting[]> {
  const values = [limits.map(l => l.stage), limits.map(l => l.before), channels]
  return (await sql.query<Sitting>(SITTING, values)).rows
}

const LAG = `
select coalesce(sum(p.next_pos - 1 - coalesce(f.pos, 0)), 0)::bigint as n
from position p left join follower f on f.bucket = p.bucket and f.name = 'tally'
where p.bucket = any($1::smallint[])`

/** Ledger rows that the roll-ups have not seen yet. */
export async function rollupLag(sql: Sql): Promise<number> {
  return (await sql.query<{ n: number }>(LAG, [ALL_BUCKETS])).rows[0]?.n ?? 0
}

const LATEST = `
select l.bucket, l.stream, l.seq, l.pos, l.type, l.actor, l.occurred_at, l.recorded_at, l.body
from unnest($1::smallint[]) as g(b)
cross join lateral (
  select n.bucket, n.stream, n.seq, n.pos, n.type, n.actor, n.occurred_at, n.recorded_at,
    case when n.type like 'case.%' then n.body end as body
  from ledger n
  where (n.bucket / 32) = (g.b / 32) and n.bucket between g.b and g.b + 31 and n.type not like 'finding.%'
    and n.type not in ('feed.heard', 'feed.unheard')
    and n.recorded_month >= $3
  order by n.pos desc limit $2
) as l
order by l.recorded_at desc, l.pos desc limit $2`

export interface LatestRow {
  readonly bucket: number
  readonly stream: string
  readonly seq: number
  readonly type: string
  readonly actor: string
  readonly occurred_at: Instant
  readonly recorded_at: Instant
  /** JSON text, of facts about cases only. */
  readonly body: string | null
}

/** The facts that were written last, over all groups; of this month and the one before. */
export async function latestFacts(sql: Sql, limit: number, fromMonth: number): Promise<LatestRow[]> {
  const homes = ALL_BUCKETS.filter(b => b % 32 === 0)
  return (await sql.query<LatestRow>(LATEST, [homes, limit, fromMonth])).rows
}

/** The rows of the orders that facts are about. */
export async function ordersOf(
  sql: Sql,
  facts: readonly { readonly bucket: number; readonly stream: string }[],
): Promise<Map<string, OrderRowTable>> {
  const asked = [...new Map(facts.map(f => [f.stream, { b: f.bucket, s: f.stream }])).values()]
  if (asked.length === 0) return new Map()
  const { rows } = await sql.query<OrderRowTable>(READ_ORDERS, [jsonRows(asked)])
  return new Map(rows.map(row => [row.stream, row]))
}
