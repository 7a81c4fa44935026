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
import type { FindingCleared, FindingRaised, HeldFinding, RulesState } from './types.ts'

export const RULES_SLICE = 'rules'
const RAISED = 'finding.raised'
const CLEARED = 'finding.cleared'

/**
 * Detection. After every fact and at every wake all rules of the book in force (`view.refs.rules`) are evaluated on the
 * facts that `project` makes of the stream; what begins to hold is raised, what stops is cleared. The wake is the exact
 * next flip over all rules, so nothing has to be polled.
 */
export function rulesReactor(project: (view: StreamView) => FactValues): Reactor<RulesState> {
  return {
    slice: RULES_SLICE,
    shape: 1,
    initial: { held: {} },
    on: ['*'],
    adds: [RAISED, CLEARED],
    evolve,
    react(view, fact, now): Reaction {
      if (isOutcome(fact)) return NOTHING
      const facts = changes({ book: bookIn(view.refs), held: stateIn(view).held, values: project(view), now })
      return facts.length === 0 ? NOTHING : { facts }
    },
    wakeAt(view, now): Instant | null {
      const { until } = bookIn(view.refs).next(project(view), now)
      return until === Number.POSITIVE_INFINITY ? null : until
    },
  }
}

/** Findings and cases follow from the rules and no rule reads them: evaluating again after each would find nothing. */
const isOutcome = (fact: Fact | Tick): boolean => fact.type.startsWith('finding.') || fact.type.startsWith('case.')

function evolve(state: RulesState, fact: Fact): RulesState {
  if (fact.type === RAISED) {
    const { rule, at, version, type } = raisedIn(fact)
    return { held: { ...state.held, [rule]: { since: at, version, type } } }
  }
  if (fact.type !== CLEARED) return state
  const { [raisedIn(fact).rule]: _, ...held } = state.held
  return { held }
}

interface Moment {
  readonly book: RuleBook
  readonly held: RulesState['held']
  readonly values: FactValues
  readonly now: Instant
}

function changes(moment: Moment): NewFact[] {
  const { book, held, values, now } = moment
  const horizons = new Float64Array(book.rules.length)
  book.evaluate(values, now, horizons)
  const facts: NewFact[] = []
  for (let i = 0; i < book.rules.length; i++) {
    const rule = book.rules[i]!
    const before = Object.hasOwn(held, rule.id) ? held[rule.id]! : null
    const holds = horizons[i]! > 0
    // A new version may call the same condition another exception: that is another finding.
    if (before && (!holds || before.type !== rule.type)) {
      facts.push(clearedFact(rule.id, before, { at: now, evidence: book.evidence(i, values, now) }))
    }
    if (holds && before?.type !== rule.type) facts.push(raisedFact(moment, i))
  }
  for (const [id, before] of Object.entries(held)) {
    if (!book.rules.some(rule => rule.id === id)) facts.push(clearedFact(id, before, { at: now, evidence: {} }))
  }
  return facts
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
