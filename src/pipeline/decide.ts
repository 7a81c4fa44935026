import type {
  Command,
  Fact,
  NewFact,
  PartPut,
  Reaction,
  Reactor,
  References,
  Refused,
  Send,
  Signal,
  StreamView,
} from '../contract/stream.ts'
import { isRefused, refuse, TICK } from '../contract/stream.ts'
import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Decision, Failed, IntakeRow, LedgerRow, Memo, Outcome, Work } from './rows.ts'

/** A row that leads to more facts than this is a loop, not an order. */
export const MAX_FACTS_PER_ROW = 200
/** Wakes that one row may catch up on; a stream that needs more is not advancing. */
const MAX_WAKES_PER_ROW = 5000

/** What the loop needs to know besides the stream: the reactors in order, reference data and how wakes are recorded. */
export interface World {
  readonly reactors: readonly Reactor<unknown>[]
  refsAt(now: Instant): References
  /** When a wake's facts count as written down: the wall clock when live, the wake itself in a simulated world. */
  wakeRecordedAt(wake: Instant): Instant
  /**
   * The next instant after the stream's clock at which the rules changed and this stream has not been reconsidered yet:
   * it is before anything later happens to it. Null for none.
   */
  turnAfter?(memo: Memo): Instant | null
  /**
   * The first change of the rules after the stream's clock that its group was swept for already. The sweep saw the
   * stream before what has just happened to it, so it must be reconsidered once more. Null for none.
   */
  missedTurn?(memo: Memo): Instant | null
  /** The newest shape version of a fact type; a reactor's facts are written in it. */
  versionOf(type: string): number
}

export class TooManyFacts extends Error {
  readonly code = 'fact_storm'
}

interface Stamp {
  readonly actor: string
  readonly cause: string | null
  readonly now: Instant
  readonly recordedAt: Instant
  readonly knownAt: Instant
}

/**
 * The loop of one stream: folds and reacts to its rows in order, running its wakes at their own instants. Pure.
 * Rows of one instant are armed once, behind the last of them; when that throws, the row at fault is found by arming
 * behind each.
 */
export function decideStream(before: Memo, rows: readonly Work[], world: World): Decision {
  try {
    return runRows(before, rows, { world, armEach: false })
  } catch {
    return runRows(before, rows, { world, armEach: true })
  }
}

function runRows(before: Memo, rows: readonly Work[], how: { world: World; armEach: boolean }): Decision {
  const run = new Run(before, how.world)
  const failed: Failed[] = []
  const consumed: IntakeRow[] = []
  for (const row of rows) {
    const mark = run.mark()
    try {
      run.handle(row)
      if (how.armEach) run.arm()
    } catch (error) {
      if (run.arming && !how.armEach) throw error
      run.reset(mark, row.what === 'wake')
      failed.push({ work: row, code: codeOf(error), message: messageOf(error) })
    }
    if (row.what !== 'wake') consumed.push(row)
  }
  run.arm()
  return run.decision(before, failed, consumed)
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'threw'
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 2000)

interface Mark {
  readonly memo: Memo
  readonly unarmed: boolean
  readonly lengths: readonly number[]
}

/** One pass over one stream. Mutable inside, never seen outside; `mark`/`reset` undo a row that threw. */
class Run {
  private memo: Memo
  private readonly world: World
  private readonly facts: LedgerRow[] = []
  private readonly signals: (Signal & { id: string; at: Instant })[] = []
  private readonly sends: (Send & { at: Instant })[] = []
  private readonly parts: PartPut[] = []
  private readonly outcomes: Outcome[] = []
  private factsOfRow = 0
  private signalsOfRow = 0
  /** Something happened at the stream's clock since its wake was computed. */
  private unarmed = false
  /** True as well when computing it threw. */
  arming = false

  constructor(memo: Memo, world: World) {
    this.memo = memo
    this.world = world
  }

  mark(): Mark {
    return { memo: this.memo, unarmed: this.unarmed, lengths: this.lists().map(list => list.length) }
  }

  /** Back to the mark; a wake that threw must not be tried again at once, so the stream forgets its wake. */
  reset(mark: Mark, forgetWake: boolean): void {
    this.arming = false
    this.memo = forgetWake ? { ...mark.memo, wakeAt: null } : mark.memo
    this.unarmed = mark.unarmed
    this.lists().forEach((list, i) => {
      list.length = mark.lengths[i]!
    })
  }

  private lists(): unknown[][] {
    return [this.facts, this.signals, this.sends, this.parts, this.outcomes]
  }

