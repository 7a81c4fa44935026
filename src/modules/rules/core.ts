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
import { compileBook } from './core/compile.ts'
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
export const SHADOW_SLICE = 'shadow'

/** Two detectors that are alike: what one of them says opens cases, what the other says is only kept. */
interface Kind {
  readonly slice: string
  readonly raised: string
  readonly cleared: string
  readonly pending: string
  readonly lapsed: string
  /** Another version's finding goes on as long as it calls the condition by the same type; or never. */
  isSame(before: HeldFinding, rule: RuleDef): boolean
  /** The rules that count now; null for none at all. */
  book(refs: References): RuleBook | null
}

const LIVE: Kind = {
  ...{ slice: RULES_SLICE, raised: 'finding.raised', cleared: 'finding.cleared' },
  ...{ pending: 'finding.pending', lapsed: 'finding.lapsed' },
  isSame: (before, rule) => before.type === rule.type,
  book: bookIn,
}

const SHADOW: Kind = {
  ...{ slice: SHADOW_SLICE, raised: 'shadow.raised', cleared: 'shadow.cleared' },
  ...{ pending: 'shadow.pending', lapsed: 'shadow.lapsed' },
  // It is watched version by version.
  isSame: (before, rule) => before.type === rule.type && before.version === rule.version,
  book: shadowIn,
}

/**
 * Detection. After every fact and at every wake all rules of the book in force (`view.refs.rules`) are evaluated on the
 * facts that `project` makes of the stream; what begins to hold is raised, what stops is cleared. The wake is the exact
 * next flip over all rules, so nothing has to be polled.
 */
export const rulesReactor = (project: (view: StreamView) => FactValues): Reactor<RulesState> => detector(LIVE, project)

/**
 * The rules that run in shadow (`view.refs.shadow`), beside the others and in the same way: `shadow.raised` and
 * `shadow.cleared` say what they would have found. No other reactor listens to those, so nothing follows from them.
 */
export const shadowReactor = (project: (view: StreamView) => FactValues): Reactor<RulesState> =>
  detector(SHADOW, project)

function detector(kind: Kind, project: (view: StreamView) => FactValues): Reactor<RulesState> {
  return {
    slice: kind.slice,
    shape: 2,
    initial: { held: {}, pending: {} },
    on: ['*'],
    adds: [kind.raised, kind.cleared, kind.pending, kind.lapsed],
    evolve: (state, fact) => evolve(kind, state, fact),
    react(view, fact, now): Reaction {
      if (isOutcome(fact)) return NOTHING
      const book = kind.book(view.refs)
      const state = stateIn(kind, view)
      const isIdle = book === null && Object.keys(state.held).length + Object.keys(state.pending).length === 0
      if (isIdle) return NOTHING
      const facts = changes({ kind, book: book ?? NO_RULES, state, values: project(view), now })
      return facts.length === 0 ? NOTHING : { facts }
    },
    wakeAt(view, now): Instant | null {
      const book = kind.book(view.refs)
      if (book === null) return null
      const { until } = book.next(project(view), now)
      const wake = Math.min(until, earliestDue(book, stateIn(kind, view), now))
      return wake === Number.POSITIVE_INFINITY ? null : wake
    },
  }
}

const NO_RULES = compileBook([], {})

/** What follows from the rules no rule reads: evaluating again after each would find nothing. */
const isOutcome = ({ type }: Fact | Tick): boolean =>
  type.startsWith('finding.') || type.startsWith('case.') || type.startsWith('shadow.')

function evolve(kind: Kind, state: RulesState, fact: Fact): RulesState {
  if (fact.type === kind.raised) {
    const { rule, at, version, type } = raisedIn(fact)
    return { held: { ...state.held, [rule]: { since: at, version, type } }, pending: without(state.pending, rule) }
  }
  if (fact.type === kind.cleared) return { ...state, held: without(state.held, raisedIn(fact).rule) }
  if (fact.type === kind.lapsed) return { ...state, pending: without(state.pending, raisedIn(fact).rule) }
  if (fact.type !== kind.pending) return state
  const { rule, at, version } = raisedIn(fact)
  return { ...state, pending: { ...state.pending, [rule]: { since: at, version } } }
}

function without<T>(entries: { readonly [key: string]: T }, key: string): { readonly [key: string]: T } {
  if (!Object.hasOwn(entries, key)) return entries
  const { [key]: _, ...rest } = entries
  return rest
}

