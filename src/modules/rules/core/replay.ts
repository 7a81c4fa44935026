import type { FactValues } from '../../../contract/facts.ts'
import type { Fact } from '../../../contract/stream.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { RuleBook } from './book.ts'

/** How a stream's facts become the values that rules read: the fold of the room that owns it. */
export interface StoryFold<S> {
  readonly initial: S
  evolve(state: S, fact: Fact): S
  project(state: S): FactValues
}

/** That a rule held for a while. Instants are those at which a live system would have said so. */
export interface Hit {
  /** Index in the book's rules. */
  readonly rule: number
  readonly raisedAt: Instant
  /** Null while it still holds at the end. */
  readonly clearedAt: Instant | null
}

export interface StoryResult {
  readonly hits: readonly Hit[]
  /** How often all rules were evaluated: once for each instant at which something was learned, and once for each horizon. */
  readonly evaluations: number
}

export interface StoryOptions {
  /** Last instant that is looked at, inclusive: timers run until then. */
  readonly until: Instant
  /** Called when a rule begins to hold, with what it saw. */
  readonly onHit?: (rule: number, values: FactValues, now: Instant) => void
}

/**
 * One stream's ledger under a set of rules, by what was known at each instant: facts in the order in which they were
 * written down, `now` from `knownAt`. Between two of them it hops from horizon to horizon, never by ticks, so the instants
 * are exact. What appears and vanishes within one instant is not a hit. The findings and cases of then are left out.
 */
export function replayStory<S>(
  facts: readonly Fact[],
  { fold, book }: { readonly fold: StoryFold<S>; readonly book: RuleBook },
  options: StoryOptions,
): StoryResult {
  const watch = new Watch(book, options)
  let state = fold.initial
  let now = Number.NEGATIVE_INFINITY
  for (let i = 0; i < facts.length; i++) {
    const fact = facts[i]!
    if (fact.knownAt > options.until) break
    if (isOutcome(fact.type)) continue
    const at = Math.max(now, fact.knownAt)
    if (at > now && now > Number.NEGATIVE_INFINITY) watch.run(fold.project(state), now, at)
    state = fold.evolve(state, fact)
    now = at
  }
  if (now > Number.NEGATIVE_INFINITY) watch.run(fold.project(state), now, options.until + 1)
  return watch.result()
}

/** What rules and people did about the order then; no rule reads it. */
const isOutcome = (type: string): boolean =>
  type.startsWith('finding.') || type.startsWith('shadow.') || type.startsWith('case.')

/** What holds while a story is told: `run` for each stretch in which nothing is learned, then `result`. */
export class Watch {
  private readonly book: RuleBook
  private readonly options: StoryOptions
  private readonly out: Float64Array
  private hits: Hit[] = []
  /** Since when each rule holds; NaN while it does not. */
  private readonly since: Float64Array
  /** Since when the condition of each rule holds: a rule with `for` waits. */
  private readonly pending: Float64Array
  private evaluations = 0

  constructor(book: RuleBook, options: StoryOptions) {
    this.book = book
    this.options = options
    this.out = new Float64Array(book.rules.length)
    this.since = new Float64Array(book.rules.length).fill(Number.NaN)
    this.pending = new Float64Array(book.rules.length).fill(Number.NaN)
  }

  /** For another story: what has held is forgotten. */
  restart(): void {
    this.since.fill(Number.NaN)
    this.pending.fill(Number.NaN)
    this.evaluations = 0
    this.hits = []
  }

  /** All instants in [from, to) with these values. */
  run(values: FactValues, from: Instant, to: Instant): void {
    let now = from
    while (now < to) {
      const horizon = this.book.evaluate(values, now, this.out)
      this.evaluations++
      now = Math.min(horizon, this.settle(values, now))
    }
  }

  /** Opens and closes hits; returns the earliest instant at which a waiting rule has waited long enough. */
  private settle(values: FactValues, now: Instant): number {
    const { rules } = this.book
    let wake = Number.POSITIVE_INFINITY
    for (let i = 0; i < rules.length; i++) {
      const due = this.dueAt(i, now)
      const holds = due <= now
      const held = !Number.isNaN(this.since[i]!)
      if (!holds && due < wake) wake = due
      if (holds === held) continue
      if (holds) {
        this.since[i] = now
        this.options.onHit?.(i, values, now)
      } else this.close(i, now)
    }
    return wake
  }

  /** From when on the rule holds if its condition stays as it is; Infinity while that is false. */
  private dueAt(i: number, now: Instant): number {
    if (!(this.out[i]! > 0)) {
      this.pending[i] = Number.NaN
      return Number.POSITIVE_INFINITY
    }
    const wait = this.book.rules[i]!.for ?? 0
    if (Number.isNaN(this.pending[i]!)) this.pending[i] = now
    return this.pending[i]! + wait
  }

  private close(i: number, now: Instant): void {
    const raisedAt = this.since[i]!
    this.since[i] = Number.NaN
    if (now > raisedAt) this.hits.push({ rule: i, raisedAt, clearedAt: now })
  }

  result(): StoryResult {
    const hits = [...this.hits]
    for (let rule = 0; rule < this.since.length; rule++) {
      const raisedAt = this.since[rule]!
      if (!Number.isNaN(raisedAt)) hits.push({ rule, raisedAt, clearedAt: null })
    }
    return { hits, evaluations: this.evaluations }
  }
}
