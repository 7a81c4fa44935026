import { sql as raw } from 'kysely'
import { SEVERITIES, type Severity } from '../../contract/exceptions.ts'
import type { Reach } from '../../contract/principal.ts'
import type { Instant } from '../../kernel/instant.ts'
import { dimensionOf } from '../../modules/insight/index.ts'
import type { Sql } from '../sql.ts'
import { run } from './build.ts'
import { type CaseFilter, filteredCases } from './cases.ts'

export interface OpenCounts {
  readonly open: number
  readonly bySeverity: { readonly [S in Severity]: number }
  readonly overdue: number
  readonly unowned: number
}

/** Cases within reach that are not over. The partial index has them and nothing else. */
export async function countOpen(sql: Sql, reach: Reach, now: Instant): Promise<OpenCounts> {
  const query = filteredCases({ reach, state: 'active' })
    .select(e => [
      'o.severity',
      e.fn.countAll<number>().as('n'),
      raw<number>`count(*) filter (where o.due_at < ${now})`.as('overdue'),
      raw<number>`count(*) filter (where o.owner is null)`.as('unowned'),
    ])
    .groupBy('o.severity')
  const rows = await run(sql, query)
  const sum = (pick: (row: (typeof rows)[number]) => number): number => rows.reduce((all, row) => all + pick(row), 0)
  const of = (severity: Severity): number => rows.find(row => row.severity === severity)?.n ?? 0
  const [P0, P1, P2, P3] = SEVERITIES.map(of)
  return {
    open: sum(r => r.n),
    bySeverity: { P0: P0 ?? 0, P1: P1 ?? 0, P2: P2 ?? 0, P3: P3 ?? 0 },
    overdue: sum(r => r.overdue),
    unowned: sum(r => r.unowned),
  }
}

/** How many cases that are not over belong to each of these. */
export async function countOwned(sql: Sql, owners: readonly string[]): Promise<Map<string, number>> {
  if (owners.length === 0) return new Map()
  const query = filteredCases({ reach: 'all', state: 'active', owner: owners })
    .select(e => ['o.owner', e.fn.countAll<number>().as('n')])
    .groupBy('o.owner')
  return new Map((await run(sql, query)).map(row => [row.owner ?? '', row.n]))
}

/** Open cases that are overdue, and those that will be before `soon`. */
export async function countDue(
  sql: Sql,
  filter: CaseFilter,
  { now, soon }: { readonly now: Instant; readonly soon: Instant },
): Promise<{ readonly overdue: number; readonly soon: number }> {
  const query = filteredCases({ ...filter, dueTo: soon }).select([
    raw<number>`count(*) filter (where o.due_at < ${now})`.as('overdue'),
    raw<number>`count(*) filter (where o.due_at >= ${now})`.as('soon'),
  ])
  return (await run(sql, query))[0] ?? { overdue: 0, soon: 0 }
}

/**
 * How many cases were open and overdue at each of these instants, the earliest first; the deadlines are those that stand
 * now, since a moved one leaves no trace in the rows.
 */
export async function overdueAt(
  sql: Sql,
  filter: CaseFilter,
  instants: readonly Instant[],
): Promise<readonly number[]> {
  const first = instants[0]
  if (first === undefined) return []
  const at = (instant: Instant) =>
    raw`count(*) filter (where o.due_at < ${instant} and (o.ended_at is null or o.ended_at > ${instant}))`
  const query = filteredCases({ ...filter, state: 'all', dueTo: instants.at(-1)! })
    .where(e => e.or([e('o.over', '=', false), e('o.ended_at', '>', first)]))
    .select(raw<number[]>`array[${raw.join(instants.map(at))}]`.as('counts'))
  return (await run(sql, query))[0]?.counts.map(Number) ?? []
}

/** Open cases by severity and type, within any reach. */
export async function openByDimension(
  sql: Sql,
  filter: CaseFilter,
): Promise<{ readonly dimension: string; readonly n: number }[]> {
  const query = filteredCases(filter)
    .select(e => ['o.severity', 'o.type', e.fn.countAll<number>().as('n')])
    .groupBy(['o.severity', 'o.type'])
  return (await run(sql, query)).map(({ severity, type, n }) => ({ dimension: dimensionOf(severity, type), n }))
}