interface Moment {
  readonly kind: Kind
  readonly book: RuleBook
  readonly state: RulesState
  readonly values: FactValues
  readonly now: Instant
}

function changes(moment: Moment): NewFact[] {
  const { kind, book, state, values, now } = moment
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
    const goesOn = before !== null && kind.isSame(before, rule)
    if (before && !(holds && goesOn))
      facts.push(clearedFact(kind, before, { rule: rule.id, at: now, evidence: book.evidence(i, values, now) }))
    if (holds && !goesOn) facts.push(raisedFact(moment, i))
  }
  const isGone = (id: string) => !book.rules.some(rule => rule.id === id)
  for (const [id, before] of Object.entries(state.held))
    if (isGone(id)) facts.push(clearedFact(kind, before, { rule: id, at: now, evidence: {} }))
  for (const [id, { version }] of Object.entries(state.pending))
    if (isGone(id)) facts.push(lapsedFact(kind, { rule: id, version, at: now }))
  return facts
}

interface Waiting {
  readonly rule: RuleDef
  /** Whether its condition holds. */
  readonly holds: boolean
  readonly facts: NewFact[]
}

/** Whether the condition of a rule with `for` has held long enough; tells when it begins to, and when it ceases before. */
function waited({ kind, state, now }: Moment, { rule, holds, facts }: Waiting): boolean {
  const { id, version } = rule
  const wait = rule.for ?? 0
  const before = Object.hasOwn(state.pending, id) ? state.pending[id]! : null
  // For how long the condition of another version held is not known: the wait begins again.
  const current = before?.version === version ? before : null
  if (before && !(holds && current)) facts.push(lapsedFact(kind, { rule: id, version: before.version, at: now }))
  if (!holds) return false
  if (current) return now >= current.since + wait
  if (wait > 0) {
    const body: FindingPending = { rule: id, version, at: now, dueAt: now + wait }
    facts.push({ type: kind.pending, body, actor: actorOf(id, version) })
  }
  return wait === 0
}

/** When the first of the pending findings has waited long enough. */
function earliestDue(book: RuleBook, { pending }: RulesState, now: Instant): number {
  const due = Object.entries(pending).map(([id, { since }]) => since + (book.rules.find(r => r.id === id)?.for ?? 0))
  return Math.min(Number.POSITIVE_INFINITY, ...due.filter(at => at > now))
}

function lapsedFact(kind: Kind, body: FindingLapsed): NewFact {
  return { type: kind.lapsed, body, actor: actorOf(body.rule, body.version) }
}

function raisedFact({ kind, book, values, now }: Moment, index: number): NewFact {
  const { id, version, type, severity, clears } = book.rules[index]!
  const evidence = book.evidence(index, values, now)
  const flipAt = book.flipAt(index, values, now)
  const body: FindingRaised = { rule: id, version, type, severity, clears, at: now, flipAt, evidence }
  return { type: kind.raised, body, actor: actorOf(id, version) }
}

function clearedFact(
  kind: Kind,
  { version, type }: HeldFinding,
  when: Pick<FindingCleared, 'rule' | 'at' | 'evidence'>,
): NewFact {
  const body: FindingCleared = { version, type, ...when }
  return { type: kind.cleared, body, actor: actorOf(body.rule, version) }
}

const actorOf = (rule: string, version: number): string => `rule:${rule}@${version}`

/** The book in force. Safe: the pipeline loads the reference `rules` with what compileBook made; nothing else writes it. */
function bookIn(refs: References): RuleBook {
  if (refs.rules === undefined)
    throw new Error('rules_book_missing: load the reference `rules` before handling streams')
  return refs.rules as RuleBook
}

/** Safe: see `bookIn`. Streams that were folded by a release without it have the slice too: their shapes did not fit. */
function shadowIn(refs: References): RuleBook | null {
  return (refs.shadow as RuleBook | undefined) ?? null
}

/** Safe: a slice holds what its own reactor's `initial` and `evolve` made. */
const stateIn = ({ slice }: Kind, view: StreamView): RulesState => view.slices[slice] as RulesState

/** Safe: only this reactor adds facts of these types, with these bodies; see `changes`. */
const raisedIn = (fact: Fact): FindingRaised => fact.body as FindingRaised
