import type { CaseDetail, CaseItem, EvidenceItem, FindingItem } from '../../../contract/api/index.ts'
import { exceptionLabel } from '../../../contract/exceptions.ts'
import { kindOfStream } from '../../../contract/identity.ts'
import { accountableOf, type Reach } from '../../../contract/principal.ts'
import type { Fact } from '../../../contract/stream.ts'
import { isoOf } from '../../../kernel/instant.ts'
import { segmentsOf } from '../../../modules/cases/index.ts'
import { type CaseFilter, caseRow, countCases, listCases } from '../../../pipeline/queries/cases.ts'
import { findText, streamsOfNumber } from '../../../pipeline/queries/find.ts'
import { countFindings, findingsBehind, listFindings } from '../../../pipeline/queries/findings.ts'
import { headOf, readFacts } from '../../../pipeline/queries/ledger.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import type { CaseRowTable, FindingRowTable } from '../../../pipeline/queries/tables.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { evidenceItems, shortEvidence } from '../evidence.ts'
import { ruleSaid } from '../evidence-sources.ts'
import { ApiProblem } from '../problem.ts'
import type { Caller, Handlers } from '../serve.ts'
import { factName, loadsOf } from './order.ts'
import { isoOrNull, totalOf } from './orders.ts'

function oneOf(first: string, second: string): ApiProblem {
  const message = `send ${first} or ${second}, not both`
  const errors = [{ pointer: `/query/${second}`, code: 'one_of', message }]
  return new ApiProblem('invalid_request', `/query/${second}: ${message}.`, { errors })
}

export function caseHandlers(deps: HttpDeps): Pick<Handlers, 'listCases' | 'getCase' | 'listFindings'> {
  const { db } = deps
  return {
    async listCases({ query: { limit, cursor, sort, offset, ...asked } }, caller) {
      const filter = await caseFilterOf(deps, asked, caller)
      if (filter === null) return { status: 200, body: { items: [], next: null, total: totalOf(0) } }
      if (cursor !== undefined && offset !== undefined) throw oneOf('cursor', 'offset')
      const list = LISTS.cases[sort]
      const after = list.placeOf(cursor)
      const { rows, next } = await listCases(db, filter, { sort, limit, after, offset })
      const total = after === null ? { total: totalOf(await countCases(db, filter)) } : {}
      return { status: 200, body: { items: await withEvidence(deps, rows), next: list.cursorOf(next), ...total } }
    },
    async getCase({ params: { id } }, { ifNoneMatch, principal }) {
      const row = await caseRowOf(deps, id, reachOf(principal, 'case.read'))
      const etag = `"${row.version}"`
      if (ifNoneMatch === etag) return { status: 304, body: undefined, headers: { etag } }
      return { status: 200, body: await caseDetail(deps, row), headers: { etag } }
    },
    async listFindings({ query: { limit, cursor, order, ...same } }, { principal }) {
      const filter = { ...same, stream: order, reach: reachOf(principal, 'order.read') }
      const place = LISTS.findings.placeOf(cursor)
      const after = place && { raisedAt: place[0], stream: place[1], finding: place[2] }
      const { rows, next } = await listFindings(db, filter, { limit, after })
      const total = after === null ? { total: totalOf(await countFindings(db, filter)) } : {}
      const body = {
        items: rows.map(findingItem),
        next: LISTS.findings.cursorOf(next && [next.raisedAt, next.stream, next.finding]),
      }
      return { status: 200, body: { ...body, ...total } }
    },
  }
}

type Asked = Omit<Parameters<Handlers['listCases']>[0]['query'], 'limit' | 'cursor' | 'sort' | 'offset'>

const CASE_NUMBER = /^c-([0-9a-hjkmnp-tv-z]{4,26})$/i

/** The filter of a request for the database; null when what it looks for is nowhere. */
export async function caseFilterOf(
  deps: HttpDeps,
  asked: Asked,
  { principal, actor }: Caller,
): Promise<CaseFilter | null> {
  const { order, q, owner, ...same } = asked
  const me = owner?.map(o => (o === 'me' ? accountableOf(actor) : o))
  const filter = { ...same, owner: me, reach: reachOf(principal, 'case.read'), now: deps.now() }
  const streams = order === undefined ? undefined : await streamsOf(deps, order)
  if (streams?.length === 0) return null
  const number = q === undefined ? null : CASE_NUMBER.exec(q)
  if (number) return { ...filter, streams, idPrefix: `c-${number[1]!.toLowerCase()}` }
  if (q === undefined) return { ...filter, streams }
  const found = await findText(deps.db, q, { blind: text => deps.blind(text) })
  return found.kind === 'streams' && found.streams.length === 0 ? null : { ...filter, streams, found }
}

