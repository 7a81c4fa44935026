import type { PracticeShop } from '../../contract/api/index.ts'
import type { PracticeIncident, PracticePlace } from '../../contract/practice.ts'
import { HOUR, type Instant, MINUTE, SECOND } from '../../kernel/instant.ts'
import type { BeatOptions } from '../../pipeline/beats.ts'
import { readWorld, setWorld } from '../../pipeline/queries/world.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { type ScaledClock, scaledClock } from '../../platform/scaled-clock.ts'
import {
  type Book,
  MOST_AT_ONCE,
  newBook,
  runningIncidents,
  type Settings,
  shopOf,
  speedOf,
  withIncident,
  withIncidentEnded,
  withSettings,
} from './book.ts'
import { Pace } from './pace.ts'

/** As fast as the shop speaks: in its history the clock follows what is sent, and nobody watches. */
const AT_ONCE = 10_000_000
/** How far ahead the shop may promise, in real time: after a crash the clock goes on no further than this. */
const LOOKAHEAD = MINUTE
/** By how much more than promised the clock is written down: in real time, and in time of the world in its history. */
const MARGIN = 10 * SECOND
const HISTORY_MARGIN = HOUR
/** Feeds of a practice world are told of themselves so often at most, in its own time. */
const BEAT = 5 * MINUTE
/** How long the shop's question is held, and after how long without one it is not there. */
const PATIENCE = 20 * SECOND
const SILENT_AFTER = 2 * MINUTE

export interface HostDeps {
  readonly db: Database
  readonly wallClock: Clock
  /** Of a world that is founded now. */
  readonly seed: number
  /** Resolves when nothing waits that was sent. */
  settled(): Promise<void>
  /** Throws the world away and begins another one. */
  restart(seed: number): void
}

/** Keeps the time of a practice world, what was set, and what goes wrong. Everything is written down before it counts. */
export class PracticeHost {
  readonly clock: ScaledClock
  /** Where people come in, also after a restart; null until the server listens. */
  link: string | null = null
  private readonly deps: HostDeps
  private book: Book
  private readonly pace = new Pace()
  /** The clock is never later than this, which is written down. */
  private mark: Instant
  /** When the shop last asked; before its first question, when it was given the chance to. */
  private heardAt: Instant
  private changed = Promise.withResolvers<void>()
  private readonly stopping = new AbortController()
  private saving: Promise<unknown> = Promise.resolve()

  /** Opens what the world knows of itself, or founds it now. */
  static async open(deps: HostDeps): Promise<PracticeHost> {
    const values = await readWorld(deps.db)
    const stored = values.get('practice')
    const book: Book = stored === undefined ? newBook(deps.seed, deps.wallClock.now()) : JSON.parse(stored)
    if (stored === undefined) await setWorld(deps.db, 'practice', JSON.stringify(book))
    const start = Number(values.get('clock') ?? book.startsAt)
    return new PracticeHost(deps, { book, start })
  }

  private constructor(deps: HostDeps, { book, start }: { book: Book; start: Instant }) {
    this.deps = deps
    this.book = book
    this.mark = start
    this.heardAt = deps.wallClock.now()
    const speed = start < book.opensAt ? AT_ONCE : speedOf(book)
    this.clock = scaledClock({ base: deps.wallClock, start, speed })
  }

  /** Its feeds are listened for from its opening on, and less often: a world that runs a thousand times as fast has many beats. */
  get heartbeats(): BeatOptions {
    return { every: BEAT, from: this.book.opensAt }
  }

  /** Writes the time down and lets go of whoever waits for it. */
  async close(): Promise<void> {
    const now = this.clock.now()
    this.clock.setSpeed(0)
    this.stopping.abort()
    await this.saving
    await setWorld(this.deps.db, 'clock', String(now))
  }

  state(): PracticeShop {
    const now = this.clock.now()
    const real = this.deps.wallClock.now()
    const silent = real - this.heardAt > SILENT_AFTER
    const phase = now < this.book.opensAt ? 'history' : silent ? 'stopped' : 'running'
    const behind = phase === 'running' && this.pace.behind(this.clock.speed, real, now)
    return shopOf(this.book, { now, phase, behind })
  }

