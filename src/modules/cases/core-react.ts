import type { Fact, NewFact, Reaction, StreamView, Tick } from '../../contract/stream.ts'
import { NOTHING } from '../../contract/stream.ts'
import { digest26 } from '../../kernel/hash.ts'
import type { Instant } from '../../kernel/instant.ts'
import { atOf, boundedEvidence, objectIn, textIn } from './core-body.ts'
import { FULL_EVIDENCE, findingOf, holdersOf, lastClear } from './core-findings.ts'
import { endOf } from './core-fold.ts'
import { sendsOf } from './core-sends.ts'
import { type Routed, rerouteAt, reroutedAt, routedBy, type TriageSubject } from './core-triage.ts'
import type { Case, CasesState, Finding } from './types.ts'
import { isActive } from './types.ts'

/** This room's slice; only `evolve` of this room writes it, so it is what that returns. */
export const casesOf = (view: StreamView): CasesState => view.slices.cases as CasesState

/** The fingerprint: one case for one type of exception on one scope of one stream. */
export const caseIdOf = (stream: string, type: string, scope: string): string => `c-${digest26(stream, type, scope)}`

/** When, and what the triage table is told of the stream. */
export interface Moment {
  readonly now: Instant
  subjectOf(view: StreamView): TriageSubject
}

/**
 * Opens, re-opens and clears cases as findings come and go. Several facts may wait in the stream's queue between a
 * finding and what is decided here, so only the fact that changed a case decides about it, and this room's own facts are
 * looked at again: what they say may be out of date by the time they are folded. Asked again it adds nothing.
 */
export function react(view: StreamView, fact: Fact | Tick, { now, subjectOf }: Moment): Reaction {
  const state = casesOf(view)
  if (!('body' in fact))
    return Object.keys(state.cases).length === 0 ? NOTHING : addedBy(dueAt(view, { now, subjectOf }))
  const facts: NewFact[] = []
  const finding = fact.type === 'finding.raised' ? findingOf(state.findings, fact.body) : null
  if (finding?.opens === fact.seq) facts.push(openedBy(view, finding, { now, subjectOf }))
  for (const c of Object.values(state.cases)) {
    if (c.last.seq !== fact.seq) continue
    const holder = c.holds ? holdersOf(state.findings, c).at(-1) : undefined
    if (holder && hasReturned(c)) facts.push(reopenedBy(view, c, { f: holder, now, subjectOf }))
    if (isActive(c) && !c.holds && c.clearedAt === null) facts.push(clearedBy(state, c, fact))
    // A rule took it up again: its team is chosen as that of a new case is.
    if (fact.type === 'case.reopened' && textIn(fact.body, 'rule') !== null)
      facts.push(...reroutedAt({ view, subject: subjectOf(view), now }, { ...state, cases: { [c.id]: c } }))
  }
  // A wait whose end had passed when it was written down is over at once: no timer fires for the past.
  if (fact.type === 'case.waiting') facts.push(...waitsOver(state, now))
  return facts.length === 0 ? NOTHING : { facts, sends: sendsOf(view, facts) }
}

function dueAt(view: StreamView, { now, subjectOf }: Moment): NewFact[] {
  const state = casesOf(view)
  return [...waitsOver(state, now), ...reroutedAt({ view, subject: subjectOf(view), now }, state)]
}

const addedBy = (facts: readonly NewFact[]): Reaction => (facts.length === 0 ? NOTHING : { facts })

/** Waits that end by themselves at `now` or before, each at its own instant. */
const waitsOver = ({ cases }: CasesState, now: Instant): NewFact[] =>
  Object.values(cases).flatMap(c =>
    c.status === 'waiting' && c.waitingUntil <= now
      ? [{ type: 'case.resumed', body: { case: c.id, why: 'time' }, occurredAt: c.waitingUntil }]
      : [],
  )

/** The next instant after `now` at which a wait ends by itself, or the triage table says something else. */
export function wakeAt(view: StreamView, { now, subjectOf }: Moment): Instant | null {
  const state = casesOf(view)
  const ends = Object.values(state.cases).flatMap(c =>
    c.status === 'waiting' && c.waitingUntil > now ? [c.waitingUntil] : [],
  )
  if (Object.keys(state.cases).length === 0) return null
  const reroute = rerouteAt({ view, subject: subjectOf(view), now }, state)
  if (reroute !== null) ends.push(reroute)
  return ends.length === 0 ? null : Math.min(...ends)
}

/** A case whose anomaly holds although it is over or marked as gone. */
const hasReturned = (c: Case): boolean => !isActive(c) || c.clearedAt !== null

const byRule = (f: Finding, type: string, body: NewFact['body']): NewFact => ({
  type,
  body,
  occurredAt: f.raisedAt,
  actor: `rule:${f.rule}@${f.version}`,
})

function openedBy(view: StreamView, f: Finding, { now, subjectOf }: Moment): NewFact {
  const { type, scope, rule, version, clears, evidence, raisedAt } = f
  const routed = routedBy({ view, subject: subjectOf(view), now }, { ...f, openedAt: raisedAt, reopened: 0 })
  const { severity, budget } = routed
  const about = { case: caseIdOf(view.stream, type, scope), type, scope, severity, rule, version, clears, at: raisedAt }
  return byRule(f, 'case.opened', { ...about, evidence, budget, ...routing(routed) })
}

/** Nothing is said of a table that said nothing. */
const routing = ({ owner, triage }: Routed): NewFact['body'] => {
  if (triage !== null) return { owner, triage }
  return owner === null ? {} : { owner }
}

function reopenedBy(view: StreamView, c: Case, { f, now, subjectOf }: Moment & { readonly f: Finding }): NewFact {
  const { rule, version, clears, evidence, raisedAt } = f
  const status = isActive(c) && c.status !== 'resolved' ? c.status : 'open'
  const about = { ...f, openedAt: c.openedAt, reopened: c.reopened + 1 }
  const { severity, budget } = routedBy({ view, subject: subjectOf(view), now }, about)
  const link = { times: c.reopened + 1, from: c.status, reopenedFrom: endOf(c), status, budget }
  const body = { case: c.id, type: c.type, scope: c.scope, severity, rule, version, clears, at: raisedAt, evidence }
  return byRule(f, 'case.reopened', { ...body, ...link })
}

function clearedBy({ findings }: CasesState, c: Case, fact: Fact): NewFact {
  const { id, type, scope, severity, rule, version, reopened } = c
  // Cleared before its case was even there: then the finding knows when, and the fact at hand speaks for the opposite.
  const direct = fact.type === 'finding.cleared'
  const at = direct ? atOf(fact) : (lastClear(findings, c) ?? atOf(fact))
  const evidence = direct ? boundedEvidence(objectIn(fact.body, 'evidence'), FULL_EVIDENCE.bytes) : {}
  const about = { case: id, type, scope, severity, rule, version, at, evidence }
  return { type: 'case.cleared', body: { ...about, status: statusWhenGone(c), times: reopened }, occurredAt: at }
}

/** Nobody is needed for what went away before anyone worked on it, unless its type asks for a look. */
function statusWhenGone(c: Case): Case['status'] {
  const untouched = c.status === 'open' || c.status === 'acknowledged'
  return untouched && c.clears === 'auto' ? 'cleared' : c.status
}
