import type { CaseFactType } from '../../contract/case-facts.ts'
import { accountableOf } from '../../contract/principal.ts'
import type { Fact } from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import { atOf, clearsIn, countIn, instantIn, severityIn, textIn } from './core-body.ts'
import { claimOpening, clear, endOpening, findingOf, holdersOf, raise } from './core-findings.ts'
import type { ActiveCase, Case, CaseStatus, CasesState, OpenCase } from './types.ts'
import { isActive } from './types.ts'

type Change = (c: Case, fact: Fact) => Case

/** What each fact does to its case. Facts are history: they are taken as decided, whatever the case looks like. */
const CHANGES: { readonly [type in Exclude<CaseFactType, 'case.opened'>]: Change } = {
  'case.reopened': reopened,
  'case.cleared': cleared,
  'case.acknowledged': (c, fact) => ({
    ...baseOf(c, fact.occurredAt),
    ...marks(c),
    status: 'acknowledged',
    owner: ownerOf(c, fact),
    acknowledgedAt: fact.occurredAt,
  }),
  'case.assigned': assigned,
  'case.started': (c, fact) => ({
    ...baseOf(c, fact.occurredAt),
    ...marks(c),
    status: 'working',
    owner: ownerOf(c, fact) ?? accountableOf(fact.actor),
    acknowledgedAt: acknowledgedAtOf(c) ?? fact.occurredAt,
    startedAt: fact.occurredAt,
  }),
  'case.waiting': waiting,
  'case.resumed': resumed,
  'case.snoozed': (c, { body }) => ({ ...c, snoozedUntil: instantIn(body, 'until') }),
  'case.released': released,
  'case.noted': c => ({ ...c, notes: c.notes + 1 }),
  'case.triaged': triaged,
  'case.severity_set': (c, { body }) => ({
    ...c,
    byHand: true,
    severity: severityIn(body, c.severity),
    budget: body.budget === undefined ? c.budget : countIn(body, 'budget', 0),
  }),
  'case.resolved': (c, fact) => ({
    ...baseOf(c, fact.occurredAt),
    ...marks(c),
    status: 'resolved',
    acknowledgedAt: acknowledgedAtOf(c) ?? fact.occurredAt,
    resolvedAt: fact.occurredAt,
  }),
  'case.closed': closed,
}

const CHANGE_OF = new Map<string, Change>(Object.entries(CHANGES))

/** Folds one fact. Total: what is not about findings or cases, or names a case that is not there, changes nothing. */
export function evolve(state: CasesState, fact: Fact): CasesState {
  if (fact.type === 'finding.raised') return raised(state, fact)
  if (fact.type === 'finding.cleared') return withFindings(state, clear(state.findings, fact), fact)
  if (fact.type === 'case.opened') return opened(state, fact)
  const change = CHANGE_OF.get(fact.type)
  const c = change && caseIn(state, textIn(fact.body, 'case'))
  return change && c ? put(state, touched(change(c, fact), fact)) : state
}

/** The case with this id, or null. Ids come from outside: a name that every object has is not a case. */
export const caseIn = (state: CasesState, id: string | null): Case | null =>
  id !== null && Object.hasOwn(state.cases, id) ? state.cases[id]! : null

const put = (state: CasesState, c: Case): CasesState => ({ ...state, cases: { ...state.cases, [c.id]: c } })

const touched = <C extends Case>(c: C, { seq, recordedAt, type, actor }: Fact): C => ({
  ...c,
  last: { seq, at: recordedAt, type, actor },
})

function raised(state: CasesState, fact: Fact): CasesState {
  const findings = raise(state.findings, fact)
  const f = findingOf(findings, fact.body)
  if (f === null) return state
  const known = Object.values(state.cases).some(c => c.type === f.type && c.scope === f.scope)
  return withFindings(state, known ? findings : claimOpening(findings, fact), fact)
}

/** Takes over new findings and what follows for the cases of their type and scope: whether they hold. */
function withFindings(state: CasesState, findings: CasesState['findings'], fact: Fact): CasesState {
  if (findings === state.findings) return state
  let cases = state.cases
  for (const c of Object.values(state.cases)) {
    const holds = holdersOf(findings, c).length > 0
    if (holds !== c.holds) cases = { ...cases, [c.id]: touched({ ...c, holds }, fact) }
  }
  return { cases, findings }
}

function opened(state: CasesState, fact: Fact): CasesState {
  const { body } = fact
  const id = textIn(body, 'case')
  const type = textIn(body, 'type')
  if (id === null || type === null || caseIn(state, id)) return state
  const scope = textIn(body, 'scope') ?? ''
  const fresh: OpenCase = {
    id,
    type,
    scope,
    severity: severityIn(body, 'P2'),
    rule: textIn(body, 'rule') ?? type,
    version: countIn(body, 'version', 1),
    clears: clearsIn(body),
    holds: holdersOf(state.findings, { type, scope }).length > 0,
    owner: textIn(body, 'owner'),
    openedAt: atOf(fact),
    notes: 0,
    reopened: 0,
    reopenedFrom: null,
    snoozedUntil: null,
    budget: body.budget === undefined ? null : countIn(body, 'budget', 0),
    paused: 0,
    overrides: 0,
    ...(body.triage !== undefined && { triage: textIn(body, 'triage') ?? '' }),
    last: { seq: fact.seq, at: fact.recordedAt, type: fact.type, actor: fact.actor },
    status: 'open',
    clearedAt: null,
  }
  return put({ ...state, findings: endOpening(state.findings, fresh) }, fresh)
}

