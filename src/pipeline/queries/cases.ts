import { type Expression, type ExpressionBuilder, sql as raw, type SqlBool } from 'kysely'
import type { Severity } from '../../contract/exceptions.ts'
import type { Reach } from '../../contract/principal.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { CaseStatus } from '../../modules/cases/index.ts'
import type { Sql } from '../sql.ts'
import { build, type Page, pageOf, run } from './build.ts'
import { type CasePlace, type CaseSort, orderOf, placeIn, stretchesAfter } from './case-sort.ts'
import { COUNT_LIMIT, countOf } from './count.ts'
import { type Found, inSearch, isOneOf } from './find.ts'
import { caseColumns, inReach } from './scope.ts'
import type { CaseRowTable, Tables } from './tables.ts'

/** A half-open range: from, and exclusive to. */
type Range<N extends string> = { readonly [K in `${N}From` | `${N}To`]?: number }

export interface CaseFilter
  extends Range<'opened'>,
    Range<'acknowledged'>,
    Range<'resolved'>,
    Range<'ended'>,
    Range<'due'>,
    Range<'amount'> {
  /** Of who asks; see `scope.ts`. */
  readonly reach: Reach
  readonly state?: 'active' | 'over' | 'all'
  readonly status?: readonly CaseStatus[]
  readonly severity?: readonly Severity[]
  readonly type?: readonly string[]
  readonly channel?: readonly string[]
  readonly region?: readonly string[]
  readonly cause?: readonly string[]
  /** `none`: no owner. */
  readonly owner?: readonly string[]
  readonly holds?: boolean
  /** As of `now`. */
  readonly snoozed?: 'hide' | 'only' | 'all'
  readonly now?: Instant
  /** Only cases of these. */
  readonly streams?: readonly string[]
  /** What a free text was found to mean, of the orders; see `find.ts`. */
  readonly found?: Found
  /** Ids that begin so. */
  readonly idPrefix?: string
}

export async function listCases(
  sql: Sql,
  filter: CaseFilter,
  page: {
    readonly sort: CaseSort
    readonly limit: number
    readonly after: CasePlace | null
    readonly offset?: number
  },
): Promise<Page<CaseRowTable, CasePlace>> {
  const { sort, limit, after, offset } = page
  const rows: CaseRowTable[] = []
  for (const stretch of after ? stretchesAfter(sort, after) : [null]) {
    let query = filteredCases(filter).selectAll('o')
    if (stretch) query = query.where(stretch)
    query = query.orderBy(orderOf(sort)).limit(limit + 1 - rows.length)
    if (offset) query = query.offset(offset)
    rows.push(...(await run(sql, query)))
    if (rows.length > limit) break
  }
  return pageOf(rows, limit, row => placeIn(sort, row))
}

export const countCases = (sql: Sql, filter: CaseFilter): Promise<number> =>
  countOf(sql, filteredCases(filter).select(raw`1`.as('one')).limit(COUNT_LIMIT))

type Cases = ExpressionBuilder<Tables & { o: CaseRowTable }, 'o'>

/** The rows of a filter, under the alias `o`. */
export const filteredCases = (f: CaseFilter) =>
  build.selectFrom('case_row as o').where(e => e.and([...plain(e, f), ...ranges(e, f), ...looked(e, f)]))

function plain(e: Cases, f: CaseFilter): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (f.reach !== 'all') all.push(inReach(f.reach, caseColumns('o')))
  if (f.state === 'active') all.push(e('o.over', '=', false))
  if (f.state === 'over') all.push(e('o.over', '=', true))
  for (const column of ['status', 'severity', 'type', 'channel', 'region', 'cause'] as const) {
    const wanted = f[column]
    if (wanted) all.push(e(`o.${column}`, 'in', wanted))
  }
  if (f.holds !== undefined) all.push(e('o.holds', '=', f.holds))
  const { owner } = f
  if (owner) {
    const owners = owner.filter(o => o !== 'none')
    const some = owners.length > 0 ? [e('o.owner', 'in', owners)] : []
    all.push(e.or(owners.length < owner.length ? [...some, e('o.owner', 'is', null)] : some))
  }
  return all
}

const RANGES = [
  ['o.opened_at', 'openedFrom', 'openedTo'],
  ['o.acknowledged_at', 'acknowledgedFrom', 'acknowledgedTo'],
  ['o.resolved_at', 'resolvedFrom', 'resolvedTo'],
  ['o.ended_at', 'endedFrom', 'endedTo'],
  ['o.due_at', 'dueFrom', 'dueTo'],
  ['o.amount', 'amountFrom', 'amountTo'],
] as const

const ranges = (e: Cases, f: CaseFilter): Expression<SqlBool>[] =>
  RANGES.flatMap(([column, from, to]) => {
    const [low, high] = [f[from], f[to]]
    return [...(low === undefined ? [] : [e(column, '>=', low)]), ...(high === undefined ? [] : [e(column, '<', high)])]
  })

function looked(e: Cases, f: CaseFilter): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  const now = f.now ?? 0
  if (f.snoozed === 'only') all.push(e('o.snoozed_until', '>', now))
  if (f.snoozed === 'hide') all.push(e.or([e('o.snoozed_until', 'is', null), e('o.snoozed_until', '<=', now)]))
  // With the bucket beside it, the primary key is the index.
  if (f.streams) all.push(e('o.bucket', 'in', f.streams.map(bucketOf)), e('o.stream', 'in', f.streams))
  if (f.found?.kind === 'streams') all.push(isOneOf(f.found.streams))
  if (f.found?.kind === 'tokens') all.push(inSearch(f.found.readings))
  // Ids are of lower-case letters and digits, which every collation puts before this.
  if (f.idPrefix !== undefined) all.push(e('o.case_id', '>=', f.idPrefix), e('o.case_id', '<=', `${f.idPrefix}zzzz`))
  return all
}

/** One case, when it is within reach. */
export async function caseRow(sql: Sql, id: string, reach: Reach): Promise<CaseRowTable | null> {
  return (await run(sql, filteredCases({ reach }).selectAll('o').where('o.case_id', '=', id).limit(1)))[0] ?? null
}

/** Whether any case of a stream is within reach. */
export async function hasCaseInReach(sql: Sql, stream: string, reach: Reach): Promise<boolean> {
  const query = filteredCases({ reach, streams: [stream] })
    .select(raw`1`.as('one'))
    .limit(1)
  return (await run(sql, query)).length > 0
}
