import type { CaseItem, FindingItem } from '../../../contract/api/index.ts'
import { exceptionLabel } from '../../../contract/exceptions.ts'
import { kindOfStream } from '../../../contract/identity.ts'
import type { Reach } from '../../../contract/principal.ts'
import type { Fact } from '../../../contract/stream.ts'
import { isoOf } from '../../../kernel/instant.ts'
import { caseRow, countCases, countFindings, listCases, listFindings } from '../../../pipeline/queries/cases.ts'
import { streamsOfNumber } from '../../../pipeline/queries/find.ts'
import { headOf, readFacts } from '../../../pipeline/queries/ledger.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import type { CaseRowTable, FindingRowTable } from '../../../pipeline/queries/tables.ts'
import { cursorOf, PLACES, placeOf } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { factName, loadsOf } from './order.ts'
import { isoOrNull, totalOf } from './orders.ts'

export function caseHandlers(deps: HttpDeps): Pick<Handlers, 'listCases' | 'getCase' | 'listFindings'> {
  const { db } = deps
  return {
    async listCases({ query: { limit, cursor, sort, order, ...same } }, { principal }) {
      const streams = order === undefined ? undefined : await streamsOf(deps, order)
      if (streams?.length === 0) return { status: 200, body: { items: [], next: null, total: totalOf(0) } }
      const filter = { ...same, streams, reach: reachOf(principal, 'case.read') }
      const place = placeOf(PLACES.bySeverity, cursor)
      const after = place && { severity: place[0], openedAt: place[1], id: place[2] }
      const { rows, next } = await listCases(db, filter, { sort, limit, after })
      const total = after === null ? { total: totalOf(await countCases(db, filter)) } : {}
      const body = { items: rows.map(caseItem), next: cursorOf(next && [next.severity, next.openedAt, next.id]) }
      return { status: 200, body: { ...body, ...total } }
    },
    async getCase({ params: { id } }, { ifNoneMatch, principal }) {
      const row = await caseRowOf(deps, id, reachOf(principal, 'case.read'))
      const etag = `"${row.version}"`
      if (ifNoneMatch === etag) return { status: 304, body: undefined, headers: { etag } }
      const findings = await listFindings(
        db,
        { reach: 'all', stream: row.stream, type: [row.type] },
        { limit: 200, after: null },
      )
      const behind = findings.rows.filter(f => scopeOf(f) === row.scope)
      const body = { ...caseItem(row), findings: behind.map(findingItem), history: await historyOf(deps, row) }
      return { status: 200, body, headers: { etag } }
    },
    async listFindings({ query: { limit, cursor, order, ...same } }, { principal }) {
      const filter = { ...same, stream: order, reach: reachOf(principal, 'order.read') }
      const place = placeOf(PLACES.byInstantAndStream, cursor)
      const after = place && { raisedAt: place[0], stream: place[1], finding: place[2] }
      const { rows, next } = await listFindings(db, filter, { limit, after })
      const total = after === null ? { total: totalOf(await countFindings(db, filter)) } : {}
      const body = { items: rows.map(findingItem), next: cursorOf(next && [next.raisedAt, next.stream, next.finding]) }
      return { status: 200, body: { ...body, ...total } }
    },
  }
}

const streamsOf = async ({ db }: HttpDeps, order: string): Promise<readonly string[]> =>
  kindOfStream(order) === null ? streamsOfNumber(db, order) : [order]

/** @throws ApiProblem case_not_found, also for what is beyond the reach: who may not see it learns nothing of it */
export async function caseRowOf(deps: HttpDeps, id: string, reach: Reach): Promise<CaseRowTable> {
  const row = await caseRow(deps.db, id, reach)
  if (row === null) throw new ApiProblem('case_not_found', `There is no case ${id}: look it up with GET /v1/cases.`)
  return row
}

// A finding's id is its rule, and its scope after a slash where it has one.
const scopeOf = ({ finding, rule }: FindingRowTable): string => (finding === rule ? '' : finding.slice(rule.length + 1))

const MOST_FACTS = 20_000

/** Facts about the case itself, and those of its findings; notes in plain text, since they are written to be read. */
async function historyOf(deps: HttpDeps, { stream, case_id, type, scope }: CaseRowTable) {
  const head = await headOf(deps.db, stream)
  if (head === null) return []
  const asked = { stream, bornMonth: head.bornMonth, asOf: null, after: 0, limit: MOST_FACTS }
  const facts = await readFacts(deps.db, loadsOf(deps), asked)
  const isOurs = ({ type: t, body }: Fact): boolean =>
    t.startsWith('case.')
      ? body.case === case_id
      : t.startsWith('finding.') && body.type === type && (body.scope ?? '') === scope
  return facts.filter(isOurs).map(fact => ({
    seq: fact.seq,
    type: fact.type,
    name: { ...factName(fact.type) },
    actor: fact.actor,
    at: isoOf(fact.occurredAt),
    knownAt: isoOf(fact.knownAt),
    data: { ...fact.body },
  }))
}

export const caseItem = (row: CaseRowTable): CaseItem => ({
  id: row.case_id,
  stream: row.stream,
  version: row.version,
  orderNo: row.order_no,
  channel: row.channel,
  type: row.type,
  name: { ...exceptionLabel(row.type) },
  scope: row.scope,
  severity: row.severity,
  status: row.status,
  holds: row.holds,
  owner: row.owner,
  rule: { id: row.rule, version: row.rule_version },
  cause: row.cause,
  reopened: row.reopened,
  amount: row.amount === null ? null : { minor: row.amount, currency: row.currency },
  openedAt: isoOf(row.opened_at),
  acknowledgedAt: isoOrNull(row.acknowledged_at),
  resolvedAt: isoOrNull(row.resolved_at),
  closedAt: isoOrNull(row.closed_at),
  dueAt: isoOrNull(row.due_at),
  updatedAt: isoOf(row.updated_at),
})

const findingItem = (row: FindingRowTable): FindingItem => ({
  id: row.finding,
  stream: row.stream,
  rule: { id: row.rule, version: row.rule_version },
  type: row.type,
  name: { ...exceptionLabel(row.type) },
  severity: row.severity,
  holds: row.holds,
  raisedAt: isoOf(row.raised_at),
  clearedAt: isoOrNull(row.cleared_at),
  evidence: JSON.parse(row.evidence),
})
