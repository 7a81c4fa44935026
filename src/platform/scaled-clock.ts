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

export function scaledClock({ base, start, speed: first }: ScaledStart): ScaledClock {
  let speed = first
  let limit = start
  // Between changes, time is the line with slope `speed` through this point; it never runs backwards.
  let point = { at: start, base: base.now() }
  let highest = start
  const wakers = new Set<() => void>()

  const now = (): Instant => {
    const line = point.at + Math.floor(Math.max(0, base.now() - point.base) * speed)
    highest = Math.max(highest, Math.min(limit, line))
    return highest
  }
  const change = (apply: () => void): void => {
    point = { at: now(), base: base.now() }
    apply()
    for (const wake of [...wakers]) wake()
  }
  /** Until something changed, the base clock reached `until` (null: whenever), or the sleep is called off. */
  const nap = (until: Instant | null, signal: AbortSignal | undefined): Promise<void> =>
    new Promise(resolve => {
      const over = new AbortController()
      const end = (): void => {
        wakers.delete(end)
        signal?.removeEventListener('abort', end)
        over.abort()
        resolve()
      }
      wakers.add(end)
      signal?.addEventListener('abort', end, { once: true })
      if (until !== null) void base.sleepUntil(until, over.signal).then(end)
    })

  return {
    now,
    get speed() {
      return speed
    },
    get limit() {
      return limit
    },
    setSpeed(next) {
      if (!(next >= 0 && Number.isFinite(next))) throw new RangeError(`not a speed: ${next}`)
      change(() => {
        speed = next
      })
    },
    allow(until) {
      if (until <= limit) return
      const raise = (): void => {
        limit = until
      }
      // While it runs the line stands as it is, fraction of a millisecond included.
      if (now() >= limit || speed === 0) change(raise)
      else {
        raise()
        for (const wake of [...wakers]) wake()
      }
    },
    async sleepUntil(wanted, signal) {
      while (!signal?.aborted && now() < wanted) {
        const still = speed === 0 || now() >= limit
        const left = Math.min(wanted, limit) - now()
        await nap(still ? null : base.now() + Math.max(1, Math.ceil(left / speed)), signal)
      }
    },
  }
}
