import type { Severity } from '../../contract/exceptions.ts'
import type { Duration, Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'

/** `auto`: the case of a finding that stops holding clears by itself. `look`: somebody has to look at it first. */
export type Clears = 'auto' | 'look'

/** That a rule holds, or held, for this stream: one per rule and scope. */
export interface Finding {
  readonly rule: string
  readonly version: number
  readonly type: string
  /** Line, parcel or node it is about; empty for the whole stream; `*` for the collective one of a rule with many. */
  readonly scope: string
  readonly severity: Severity
  readonly clears: Clears
  /** How many hold: 0 or 1, more only for the collective one. */
  readonly holding: number
  /** The latest raise. */
  readonly raisedAt: Instant
  readonly clearedAt: Instant | null
  /** Bounded copy of what the rule read; the ledger has all of it. */
  readonly evidence: JsonObject
  /** Ledger seq of the raise that opens its case; only until that case is there. */
  readonly opens?: number
}

interface CaseBase {
  /** `c-` and 26 characters, from stream, type and scope: the same anomaly is the same case for ever. */
  readonly id: string
  readonly type: string
  readonly scope: string
  readonly severity: Severity
  readonly rule: string
  readonly version: number
  readonly clears: Clears
  /** Whether any finding of this type and scope holds now; what the close gate asks. */
  readonly holds: boolean
  readonly owner: string | null
  readonly openedAt: Instant
  readonly notes: number
  /** How often it came back or was taken up again. */
  readonly reopened: number
  /** The end that the latest re-opening undid; null when the case never ended. */
  readonly reopenedFrom: Instant | null
  /** Out of the lists until then; null: it is in them. */
  readonly snoozedUntil: Instant | null
  /** How long it may take; null for a case that opened before there were budgets. */
  readonly budget: Duration | null
  /** What of its time does not count: waits that are over, and all before it was re-opened. */
  readonly paused: Duration
  /** How often it was closed although the anomaly held. */
  readonly overrides: number
  /** Which rows of the triage table decided; none for a case that no table spoke of. */
  readonly triage?: string
  /** A person gave it to somebody or changed its severity: triage keeps its hands off. */
  readonly byHand?: true
  /** The latest ledger row that changed it. */
  readonly last: { readonly seq: number; readonly at: Instant; readonly type: string; readonly actor: string }
}

/** Since when a case that is not over needs no more than a look, because its anomaly is gone; null while it holds. */
interface Active {
  readonly clearedAt: Instant | null
}

export interface OpenCase extends CaseBase, Active {
  readonly status: 'open'
}
export interface AcknowledgedCase extends CaseBase, Active {
  readonly status: 'acknowledged'
  readonly acknowledgedAt: Instant
}
export interface WorkingCase extends CaseBase, Active {
  readonly status: 'working'
  readonly owner: string
  readonly acknowledgedAt: Instant
  readonly startedAt: Instant
}
/** Nothing can be done until somebody else did something, or until then. */
export interface WaitingCase extends CaseBase, Active {
  readonly status: 'waiting'
  readonly owner: string
  readonly acknowledgedAt: Instant
  /** Null when nobody had started on it: then it is acknowledged again after the wait, else working. */
  readonly startedAt: Instant | null
  readonly waitingFor: string
  readonly waitingSince: Instant
  readonly waitingUntil: Instant
}
export interface ResolvedCase extends CaseBase, Active {
  readonly status: 'resolved'
  readonly acknowledgedAt: Instant
  readonly resolvedAt: Instant
}
/** Over by itself: the anomaly went away before anyone worked on it. */
export interface ClearedCase extends CaseBase {
  readonly status: 'cleared'
  readonly acknowledgedAt: Instant | null
  readonly clearedAt: Instant
}
export interface ClosedCase extends CaseBase {
  readonly status: 'closed'
  readonly acknowledgedAt: Instant
  readonly resolvedAt: Instant
  readonly closedAt: Instant
  readonly cause: string
}

export type ActiveCase = OpenCase | AcknowledgedCase | WorkingCase | WaitingCase | ResolvedCase
export type Case = ActiveCase | ClearedCase | ClosedCase
export type CaseStatus = Case['status']

/** The cases of one stream and the findings behind them. Empty for a touchless order. */
export interface CasesState {
  readonly cases: { readonly [id: string]: Case }
  readonly findings: { readonly [key: string]: Finding }
}

export const NO_CASES: CasesState = { cases: {}, findings: {} }

export const isActive = (c: Case): c is ActiveCase => c.status !== 'cleared' && c.status !== 'closed'
