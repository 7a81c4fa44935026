import { sql as raw } from 'kysely'
import type { Severity } from '../../contract/exceptions.ts'
import type { Reach } from '../../contract/principal.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import { jsonRows, type Sql } from '../sql.ts'
import { build, type Page, pageOf, run } from './build.ts'
import { COUNT_LIMIT, countOf } from './count.ts'
import { inReach, streamColumns } from './scope.ts'
import type { CaseRowTable, FindingRowTable } from './tables.ts'

export interface FindingFilter {
  /** Of who asks; see `scope.ts`. */
  readonly reach: Reach
  readonly rule?: readonly string[]
  readonly type?: readonly string[]
  readonly severity?: readonly Severity[]
  readonly holds?: boolean
  readonly stream?: string
  readonly raisedFrom?: Instant
  /** Exclusive. */
  readonly raisedTo?: Instant
}

export interface FindingPlace {
  readonly raisedAt: Instant
  readonly stream: string
  readonly finding: string
}

export async function listFindings(
  sql: Sql,
  filter: FindingFilter,
  page: { readonly limit: number; readonly after: FindingPlace | null },
): Promise<Page<FindingRowTable, FindingPlace>> {
  const { limit, after } = page
  let query = filteredFindings(filter).selectAll()
  if (after) {
    query = query
      .where('raised_at', '<=', after.raisedAt)
      .where(raw<boolean>`(raised_at < ${after.raisedAt} or (stream, finding) > (${after.stream}, ${after.finding}))`)
  }
  const sorted = query.orderBy('raised_at', 'desc').orderBy('stream').orderBy('finding')
  const rows = await run(sql, sorted.limit(limit + 1))
  return pageOf(rows, limit, row => ({ raisedAt: row.raised_at, stream: row.stream, finding: row.finding }))
}

export const countFindings = (sql: Sql, filter: FindingFilter): Promise<number> =>
  countOf(sql, filteredFindings(filter).select(raw`1`.as('one')).limit(COUNT_LIMIT))

function filteredFindings(f: FindingFilter) {
  let query = build.selectFrom('finding_row')
  if (f.reach !== 'all') query = query.where(inReach(f.reach, streamColumns('finding_row')))
  if (f.rule) query = query.where('rule', 'in', f.rule)
  if (f.type) query = query.where('type', 'in', f.type)
  if (f.severity) query = query.where('severity', 'in', f.severity)
  if (f.holds !== undefined) query = query.where('holds', '=', f.holds)
  if (f.stream !== undefined) query = query.where('bucket', '=', bucketOf(f.stream)).where('stream', '=', f.stream)
  if (f.raisedFrom !== undefined) query = query.where('raised_at', '>=', f.raisedFrom)
  if (f.raisedTo !== undefined) query = query.where('raised_at', '<', f.raisedTo)
  return query
}

const BEHIND = `
select f.* from json_to_recordset($1) as r(b smallint, s text, t text)
join finding_row f on f.bucket = r.b and f.stream = r.s and f.type = r.t`

/** The findings behind cases: of their type and scope, on their stream; those that hold first, then the newest. */
export async function findingsBehind(
  sql: Sql,
  cases: readonly CaseRowTable[],
): Promise<Map<string, readonly FindingRowTable[]>> {
  if (cases.length === 0) return new Map()
  const asked = new Map(cases.map(c => [`${c.stream} ${c.type}`, { b: c.bucket, s: c.stream, t: c.type }]))
  const { rows } = await sql.query<FindingRowTable>(BEHIND, [jsonRows([...asked.values()])])
  const found = Map.groupBy(rows, row => placeOf(row.stream, row.type, scopeOf(row)))
  return new Map(
    cases.map(c => [c.case_id, (found.get(placeOf(c.stream, c.type, c.scope)) ?? []).toSorted(firstOfTwo)]),
  )
}

const placeOf = (stream: string, type: string, scope: string): string => `${stream} ${type} ${scope}`
// A finding's id is its rule, and its scope after a slash where it has one.
const scopeOf = ({ finding, rule }: FindingRowTable): string => (finding === rule ? '' : finding.slice(rule.length + 1))
const firstOfTwo = (a: FindingRowTable, b: FindingRowTable): number =>
  Number(b.holds) - Number(a.holds) || b.raised_at - a.raised_at
