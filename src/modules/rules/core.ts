import type { FactValues } from '../../contract/facts.ts'
import {
  type Fact,
  type NewFact,
  NOTHING,
  type PartPut,
  type Reaction,
  type Reactor,
  type References,
  type StreamView,
  type Tick,
} from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleBook } from './core/book.ts'
import { compileBook } from './core/compile.ts'
import { DECISION_MADE, deciding } from './core-decisions.ts'
import type {
  FindingCleared,
  FindingInhibited,
  FindingLapsed,
  FindingPending,
  FindingRaised,
  HeldFinding,
  RuleDef,
  RulesState,
  SilentFeeds,
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
  /** Null: a silent feed keeps nothing back. */
  readonly inhibited: string | null
  /** Another version's finding goes on as long as it calls the condition by the same type; or never. */
  isSame(before: HeldFinding, rule: RuleDef): boolean
  /** The rules that count now; null for none at all. */
  book(refs: References): RuleBook | null
}

const LIVE: Kind = {
  ...{ slice: RULES_SLICE, raised: 'finding.raised', cleared: 'finding.cleared' },
  ...{ pending: 'finding.pending', lapsed: 'finding.lapsed', inhibited: 'finding.inhibited' },
  isSame: (before, rule) => before.type === rule.type,
  book: bookIn,
}

const SHADOW: Kind = {
  ...{ slice: SHADOW_SLICE, raised: 'shadow.raised', cleared: 'shadow.cleared' },
  ...{ pending: 'shadow.pending', lapsed: 'shadow.lapsed', inhibited: null },
  // It is watched version by version.
  isSame: (before, rule) => before.type === rule.type && before.version === rule.version,
  book: shadowIn,
}

/**
 * Detection. After every fact and at every wake all rules of the book in force (`view.refs.rules`) are evaluated on the
 * facts that `project` makes of the stream; what begins to hold is raised, what stops is cleared. The wake is the exact
 * next flip over all rules, so nothing has to be polled.
 */
export const rulesReactor = (project: (view: StreamView) => FactValues): Reactor<RulesState> =>
  deciding(detector(LIVE, project), project)

/**
 * The rules that run in shadow (`view.refs.shadow`), beside the others and in the same way: `shadow.raised` and
 * `shadow.cleared` say what they would have found. No other reactor listens to those, so nothing follows from them.
 */
export const shadowReactor = (project: (view: StreamView) => FactValues): Reactor<RulesState> =>
  detector(SHADOW, project)