  handle(row: Work): void {
    this.begin()
    if (row.what !== 'wake') return void this.handleRow(row)
    this.arm()
    const ticked = this.runWakes(row.upTo)
    const at = Math.max(this.memo.clock, row.upTo)
    // A turn of the rules is a wake by itself: most of what is swept was reconsidered by it, at this very instant.
    if (row.sweep && this.memo.version > 0 && ticked !== at) this.tickAt(at)
  }

  /** A row, and each wake by itself, has its own counts: how rows are cut into steps must not show in any id. */
  private begin(): void {
    this.factsOfRow = 0
    this.signalsOfRow = 0
  }

  private handleRow(row: IntakeRow): void {
    const at = row.historical ? row.knownAt : row.recordedAt
    const now = Math.max(this.memo.clock, at)
    // A wake is always after the instant that it was computed at, so rows of the same instant cannot be due for one.
    if (now > this.memo.clock) this.arm()
    this.memo = { ...this.memo, historical: this.historicalAfter(row) }
    this.runWakes(now)
    this.memo = { ...this.memo, clock: now }
    if (row.what === 'command') this.command(row, now)
    else this.settle([factOf(row)], stampOf(row, now), row)
    this.unarmed = true
  }

  /** Computes the wake, unless it stands. */
  arm(): void {
    if (this.unarmed) this.rearm(this.memo.clock)
  }

  // A stream is historical when its first row is, until something happens to it live.
  private historicalAfter(row: IntakeRow): boolean {
    if (this.memo.version === 0) return row.historical
    return this.memo.historical && (row.historical || row.what === 'command')
  }

  /**
   * Runs every wake up to `until`, each at its own instant: a late worker gives the same facts as a punctual one. Returns
   * the last of them.
   */
  private runWakes(until: Instant): Instant | null {
    let last: Instant | null = null
    for (let n = 0; ; n++) {
      const next = this.nextTick()
      if (next === null || next > until) return last
      if (n >= MAX_WAKES_PER_ROW) throw new TooManyFacts(`more than ${MAX_WAKES_PER_ROW} wakes before one row`)
      this.tickAt(next)
      last = next
    }
  }

  private nextTick(): Instant | null {
    const { wakeAt } = this.memo
    const turn = this.world.turnAfter?.(this.memo) ?? null
    return turn !== null && (wakeAt === null || turn < wakeAt) ? turn : wakeAt
  }

  private tickAt(now: Instant): void {
    this.begin()
    const recordedAt = Math.max(now, this.world.wakeRecordedAt(now))
    const knownAt = this.memo.historical ? now : recordedAt
    const stamp = { actor: 'system', cause: null, now, recordedAt, knownAt }
    this.memo = { ...this.memo, clock: Math.max(this.memo.clock, now) }
    this.settle(this.offer(TICK, now), stamp)
    this.rearm(now)
  }

  private rearm(now: Instant): void {
    this.arming = true
    const view = this.view(now)
    let wakeAt: Instant | null = null
    for (const reactor of this.world.reactors) {
      const at = reactor.wakeAt?.(view, now) ?? null
      if (at !== null && (wakeAt === null || at < wakeAt)) wakeAt = at
    }
    // What came from history may be younger than the sweep of a change that counts for it.
    const turn = (this.memo.historical ? this.world.turnAfter : this.world.missedTurn)?.(this.memo) ?? null
    if (turn !== null && turn > now && (wakeAt === null || turn < wakeAt)) wakeAt = turn
    if (wakeAt !== null && wakeAt <= now) throw new Error(`a wake at ${wakeAt} is not after ${now}`)
    if (wakeAt !== this.memo.wakeAt) this.memo = { ...this.memo, wakeAt }
    this.arming = false
    this.unarmed = false
  }

  private command(row: IntakeRow, now: Instant): void {
    const command: Command = { type: row.type, id: row.id, actor: row.actor, body: row.body }
    const reactor = this.world.reactors.find(r => r.commands?.includes(row.type))
    if (this.memo.version === 0) {
      // No event made this stream: a command must not, and there is no ledger to note the refusal in.
      this.outcome(row, 409, { code: refuse('stream_not_found').refused })
      return
    }
    const result: Reaction | Refused = reactor?.handle?.(this.view(now), command, now) ?? refuse('command_unknown')
    const stamp = stampOf(row, now)
    if (isRefused(result)) {
      const detail = result.detail ? { detail: result.detail } : {}
      this.settle([{ type: 'command.refused', body: { command: row.type, code: result.refused, ...detail } }], stamp)
      this.outcome(row, 409, { code: result.refused, ...detail })
    } else {
      this.settle(this.take(result, now), stamp)
      this.outcome(row, 200, result.answer ?? {})
    }
  }

