import { budgetOf } from '../../contract/case-budgets.ts'
import { isSeverity, type Severity } from '../../contract/exceptions.ts'
import type { FactValues } from '../../contract/facts.ts'
import type { NewFact, StreamView } from '../../contract/stream.ts'
import type { Duration, Instant } from '../../kernel/instant.ts'
import type { DecisionTable } from '../rules/types.ts'
import type { Subject } from './core-rows.ts'
import type { Case, CasesState } from './types.ts'

/** What the triage table is told of the stream that a case is on. */
export interface TriageSubject extends Subject {
  readonly tier: string | null
}

/** What a case is to be triaged by, besides its stream. */
type About = Pick<Case, 'type' | 'severity' | 'scope' | 'rule' | 'openedAt' | 'reopened'>

/** Who is to act, how badly it is needed and how long it may take. */
export interface Routed {
  readonly severity: Severity
  readonly owner: string | null
  readonly budget: Duration
  /** Which rows of which table said so: `triage@3:0`; null without a table, or when none of its rows hit. */
  readonly triage: string | null
}

/** Safe: the pipeline puts the compiled table in force there, or nothing. */
const tableIn = ({ refs }: StreamView): DecisionTable | undefined => refs.triage as DecisionTable | undefined

/** Whose case it is when no table says so: what is wrong with the installation has no shop whose people would see it. */
const HOMES: { readonly [type: string]: string } = { backup_failed: 'team:operations' }
const homeOf = (type: string): string | null => (Object.hasOwn(HOMES, type) ? HOMES[type]! : null)

/** What stands when no table says otherwise. */
const byRuleAlone = ({ type, severity }: Pick<About, 'type' | 'severity'>): Routed => ({
  ...{ severity, owner: homeOf(type), budget: budgetOf(type, severity), triage: null },
})

/** The stream at an instant. */
export interface Triage {
  readonly view: StreamView
  readonly subject: TriageSubject
  readonly now: Instant
}

/** Triage of a case: what the table says, and of what it leaves empty what the rule says. */
export function routedBy({ view, subject, now }: Triage, about: About): Routed {
  const table = tableIn(view)
  if (table === undefined) return byRuleAlone(about)
  const { rows, values } = table.decide(triageFacts(subject, about), now)
  const { team, severity: said, budget } = values
  const severity = isSeverity(said) ? said : about.severity
  const { id, version } = table.def
  return {
    severity,
    owner: typeof team === 'string' && team !== '' ? `team:${team}` : homeOf(about.type),
    budget: typeof budget === 'number' ? Math.max(0, budget) : budgetOf(about.type, severity),
    triage: rows.length === 0 ? null : `${id}@${version}:${rows.join(',')}`,
  }
}

/** The facts of a case for the table; what is not known is left out. */
export function triageFacts(subject: TriageSubject, about: About): FactValues {
  const { channel, amount, currency, region, promiseEndsAt, tier } = subject
  const { type, severity, scope, rule, openedAt, reopened } = about
  const maybe = { channel, amount, currency, region, promiseEndsAt, tier }
  const known = Object.entries(maybe).filter(([, value]) => value !== null)
  return { case: { type, severity, scope, rule, openedAt, reopened, ...Object.fromEntries(known) } }
}

/** Nobody took it up yet, and nobody decided otherwise by hand. */
const isUntouched = (c: Case): boolean => c.status === 'open' && c.byHand !== true

/** What the rule said when it opened the case: what triage starts from, however often it is made again. */
const aboutOf = (c: Case, findings: CasesState['findings']): About => {
  const found = Object.values(findings).filter(f => f.type === c.type && f.scope === c.scope && f.rule === c.rule)
  return { ...c, severity: found.at(-1)?.severity ?? c.severity }
}

/** The facts of a case that is there, as they are when it is triaged again. */
export const triageFactsOf = (c: Case, state: CasesState, subject: TriageSubject): FactValues =>
  triageFacts(subject, aboutOf(c, state.findings))

/** Cases that nobody took up yet are routed again when the table changed, or says something else by now. */
export function reroutedAt(triage: Triage, state: CasesState): NewFact[] {
  const isThere = tableIn(triage.view) !== undefined
  return Object.values(state.cases).flatMap(c => {
    // Without a table, what one said before is taken back.
    if (!isUntouched(c) || !(isThere || c.triage)) return []
    const routed = routedBy(triage, aboutOf(c, state.findings))
    const same = routed.severity === c.severity && routed.owner === c.owner && routed.budget === c.budget
    return same ? [] : [{ type: 'case.triaged', body: { case: c.id, from: c.owner, ...routed } }]
  })
}

/** The next instant after `now` at which the table says something else of a case that nobody took up yet. */
export function rerouteAt({ view, subject, now }: Triage, state: CasesState): Instant | null {
  const table = tableIn(view)
  if (table === undefined) return null
  const changes = Object.values(state.cases).flatMap(c => {
    if (!isUntouched(c)) return []
    return table.changesAt(triageFactsOf(c, state, subject), now) ?? []
  })
  return changes.length === 0 ? null : Math.min(...changes)
}
