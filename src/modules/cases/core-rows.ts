import { SEVERITIES, type Severity } from '../../contract/exceptions.ts'
import type { StreamId } from '../../contract/stream.ts'
import type { Duration, Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { findingKey } from './core-findings.ts'
import type { Case, CaseStatus, CasesState } from './types.ts'
import { isActive } from './types.ts'

/** What a case's row says about the stream it is on; an order's number, channel and total. Amount in minor units. */
export interface Subject {
  readonly orderNo: string | null
  readonly channel: string | null
  readonly amount: number | null
  readonly currency: string | null
  readonly region: string | null
  readonly promiseEndsAt: Instant | null
}

/** One side of a step: a stream's cases and what it was then. */
export interface CasesSide {
  readonly state: CasesState
  readonly subject: Subject
}

/** A whole row of `case_row`, but for its bucket. */
export interface CaseRow {
  readonly case_id: string
  readonly stream: StreamId
  /** Ledger seq of the latest fact that changed the case. */
  readonly version: number
  readonly order_no: string | null
  readonly channel: string | null
  readonly type: string
  readonly scope: string
  readonly severity: Severity
  readonly status: CaseStatus
  readonly holds: boolean
  readonly owner: string | null
  readonly rule: string
  readonly rule_version: number
  readonly cause: string | null
  readonly reopened: number
  /** Money at risk: the subject's amount, in minor units. */
  readonly amount: number | null
  readonly currency: string | null
  readonly opened_at: Instant
  readonly acknowledged_at: Instant | null
  readonly resolved_at: Instant | null
  readonly closed_at: Instant | null
  readonly due_at: Instant | null
  readonly updated_at: Instant
  readonly region: string | null
  readonly waiting_for: string | null
  readonly waiting_since: Instant | null
  readonly waiting_until: Instant | null
  readonly snoozed_until: Instant | null
  readonly budget: Duration | null
  readonly paused: Duration
  readonly promise_ends_at: Instant | null
  readonly over: boolean
  readonly ended_at: Instant | null
}

/** A whole row of `finding_row`, but for its bucket. */
export interface FindingRow {
  readonly stream: StreamId
  readonly finding: string
  readonly rule: string
  readonly rule_version: number
  readonly type: string
  readonly severity: Severity
  readonly holds: boolean
  readonly raised_at: Instant
  readonly cleared_at: Instant | null
  readonly evidence: JsonObject
}

/**
 * Rows of the cases that a step changed; all of them when there is no `before` (rebuild) or when what they say about
 * their subject changed, so that a rebuild gives the rows that the steps wrote.
 */
export function caseRows(stream: StreamId, before: CasesSide | null, after: CasesSide): CaseRow[] {
  const cases = Object.values(after.state.cases)
  if (cases.length === 0) return []
  const same = before !== null && sameSubject(before.subject, after.subject) ? before.state.cases : {}
  return cases.filter(c => same[c.id] !== c).map(c => caseRow(stream, c, after.subject))
}

const sameSubject = (a: Subject, b: Subject): boolean =>
  a === b ||
  (['orderNo', 'channel', 'amount', 'currency', 'region', 'promiseEndsAt'] as const).every(key => a[key] === b[key])

function caseRow(stream: StreamId, c: Case, subject: Subject): CaseRow {
  const { orderNo, channel, amount, currency, region, promiseEndsAt } = subject
  return {
    ...{ case_id: c.id, stream, version: c.last.seq, order_no: orderNo, channel, type: c.type, scope: c.scope },
    ...{
      severity: c.severity,
      status: c.status,
      holds: c.holds,
      owner: c.owner,
      rule: c.rule,
      rule_version: c.version,
    },
    ...{ cause: c.status === 'closed' ? c.cause : null, reopened: c.reopened, amount, currency, opened_at: c.openedAt },
    acknowledged_at: c.status === 'open' ? null : c.acknowledgedAt,
    resolved_at: resolvedAtOf(c),
    closed_at: c.status === 'closed' ? c.closedAt : null,
    due_at: dueAtOf(c, promiseEndsAt),
    updated_at: c.last.at,
    ...{ region, snoozed_until: c.snoozedUntil, budget: c.budget, paused: c.paused, promise_ends_at: promiseEndsAt },
    ...waitOf(c),
    ...{ over: !isActive(c), ended_at: endedAtOf(c) },
  }
}

/**
 * When a case has to be resolved: its opening, its budget and what does not count of its time, or the customer's promise
 * when that is earlier and was not broken before the case was there. A wait is expected to take as long as it was given.
 */
export function dueAtOf(c: Case, promiseEndsAt: Instant | null): Instant | null {
  const wait = c.status === 'waiting' ? c.waitingUntil - c.waitingSince : 0
  const own = c.budget === null ? null : c.openedAt + c.budget + c.paused + wait
  const promised = promiseEndsAt !== null && promiseEndsAt > c.openedAt ? promiseEndsAt : null
  if (own === null || promised === null) return own ?? promised
  return Math.min(own, promised)
}

const waitOf = (c: Case): Pick<CaseRow, 'waiting_for' | 'waiting_since' | 'waiting_until'> =>
  c.status === 'waiting'
    ? { waiting_for: c.waitingFor, waiting_since: c.waitingSince, waiting_until: c.waitingUntil }
    : { waiting_for: null, waiting_since: null, waiting_until: null }

function endedAtOf(c: Case): Instant | null {
  if (c.status === 'closed') return c.closedAt
  return c.status === 'cleared' ? c.clearedAt : null
}

/** A case that cleared was resolved at that instant, by nobody. */
function resolvedAtOf(c: Case): Instant | null {
  if (c.status === 'cleared') return c.clearedAt
  return c.status === 'resolved' || c.status === 'closed' ? c.resolvedAt : null
}

/** Rows of the findings that a step changed; all of them when there is no `before`. */
export function findingRows(stream: StreamId, before: CasesState | null, after: CasesState): FindingRow[] {
  if (before?.findings === after.findings) return []
  const rows: FindingRow[] = []
  for (const [key, f] of Object.entries(after.findings)) {
    if (before?.findings[key] === f) continue
    const { rule, version, type, severity, holding, raisedAt, clearedAt, evidence } = f
    const what = { stream, finding: findingKey(rule, f.scope), rule, rule_version: version, type, severity }
    rows.push({ ...what, holds: holding > 0, raised_at: raisedAt, cleared_at: clearedAt, evidence })
  }
  return rows
}

/** How many cases of a stream are not over, and the severity of the worst of them: what an order's row shows. */
export function openCases(state: CasesState): { open: number; worst: Severity | null } {
  const severities = Object.values(state.cases)
    .filter(isActive)
    .map(c => c.severity)
  return { open: severities.length, worst: SEVERITIES.find(s => severities.includes(s)) ?? null }
}