/** Rows as the API shows them, each with what speaks for it in short. */
export async function withEvidence(deps: HttpDeps, rows: readonly CaseRowTable[]): Promise<CaseItem[]> {
  const behind = await findingsBehind(deps.db, rows)
  return rows.map(row => caseItem(row, shortOf(deps, behind.get(row.case_id)?.[0])))
}

function shortOf(deps: HttpDeps, finding: FindingRowTable | undefined): EvidenceItem[] {
  if (finding === undefined) return []
  const { constants } = ruleSaid(deps.pipeline.references.rules, ruleOf(finding), deps.now())
  return shortEvidence({ evidence: JSON.parse(finding.evidence), constants })
}

const ruleOf = ({ rule, rule_version }: FindingRowTable) => ({ id: rule, version: rule_version })

async function caseDetail(deps: HttpDeps, row: CaseRowTable): Promise<CaseDetail> {
  const behind = (await findingsBehind(deps.db, [row])).get(row.case_id) ?? []
  const facts = await factsOf(deps, row.stream)
  const ours = facts.filter(fact => isAbout(row, fact))
  const said = ruleSaid(deps.pipeline.references.rules, { id: row.rule, version: row.rule_version }, deps.now())
  const first = behind[0]
  const evidence = first
    ? evidenceItems({
        evidence: JSON.parse(first.evidence),
        constants: ruleSaid(deps.pipeline.references.rules, ruleOf(first), deps.now()).constants,
        facts: facts.filter(fact => fact.occurredAt <= first.raised_at),
      })
    : []
  return {
    ...caseItem(row, evidence),
    reason: said.reason && { ...said.reason },
    hint: said.hint && { ...said.hint },
    segments: segmentsOf(ours).map(({ from, to, kind, who, seq }) => ({
      ...{ from: isoOf(from), to: isoOrNull(to), kind, for: who, seq },
    })),
    findings: behind.map(findingItem),
    history: ours.map(stepItem),
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

const MOST_FACTS = 20_000

async function factsOf(deps: HttpDeps, stream: string): Promise<Fact[]> {
  const head = await headOf(deps.db, stream)
  if (head === null) return []
  const asked = { stream, bornMonth: head.bornMonth, asOf: null, after: 0, limit: MOST_FACTS }
  return readFacts(deps.db, loadsOf(deps), asked)
}

/** Facts about the case itself, and those of its findings. */
const isAbout = ({ case_id, type, scope }: CaseRowTable, { type: t, body }: Fact): boolean =>
  t.startsWith('case.')
    ? body.case === case_id
    : t.startsWith('finding.') && body.type === type && (body.scope ?? '') === scope

/** Notes in plain text, since they are written to be read. */
const stepItem = (fact: Fact): CaseDetail['history'][number] => ({
  seq: fact.seq,
  type: fact.type,
  name: { ...factName(fact.type) },
  actor: fact.actor,
  at: isoOf(fact.occurredAt),
  knownAt: isoOf(fact.knownAt),
  data: { ...fact.body },
})

export const caseItem = (row: CaseRowTable, evidence: CaseItem['evidence'] = []): CaseItem => ({
  id: row.case_id,
  number: caseNumber(row.case_id),
  stream: row.stream,
  version: row.version,
  orderNo: row.order_no,
  channel: row.channel,
  region: row.region,
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
  endedAt: isoOrNull(row.ended_at),
  dueAt: isoOrNull(row.due_at),
  dueBy: row.due_at === null ? null : row.due_at === row.promise_ends_at ? 'promise' : 'budget',
  budgetMs: row.budget,
  pausedMs: row.paused,
  promiseEndsAt: isoOrNull(row.promise_ends_at),
  waiting: waitingOf(row),
  snoozedUntil: isoOrNull(row.snoozed_until),
  updatedAt: isoOf(row.updated_at),
  evidence,
})

const waitingOf = ({ waiting_for, waiting_since, waiting_until }: CaseRowTable): CaseItem['waiting'] =>
  waiting_since === null || waiting_until === null
    ? null
    : { for: waiting_for ?? '', since: isoOf(waiting_since), until: isoOf(waiting_until) }

/** Short enough to be said on the telephone. */
const caseNumber = (id: string): string => id.slice(0, 8).toUpperCase()

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