function detector(kind: Kind, project: (view: StreamView) => FactValues): Reactor<RulesState> {
  return {
    slice: kind.slice,
    shape: kind.inhibited === null ? 2 : 3,
    initial: { held: {}, pending: {} },
    on: ['*'],
    adds: [kind.raised, kind.cleared, kind.pending, kind.lapsed, ...(kind.inhibited ? [kind.inhibited] : [])],
    evolve: (state, fact) => evolve(kind, state, fact),
    react(view, fact, now): Reaction {
      if (isOutcome(fact)) return NOTHING
      const book = kind.book(view.refs)
      const state = stateIn(kind, view)
      const isIdle = book === null && isEmpty(state)
      if (isIdle) return NOTHING
      const silent = kind.inhibited === null ? null : silentIn(view.refs)
      const facts = changes({ kind, book: book ?? NO_RULES, state, silent, values: project(view), now })
      if (facts.length === 0) return NOTHING
      const parts = keptBack(kind, state, facts)
      return parts.length === 0 ? { facts } : { facts, parts }
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

const isEmpty = ({ held, pending, inhibited = {} }: RulesState): boolean =>
  [held, pending, inhibited].every(entries => Object.keys(entries).length === 0)

const NO_RULES = compileBook([], {})

/** What follows from the rules no rule reads: evaluating again after each would find nothing. */
const isOutcome = ({ type }: Fact | Tick): boolean =>
  type.startsWith('finding.') || type.startsWith('case.') || type.startsWith('shadow.') || type === DECISION_MADE

function evolve(kind: Kind, state: RulesState, fact: Fact): RulesState {
  if (fact.type === kind.raised) {
    const { rule, at, version, type } = raisedIn(fact)
    const held = { ...state.held, [rule]: { since: at, version, type } }
    return released({ ...state, held, pending: without(state.pending, rule) }, rule)
  }
  if (fact.type === kind.cleared) return { ...state, held: without(state.held, raisedIn(fact).rule) }
  if (fact.type === kind.lapsed) {
    const { rule } = raisedIn(fact)
    return released({ ...state, pending: without(state.pending, rule) }, rule)
  }
  if (fact.type === kind.inhibited) {
    const { rule, at, version, feed } = inhibitedIn(fact)
    return { ...state, inhibited: { ...state.inhibited, [rule]: { since: at, version, feed } } }
  }
  if (fact.type !== kind.pending) return kind.inhibited === null ? state : heardFrom(state, fact)
  const { rule, at, version } = raisedIn(fact)
  return { ...state, pending: { ...state.pending, [rule]: { since: at, version } } }
}

const FEED = 'feed:'
/** An order has few feeds; what a strange one says beyond these is not waited for. */
const MOST_FEEDS = 16

/** Which feeds spoke of the order: those are who may keep something of it back. */
function heardFrom(state: RulesState, { actor }: Fact): RulesState {
  const known = state.heardFrom ?? []
  if (!actor.startsWith(FEED) || known.length >= MOST_FEEDS) return state
  const feed = actor.slice(FEED.length)
  return known.includes(feed) ? state : { ...state, heardFrom: [...known, feed] }
}

/** The state without what was kept back of a rule; the field is there only while something is. */
function released({ inhibited, ...state }: RulesState, rule: string): RulesState {
  const left = without(inhibited ?? {}, rule)
  return Object.keys(left).length === 0 ? state : { ...state, inhibited: left }
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
  readonly silent: SilentFeeds | null
  readonly values: FactValues
  readonly now: Instant
}

function changes(moment: Moment): NewFact[] {
  const { kind, book, state, values, now } = moment
  const horizons = new Float64Array(book.rules.length)
  book.evaluate(values, now, horizons)
  const facts: NewFact[] = []
  const isQuiet = isEmpty(state)
  for (let i = 0; i < book.rules.length; i++) {
    // Nearly every rule of nearly every order: it did not hold and does not.
    if (isQuiet && !(horizons[i]! > 0)) continue
    const rule = book.rules[i]!
    const before = Object.hasOwn(state.held, rule.id) ? state.held[rule.id]! : null
    let holds = horizons[i]! > 0
    if (!before && (rule.for !== undefined || Object.hasOwn(state.pending, rule.id)))
      holds = waited(moment, { rule, holds, facts })
    // A new version may call the same condition another exception: that is another finding.
    const goesOn = before !== null && kind.isSame(before, rule)
    if (before && !(holds && goesOn))
      facts.push(clearedFact(kind, before, { rule: rule.id, at: now, evidence: book.evidence(i, values, now) }))
    const keep = holds && !goesOn ? keptFrom(moment, i, facts) : null
    if (keep !== null) facts.push(...keep)
    else if (holds && !goesOn) facts.push(raisedFact(moment, i))
    else if (!holds && kept(state, rule.id) && !lapses(facts, rule.id))
      facts.push(lapsedFact(kind, { rule: rule.id, version: rule.version, at: now }))
  }
  if (isQuiet) return facts
  const isGone = (id: string) => !book.rules.some(rule => rule.id === id)
  for (const [id, { version }] of Object.entries(state.inhibited ?? {}))
    if (isGone(id)) facts.push(lapsedFact(kind, { rule: id, version, at: now }))
  for (const [id, before] of Object.entries(state.held))
    if (isGone(id)) facts.push(clearedFact(kind, before, { rule: id, at: now, evidence: {} }))
  for (const [id, { version }] of Object.entries(state.pending))
    if (isGone(id) && !lapses(facts, id)) facts.push(lapsedFact(kind, { rule: id, version, at: now }))
  return facts
}

const kept = ({ inhibited = {} }: RulesState, rule: string): boolean => Object.hasOwn(inhibited, rule)

/** One fact ends all that waits of a rule, pending and kept back. */
const lapses = (facts: readonly NewFact[], id: string): boolean =>
  facts.some(({ type, body }) => LAPSED.has(type) && body.rule === id)
const LAPSED = new Set([LIVE.lapsed, SHADOW.lapsed])

/**
 * What a silent feed makes of a finding that would be raised: nothing more while the same one keeps it back, else a note
 * under the name of the one that does now; null to raise it.
 */
function keptFrom(moment: Moment, index: number, facts: readonly NewFact[]): NewFact[] | null {
  const { kind, book, state, silent, values, now } = moment
  const types = book.awaits[index]!
  if (silent === null || kind.inhibited === null || types.length === 0) return null
  const { id, version } = book.rules[index]!
  const order = { channel: channelIn(values), heardFrom: state.heardFrom ?? [] }
  const feed = silent.silencing(types, order, now)
  if (feed === null) return null
  if (kept(state, id) && silent.isSilent(state.inhibited![id]!.feed, now) && !lapses(facts, id)) return []
  const body: FindingInhibited = { rule: id, version, at: now, feed }
  return [{ type: kind.inhibited, body, actor: actorOf(id, version) }]
}

/** The order is listed under the feed as long as something of it is kept back: that is who is asked on return. */
function keptBack(kind: Kind, state: RulesState, facts: readonly NewFact[]): PartPut[] {
  const before = Object.entries(state.inhibited ?? {})
  const begun = facts.filter(f => f.type === kind.inhibited).map(inhibitedIn)
  const ended = facts.filter(f => f.type === kind.raised || f.type === kind.lapsed).map(f => raisedIn(f).rule)
  // What is kept back by another feed from now on is listed under that one.
  const over = new Set([...ended, ...begun.map(b => b.rule)])
  const left = new Set([
    ...before.flatMap(([rule, { feed }]) => (over.has(rule) ? [] : [feed])),
    ...begun.map(b => b.feed),
  ])
  const gone = before.flatMap(([rule, { feed }]) => (over.has(rule) && !left.has(feed) ? [feed] : []))
  const put = (part: string, body: PartPut['body']): PartPut => ({ kind: KEPT_BACK, part, body })
  return [...begun.map(({ feed, at }) => put(feed, { since: at })), ...gone.map(feed => put(feed, null))]
}

/** The part of an order under whose name its feed is told; see `keptBack`. */
export const KEPT_BACK = 'inhibited'

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
const raisedIn = ({ body }: Pick<Fact, 'body'>): FindingRaised => body as FindingRaised

/** Safe: the pipeline puts the state of the feeds there, or nothing. */
const silentIn = (refs: References): SilentFeeds | null => (refs.feeds as SilentFeeds | undefined) ?? null

/** Safe: only this room writes these facts, with this body. */
const inhibitedIn = ({ body }: Pick<Fact, 'body'>): FindingInhibited => body as unknown as FindingInhibited

/** Safe: the projection of orders gives a record under this root. */
const channelIn = (values: FactValues): string =>
  String(((values.order ?? {}) as { readonly channel?: unknown }).channel ?? '')
