import { type ExpressionBuilder, sql as raw } from 'kysely'
import type { Severity } from '../../contract/exceptions.ts'
import type { Reach } from '../../contract/principal.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { CaseStatus } from '../../modules/cases/index.ts'
import type { Sql } from '../sql.ts'
import { build, type Page, pageOf, run } from './build.ts'
import { COUNT_LIMIT, countOf } from './count.ts'
import { caseColumns, inReach, streamColumns } from './scope.ts'
import type { CaseRowTable, FindingRowTable, Tables } from './tables.ts'

export interface CaseFilter {
  /** Of who asks; see `scope.ts`. */
  readonly reach: Reach
  readonly status?: readonly CaseStatus[]
  readonly severity?: readonly Severity[]
  readonly type?: readonly string[]
  readonly channel?: readonly string[]
  /** `none`: no owner. */
  readonly owner?: readonly string[]
  /** Only cases of these. */
  readonly streams?: readonly string[]
  readonly openedFrom?: Instant
  /** Exclusive. */
  readonly openedTo?: Instant
}

/** `opened`: the newest first. `severity`: the worst first, the newest among those. */
export type CaseSort = 'opened' | 'severity'

export interface CasePlace {
  readonly severity: Severity
  readonly openedAt: Instant
  readonly id: string
}

export async function listCases(
  sql: Sql,
  filter: CaseFilter,
  page: { readonly sort: CaseSort; readonly limit: number; readonly after: CasePlace | null },
): Promise<Page<CaseRowTable, CasePlace>> {
  const { sort, limit, after } = page
  let query = filtered(filter).selectAll()
  if (after && sort === 'severity') {
    query = query
      .where('severity', '>=', after.severity)
      .where(e => e.or([e('severity', '>', after.severity), laterThan(e, after)]))
  } else if (after) query = query.where('opened_at', '<=', after.openedAt).where(e => laterThan(e, after))
  const sorted = sort === 'severity' ? query.orderBy('severity') : query
  const rows = await run(
    sql,
    sorted
      .orderBy('opened_at', 'desc')
      .orderBy('case_id')
      .limit(limit + 1),
  )
  return pageOf(rows, limit, row => ({ severity: row.severity, openedAt: row.opened_at, id: row.case_id }))
}

const laterThan = (e: ExpressionBuilder<Tables, 'case_row'>, after: CasePlace) =>
  e.or([e('opened_at', '<', after.openedAt), e.and([e('opened_at', '=', after.openedAt), e('case_id', '>', after.id)])])

export const countCases = (sql: Sql, filter: CaseFilter): Promise<number> =>
  countOf(sql, filtered(filter).select(raw`1`.as('one')).limit(COUNT_LIMIT))

function filtered(f: CaseFilter) {
  let query = build.selectFrom('case_row')
  if (f.reach !== 'all') query = query.where(inReach(f.reach, caseColumns('case_row')))
  if (f.status) query = query.where('status', 'in', f.status)
  if (f.severity) query = query.where('severity', 'in', f.severity)
  if (f.type) query = query.where('type', 'in', f.type)
  if (f.channel) query = query.where('channel', 'in', f.channel)
  if (f.openedFrom !== undefined) query = query.where('opened_at', '>=', f.openedFrom)
  if (f.openedTo !== undefined) query = query.where('opened_at', '<', f.openedTo)
  const { owner } = f
  // With the bucket beside it, the primary key is the index.
  if (f.streams) query = query.where('bucket', 'in', f.streams.map(bucketOf)).where('stream', 'in', f.streams)
  if (owner) {
    const owners = owner.filter(o => o !== 'none')
    query = query.where(e =>
      e.or([
        ...(owners.length > 0 ? [e('owner', 'in', owners)] : []),
        ...(owners.length < owner.length ? [e('owner', 'is', null)] : []),
      ]),
    )
  }
  return query
}

/** One case, when it is within reach. */
export async function caseRow(sql: Sql, id: string, reach: Reach): Promise<CaseRowTable | null> {
  return (await run(sql, filtered({ reach }).selectAll().where('case_id', '=', id).limit(1)))[0] ?? null
}

/** Whether any case of a stream is within reach. */
export async function hasCaseInReach(sql: Sql, stream: string, reach: Reach): Promise<boolean> {
  const query = filtered({ reach, streams: [stream] })
    .select(raw`1`.as('one'))
    .limit(1)
  return (await run(sql, query)).length > 0
}

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