/** Back to open when it was over or resolved; a case in hand keeps its status and its owner. */
function reopened(c: Case, fact: Fact): Case {
  const { body } = fact
  // A person may take up a case again although its anomaly is gone: then it is there for a look, not to clear at once.
  const clearedAt = c.holds || textIn(body, 'rule') !== null ? null : atOf(fact)
  const again = {
    severity: severityIn(body, c.severity),
    rule: textIn(body, 'rule') ?? c.rule,
    version: countIn(body, 'version', c.version),
    clears: body.clears === undefined ? c.clears : clearsIn(body),
    budget: body.budget === undefined ? c.budget : countIn(body, 'budget', 0),
    reopened: countIn(body, 'times', c.reopened + 1),
    reopenedFrom: endOf(c),
  }
  if (isActive(c) && c.status !== 'resolved') return { ...c, ...again, clearedAt }
  // Its clock begins anew: nothing before counts.
  const at = atOf(fact)
  const clock = { snoozedUntil: null, paused: Math.max(at - c.openedAt, 0) }
  return { ...baseOf(c, at), ...again, ...clock, status: 'open', clearedAt }
}

function cleared(c: Case, fact: Fact): Case {
  const clearedAt = atOf(fact)
  if (textIn(fact.body, 'status') === 'cleared') {
    return { ...baseOf(c, clearedAt), status: 'cleared', clearedAt, acknowledgedAt: acknowledgedAtOf(c) }
  }
  return isActive(c) ? { ...c, clearedAt } : c
}

/** Only what nobody took up is routed again. */
function triaged(c: Case, { body }: Fact): Case {
  if (c.status !== 'open') return c
  const severity = severityIn(body, c.severity)
  const budget = countIn(body, 'budget', c.budget ?? 0)
  return { ...c, severity, budget, owner: textIn(body, 'owner'), triage: textIn(body, 'triage') ?? '' }
}

function assigned(c: Case, { body, actor }: Fact): Case {
  const owner = textIn(body, 'owner')
  const isInHand = c.status === 'working' || c.status === 'waiting'
  const byHand = true
  return isInHand ? { ...c, byHand, owner: owner ?? accountableOf(actor) } : { ...c, byHand, owner }
}

function waiting(c: Case, fact: Fact): Case {
  const { body, occurredAt } = fact
  return {
    ...baseOf(c, occurredAt),
    ...marks(c),
    status: 'waiting',
    owner: ownerOf(c, fact) ?? accountableOf(fact.actor),
    acknowledgedAt: acknowledgedAtOf(c) ?? occurredAt,
    startedAt: startedAtOf(c),
    waitingFor: textIn(body, 'for') ?? '',
    waitingSince: occurredAt,
    waitingUntil: instantIn(body, 'until') ?? occurredAt,
  }
}

function resumed(c: Case, { occurredAt }: Fact): Case {
  if (c.status !== 'waiting') return c
  const { owner, acknowledgedAt, startedAt } = c
  const base = { ...baseOf(c, occurredAt), ...marks(c), owner, acknowledgedAt }
  return startedAt === null ? { ...base, status: 'acknowledged' } : { ...base, status: 'working', startedAt }
}

/** What a wait ends with: work goes on, or nobody had begun. */
export const statusAfterWait = (c: Case): CaseStatus => (startedAtOf(c) === null ? 'acknowledged' : 'working')

function released(c: Case, { body, occurredAt }: Fact): Case {
  // What somebody gave back is theirs to place: triage does not take it to where it came from.
  return { ...baseOf(c, occurredAt), ...marks(c), status: 'open', owner: textIn(body, 'owner'), byHand: true }
}

function closed(c: Case, { body, occurredAt }: Fact): Case {
  return {
    ...baseOf(c, occurredAt),
    status: 'closed',
    acknowledgedAt: acknowledgedAtOf(c) ?? occurredAt,
    resolvedAt: c.status === 'resolved' ? c.resolvedAt : c.status === 'cleared' ? c.clearedAt : occurredAt,
    closedAt: occurredAt,
    cause: textIn(body, 'cause') ?? 'other',
    overrides: c.overrides + (body.override === undefined ? 0 : 1),
  }
}

/** When the case was over, for the link of a re-opened one; null while it is in hand. */
export function endOf(c: Case): Instant | null {
  if (c.status === 'closed') return c.closedAt
  if (c.status === 'cleared') return c.clearedAt
  return c.status === 'resolved' ? c.resolvedAt : c.clearedAt
}

const acknowledgedAtOf = (c: Case): Instant | null => (c.status === 'open' ? null : c.acknowledgedAt)
const ownerOf = (c: Case, fact: Fact): string | null => textIn(fact.body, 'owner') ?? c.owner
const marks = (c: Case): Pick<ActiveCase, 'clearedAt'> => ({ clearedAt: isActive(c) ? c.clearedAt : null })

const startedAtOf = (c: Case): Instant | null => (c.status === 'working' || c.status === 'waiting' ? c.startedAt : null)

/** What a case keeps through every change of its status at `at`; a wait that this ends does not count. */
function baseOf(c: Case, at: Instant) {
  const { id, type, scope, severity, rule, version, clears, holds, owner } = c
  const { openedAt, notes, reopened, reopenedFrom, overrides, last, snoozedUntil, budget } = c
  const paused = c.status === 'waiting' ? c.paused + Math.max(at - c.waitingSince, 0) : c.paused
  return {
    ...{ id, type, scope, severity, rule, version, clears, holds, owner },
    ...{ openedAt, notes, reopened, reopenedFrom, overrides, last, snoozedUntil, budget, paused },
    ...(c.triage !== undefined && { triage: c.triage }),
    ...(c.byHand !== undefined && { byHand: c.byHand }),
  }
}
