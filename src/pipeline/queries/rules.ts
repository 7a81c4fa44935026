import { BUCKETS } from '../../kernel/bucket.ts'
import { DAY, type Instant } from '../../kernel/instant.ts'
import type { Sql } from '../sql.ts'

/** What a rule did in the last days. */
export interface RuleCounts {
  hits: number
  /** By day, the oldest first. */
  readonly spark: number[]
  cases: number
  /** Now, whenever they were opened. */
  open: number
  /** Gone before anybody worked on them. */
  alone: number
  closed: number
  /** Of the closed ones. */
  falseAlarms: number
}

export interface RuleStats {
  readonly days: number
  /** Orders placed in these days. */
  readonly orders: number
  readonly rules: ReadonlyMap<string, RuleCounts>
}

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, i) => i)

/** By the key: measure and day are few, the buckets all. */
const FINDINGS = `
select day, dimension as rule, measure, sum(n)::bigint as n from rollup_day
where bucket = any($1::smallint[]) and day between $2 and $3 and measure in ('finding.raised', 'order.placed')
group by day, dimension, measure`

/** Cases opened since then, on the index by opening: a month of them. And those that are not over, however old. */
const CASES = `
select rule, status, cause = 'false_alarm' as false_alarm, opened_at >= $1 as recent, count(*) as n from case_row
where opened_at >= $1 or not over group by 1, 2, 3, 4`

interface FindingCell {
  day: number
  rule: string
  measure: string
  n: number
}

interface CaseCell {
  rule: string
  status: string
  false_alarm: boolean | null
  recent: boolean
  n: number
}

/** What each rule found in the last `days` days (UTC, today is one of them), and what became of its cases. */
export async function ruleStats(sql: Sql, now: Instant, days: number): Promise<RuleStats> {
  const today = Math.floor(now / DAY)
  const first = today - days + 1
  const found = await sql.query<FindingCell>(FINDINGS, [ALL_BUCKETS, first, today])
  const cases = await sql.query<CaseCell>(CASES, [first * DAY])
  const rules = new Map<string, RuleCounts>()
  const of = (rule: string): RuleCounts => {
    const counts = rules.get(rule) ?? emptyCounts(days)
    rules.set(rule, counts)
    return counts
  }
  let orders = 0
  for (const { day, rule, measure, n } of found.rows) {
    if (measure === 'order.placed') orders += n
    else {
      const counts = of(rule)
      counts.hits += n
      counts.spark[day - first] = n
    }
  }
  for (const cell of cases.rows) countCase(of(cell.rule), cell)
  return { days, orders, rules }
}

export const emptyCounts = (days: number): RuleCounts => ({
  ...{ hits: 0, spark: Array.from({ length: days }, () => 0), cases: 0, open: 0, alone: 0, closed: 0, falseAlarms: 0 },
})

function countCase(counts: RuleCounts, { status, false_alarm, recent, n }: CaseCell): void {
  if (recent) counts.cases += n
  if (status === 'cleared') counts.alone += n
  else if (status === 'closed') {
    counts.closed += n
    if (false_alarm === true) counts.falseAlarms += n
  } else counts.open += n
}

export interface SweepRow {
  readonly node: string
  readonly status: 'running' | 'done'
  readonly progress: {
    readonly turn: Instant
    /** Groups. */
    readonly done: number
    readonly total: number
    readonly orders: number
    readonly startedAt: Instant
    readonly endedAt: Instant | null
  }
}

const SWEEPS = `select id, status, progress from job where kind = 'sweep' order by updated_at desc limit 50`

/** How far each node is, or was, with the newest change that it swept for. */
export async function readSweeps(sql: Sql): Promise<SweepRow[]> {
  const { rows } = await sql.query<{ id: string; status: string; progress: string }>(SWEEPS)
  return rows.map(row => ({
    node: row.id.slice('sweep:'.length),
    status: row.status === 'done' ? 'done' : 'running',
    // Safe: `RuleWatch` wrote it.
    progress: JSON.parse(row.progress) as SweepRow['progress'],
  }))
}
