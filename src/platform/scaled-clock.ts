import type { Instant } from '../kernel/instant.ts'
import type { Clock } from './clock.ts'

/**
 * A clock that runs at a multiple of another one and never passes its limit. Whoever drives a simulated world raises the
 * limit when everything up to it has been said, so that a slow machine slows the world down and never falsifies it.
 *
 * Modes: running (speed above zero, below the limit) -> held (at the limit) -> running when the limit is raised; paused
 * (speed zero) at any time. Time that passes while held or paused is not caught up.
 */
export interface ScaledClock extends Clock {
  /** World milliseconds per millisecond; 0 while paused. */
  readonly speed: number
  readonly limit: Instant
  setSpeed(speed: number): void
  /** Raises the limit; a lower one than before is ignored. */
  allow(until: Instant): void
}

export interface ScaledStart {
  /** The clock that it runs by. */
  readonly base: Clock
  /** It stands there until its limit is raised. */
  readonly start: Instant
  readonly speed: number
}

/** The line of time between two changes: it goes through this point with the slope of the speed. */
interface Point {
  readonly at: Instant
  readonly base: Instant
}

class Scaled implements ScaledClock {
  private readonly base: Clock
  private point: Point
  private highest: Instant
  private readonly wakers = new Set<() => void>()
  speed: number
  limit: Instant

  constructor({ base, start, speed }: ScaledStart) {
    this.base = base
    this.speed = speed
    this.limit = start
    this.highest = start
    this.point = { at: start, base: base.now() }
  }

  now(): Instant {
    const { at, base } = this.point
    const line = at + Math.floor(Math.max(0, this.base.now() - base) * this.speed)
    // Never backwards, whatever the clock below does.
    this.highest = Math.max(this.highest, Math.min(this.limit, line))
    return this.highest
  }

  setSpeed(speed: number): void {
    if (!(speed >= 0 && Number.isFinite(speed))) throw new RangeError(`not a speed: ${speed}`)
    this.begin()
    this.speed = speed
    this.wake()
  }

  allow(until: Instant): void {
    if (until <= this.limit) return
    // Held or paused, it goes on from here; while it runs the line stands, fraction of a millisecond included.
    if (this.now() >= this.limit || this.speed === 0) this.begin()
    this.limit = until
    this.wake()
  }

  async sleepUntil(wanted: Instant, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && this.now() < wanted) {
      const still = this.speed === 0 || this.now() >= this.limit
      const left = Math.min(wanted, this.limit) - this.now()
      await this.nap(still ? null : this.base.now() + Math.max(1, Math.ceil(left / this.speed)), signal)
    }
  }

  private begin(): void {
    this.point = { at: this.now(), base: this.base.now() }
  }

  private wake(): void {
    for (const wake of [...this.wakers]) wake()
  }

  /** Until something changed, the base clock reached `until` (null: whenever), or the sleep is called off. */
  private nap(until: Instant | null, signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const over = new AbortController()
      const end = (): void => {
        this.wakers.delete(end)
        signal?.removeEventListener('abort', end)
        over.abort()
        resolve()
      }
      this.wakers.add(end)
      signal?.addEventListener('abort', end, { once: true })
      if (until !== null) void this.base.sleepUntil(until, over.signal).then(end)
    })
  }
}

export const scaledClock = (start: ScaledStart): ScaledClock => new Scaled(start)