  async set(wanted: Settings, by: string): Promise<void> {
    await this.write(book => withSettings(book, wanted, this.deed(by)))
    // In its history the world runs by itself.
    if (this.clock.now() >= this.book.opensAt && this.clock.speed !== speedOf(this.book)) this.retime()
  }

  /** @returns false when too much goes wrong already */
  async trigger(
    asked: { kind: PracticeIncident; target: PracticePlace; minutes?: number },
    by: string,
  ): Promise<boolean> {
    const deed = this.deed(by)
    if (runningIncidents(this.book, deed.at).length >= MOST_AT_ONCE) return false
    await this.write(book => withIncident(book, asked, deed))
    return true
  }

  /** @returns false when there is no such incident */
  async end(id: string): Promise<boolean> {
    const at = this.clock.now()
    if (withIncidentEnded(this.book, id, at) === null) return false
    await this.write(book => withIncidentEnded(book, id, at) ?? book)
    return true
  }

  reset(seed: number | undefined): void {
    this.deps.restart(seed ?? this.book.seed)
  }

  /**
   * The shop's promise that nothing happens before `until`. Resolves when the clock got there, when the book is another
   * one than the shop knows, or when it waited long enough; the shop looks at the state and asks again.
   */
  async advance(asked: { until: Instant; revision?: number; settled?: boolean }): Promise<void> {
    const { wallClock } = this.deps
    this.heardAt = wallClock.now()
    this.pace.mark(this.heardAt, this.clock.now())
    // Taken before the promise is written down: what changes meanwhile is a change as well.
    const changed = this.changed.promise
    if (asked.revision !== undefined && asked.revision !== this.book.revision) return
    await this.allow(asked.until, changed)
    if (asked.settled) await this.patiently(() => this.deps.settled())
  }

  private async allow(until: Instant, changed: Promise<void>): Promise<void> {
    const now = this.clock.now()
    const { opensAt } = this.book
    const ahead = now + LOOKAHEAD * Math.max(1, this.clock.speed)
    const to = Math.min(until, now < opensAt ? opensAt : ahead)
    await this.writeMark(to)
    this.clock.allow(to)
    await this.patiently(signal => Promise.race([this.clock.sleepUntil(to, signal), changed]))
    if (now < opensAt && this.clock.now() >= opensAt) this.retime()
  }

  /** As long as it may take, or until this world ends; leaves nothing waiting behind. */
  private async patiently(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { wallClock } = this.deps
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, this.stopping.signal])
    await Promise.race([work(signal), wallClock.sleepUntil(wallClock.now() + PATIENCE, signal)])
    over.abort()
  }

  private retime(): void {
    this.clock.setSpeed(speedOf(this.book))
    this.pace.reset()
    // What was written ahead at a higher speed is taken back with the next promise.
    this.mark = this.clock.limit
  }

  /** Ahead of time, so that after a crash the clock never shows what it showed before. */
  private async writeMark(to: Instant): Promise<void> {
    if (to <= this.mark) return
    const { opensAt } = this.book
    const past = this.clock.now() < opensAt
    this.mark = past ? Math.min(opensAt, to + HISTORY_MARGIN) : to + MARGIN * Math.max(1, this.clock.speed)
    await setWorld(this.deps.db, 'clock', String(this.mark))
  }

  private deed(by: string) {
    return { at: this.clock.now(), realAt: this.deps.wallClock.now(), by }
  }

  /** One change after the other, each in the database before it counts. */
  private async write(change: (book: Book) => Book): Promise<void> {
    const turn = this.saving.then(async () => {
      const next = change(this.book)
      if (next === this.book) return
      await setWorld(this.deps.db, 'practice', JSON.stringify(next))
      this.book = next
      const { resolve } = this.changed
      this.changed = Promise.withResolvers<void>()
      resolve()
    })
    this.saving = turn.catch(() => {})
    await turn
  }
}