  private outcome(row: IntakeRow, status: 200 | 409, body: JsonObject): void {
    const { bucket, stream, version, clock } = this.memo
    const request = row.request ?? ''
    this.outcomes.push({ bucket, commandId: row.id, status, stream, version, at: clock, body, request })
  }

  /** One FIFO: fold each fact into all slices, offer it to the reactors, queue what they add. */
  private settle(first: readonly NewFact[], stamp: Stamp, source?: IntakeRow): void {
    const queue = [...first]
    for (let i = 0; i < queue.length; i++) {
      if (++this.factsOfRow > MAX_FACTS_PER_ROW) {
        const chain = queue.slice(-12).map(f => f.type)
        throw new TooManyFacts(`more than ${MAX_FACTS_PER_ROW} facts from one row; last: ${chain.join(' > ')}`)
      }
      const fact = this.append(queue[i]!, stamp, i === 0 ? source : undefined)
      queue.push(...this.offer(fact, stamp.now))
    }
  }

  /** A fact of a message keeps the text that it came in, in the shape that it had then. */
  private append(added: NewFact, stamp: Stamp, source: IntakeRow | undefined): Fact {
    const seq = this.memo.version + 1
    const v = this.world.versionOf(added.type)
    const { cause, recordedAt, knownAt } = stamp
    // What we conclude happens now, however late the message that led to it.
    const occurredAt = added.occurredAt ?? stamp.now
    const actor = added.actor ?? stamp.actor
    const fact: Fact = { type: added.type, v, seq, occurredAt, recordedAt, knownAt, actor, cause, body: added.body }
    let slices = this.memo.slices
    for (const reactor of this.world.reactors) {
      const state = slices[reactor.slice]
      const next = reactor.evolve(state, fact)
      if (next !== state) slices = { ...slices, [reactor.slice]: next }
    }
    this.memo = { ...this.memo, version: seq, slices }
    const { bucket, stream } = this.memo
    this.facts.push({ ...fact, v: source?.v ?? v, bucket, stream, stored: source?.stored })
    return fact
  }

  private offer(fact: Fact | typeof TICK, now: Instant): NewFact[] {
    const added: NewFact[] = []
    for (const reactor of this.world.reactors) {
      if (!reactor.on.includes(fact.type) && !reactor.on.includes('*')) continue
      added.push(...this.take(reactor.react(this.view(now), fact, now), now))
    }
    return added
  }

  private take(reaction: Reaction, now: Instant): readonly NewFact[] {
    for (const signal of reaction.signals ?? []) {
      const id = `${this.memo.stream}:${this.memo.version}:${now}:${this.signalsOfRow++}`
      this.signals.push({ ...signal, id, at: now })
    }
    for (const send of reaction.sends ?? []) this.sends.push({ ...send, at: now })
    if (reaction.parts) this.parts.push(...reaction.parts)
    return reaction.facts ?? []
  }

  private view(now: Instant): StreamView {
    const { stream, kind, historical, slices } = this.memo
    return { stream, kind, historical, slices, refs: this.world.refsAt(now) }
  }

  decision(before: Memo, failed: readonly Failed[], consumed: readonly IntakeRow[]): Decision {
    const { facts, signals, sends, parts, outcomes } = this
    return { before, after: this.memo, facts, signals, sends, parts, outcomes, failed, consumed }
  }
}

const factOf = ({ type, body, occurredAt, actor }: IntakeRow): NewFact => ({ type, body, occurredAt, actor })

const stampOf = (row: IntakeRow, now: Instant): Stamp => ({
  actor: row.what === 'command' ? row.actor : 'system',
  cause: row.id,
  now,
  // Nodes' clocks differ; within a stream the time of recording never runs backwards, nor then does the month.
  recordedAt: row.historical ? row.recordedAt : now,
  knownAt: row.historical ? row.knownAt : now,
})

/** Folds stored facts into slices without reacting: how a stream is loaded and how `rebuild` works. Pure. */
export function foldFacts(
  slices: { readonly [slice: string]: unknown },
  facts: Iterable<Fact>,
  reactors: readonly Reactor<unknown>[],
): { [slice: string]: unknown } {
  const state: { [slice: string]: unknown } = { ...slices }
  for (const fact of facts) for (const r of reactors) state[r.slice] = r.evolve(state[r.slice], fact)
  return state
}

/** The slices of a stream that has no facts yet. */
export const initialSlices = (reactors: readonly Reactor<unknown>[]): { [slice: string]: unknown } =>
  Object.fromEntries(reactors.map(r => [r.slice, r.initial]))
