import type { FactValues } from '../../contract/facts.ts'
import {
  type Fact,
  type NewFact,
  NOTHING,
  type Reaction,
  type Reactor,
  type References,
  type StreamView,
  type Tick,
} from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleBook } from './core/book.ts'
import type {
  FindingCleared,
  FindingLapsed,
  FindingPending,
  FindingRaised,
  HeldFinding,
  RuleDef,
  RulesState,
} from './types.ts'

export const RULES_SLICE = 'rules'
const RAISED = 'finding.raised'
const CLEARED = 'finding.cleared'
const PENDING = 'finding.pending'
const LAPSED = 'finding.lapsed'

/**
 * Detection. After every fact and at every wake all rules of the book in force (`view.refs.rules`) are evaluated on the
 * facts that `project` makes of the stream; what begins to hold is raised, what stops is cleared. The wake is the exact
 * next flip over all rules, so nothing has to be polled.
 */
export function rulesReactor(project: (view: StreamView) => FactValues): Reactor<RulesState> {
  return {
    slice: RULES_SLICE,
    shape: 2,
    initial: { held: {}, pending: {} },
    on: ['*'],
    adds: [RAISED, CLEARED, PENDING, LAPSED],
    evolve,
    react(view, fact, now): Reaction {
      if (isOutcome(fact)) return NOTHING
      const facts = changes({ book: bookIn(view.refs), state: stateIn(view), values: project(view), now })
      return facts.length === 0 ? NOTHING : { facts }
    },
    wakeAt(view, now): Instant | null {
      const book = bookIn(view.refs)
      const { until } = book.next(project(view), now)
      const wake = Math.min(until, earliestDue(book, stateIn(view), now))
      return wake === Number.POSITIVE_INFINITY ? null : wake
    },
  }
}

/** Findings and cases follow from the rules and no rule reads them: evaluating again after each would find nothing. */
const isOutcome = (fact: Fact | Tick): boolean => fact.type.startsWith('finding.') || fact.type.startsWith('case.')

function evolve(state: RulesState, fact: Fact): RulesState {
  if (fact.type === RAISED) {
    const { rule, at, version, type } = raisedIn(fact)
    return { held: { ...state.held, [rule]: { since: at, version, type } }, pending: without(state.pending, rule) }
  }
  if (fact.type === CLEARED) return { ...state, held: without(state.held, raisedIn(fact).rule) }
  if (fact.type === LAPSED) return { ...state, pending: without(state.pending, raisedIn(fact).rule) }
  if (fact.type !== PENDING) return state
  const { rule, at, version } = raisedIn(fact)
  return { ...state, pending: { ...state.pending, [rule]: { since: at, version } } }
}

function without<T>(entries: { readonly [key: string]: T }, key: string): { readonly [key: string]: T } {
  if (!Object.hasOwn(entries, key)) return entries
  const { [key]: _, ...rest } = entries
  return rest
}

interface Moment {
  readonly book: RuleBook
  readonly state: RulesState
  readonly values: FactValues
  readonly now: Instant
}

function changes(moment: Moment): NewFact[] {
  const { book, state, values, now } = moment
  const horizons = new Float64Array(book.rules.length)
  book.evaluate(values, now, horizons)
  const facts: NewFact[] = []
  for (let i = 0; i < book.rules.length; i++) {
    const rule = book.rules[i]!
    const before = Object.hasOwn(state.held, rule.id) ? state.held[rule.id]! : null
    let holds = horizons[i]! > 0
    if (!before && (rule.for !== undefined || Object.hasOwn(state.pending, rule.id)))
      holds = waited(moment, { rule, holds, facts })
    // A new version may call the same condition another exception: that is another finding.
    if (before && (!holds || before.type !== rule.type)) {
      facts.push(clearedFact(rule.id, before, { at: now, evidence: book.evidence(i, values, now) }))
    }
    if (holds && before?.type !== rule.type) facts.push(raisedFact(moment, i))
  }
  const isGone = (id: string) => !book.rules.some(rule => rule.id === id)
  for (const [id, before] of Object.entries(state.held))
    if (isGone(id)) facts.push(clearedFact(id, before, { at: now, evidence: {} }))
  for (const [id, { version }] of Object.entries(state.pending))
    if (isGone(id)) facts.push(lapsedFact(id, version, now))
  return facts
}

interface Waiting {
  readonly rule: RuleDef
  /** Whether its condition holds. */
  readonly holds: boolean
  readonly facts: NewFact[]
}

/** Whether the condition of a rule with `for` has held long enough; tells when it begins to, and when it ceases before. */
function waited({ state, now }: Moment, { rule, holds, facts }: Waiting): boolean {
  const { id, version } = rule
  const wait = rule.for ?? 0
  const before = Object.hasOwn(state.pending, id) ? state.pending[id]! : null
  // For how long the condition of another version held is not known: the wait begins again.
  const current = before?.version === version ? before : null
  if (before && !(holds && current)) facts.push(lapsedFact(id, before.version, now))
  if (!holds) return false
  if (current) return now >= current.since + wait
  if (wait > 0) {
    const body: FindingPending = { rule: id, version, at: now, dueAt: now + wait }
    facts.push({ type: PENDING, body, actor: actorOf(id, version) })
  }
  return wait === 0
}

/** When the first of the pending findings has waited long enough. */
function earliestDue(book: RuleBook, { pending }: RulesState, now: Instant): number {
  const due = Object.entries(pending).map(([id, { since }]) => since + (book.rules.find(r => r.id === id)?.for ?? 0))
  return Math.min(Number.POSITIVE_INFINITY, ...due.filter(at => at > now))
}

function lapsedFact(rule: string, version: number, at: Instant): NewFact {
  const body: FindingLapsed = { rule, version, at }
  return { type: LAPSED, body, actor: actorOf(rule, version) }
}

function raisedFact({ book, values, now }: Moment, index: number): NewFact {
  const { id, version, type, severity, clears } = book.rules[index]!
  const evidence = book.evidence(index, values, now)
  const flipAt = book.flipAt(index, values, now)
  const body: FindingRaised = { rule: id, version, type, severity, clears, at: now, flipAt, evidence }
  return { type: RAISED, body, actor: actorOf(id, version) }
}

function clearedFact(
  rule: string,
  { version, type }: HeldFinding,
  when: Pick<FindingCleared, 'at' | 'evidence'>,
): NewFact {
  const body: FindingCleared = { rule, version, type, ...when }
  return { type: CLEARED, body, actor: actorOf(rule, version) }
}

const actorOf = (rule: string, version: number): string => `rule:${rule}@${version}`

/** The book in force. Safe: the pipeline loads the reference `rules` with what compileBook made; nothing else writes it. */
function bookIn(refs: References): RuleBook {
  if (refs.rules === undefined)
    throw new Error('rules_book_missing: load the reference `rules` before handling streams')
  return refs.rules as RuleBook
}

/** Safe: a slice holds what its own reactor's `initial` and `evolve` made. */
const stateIn = (view: StreamView): RulesState => view.slices[RULES_SLICE] as RulesState

/** Safe: only this reactor adds facts of these types, with these bodies; see `changes`. */
const raisedIn = (fact: Fact): FindingRaised => fact.body as FindingRaised
