import type { Instant } from '../kernel/instant.ts'

/** The only way to learn the time. Everything above the platform gets one as an argument. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): Instant
  /** Resolves when `at` is reached, or at once when `signal` is aborted; never rejects: the caller looks at its signal. */
  sleepUntil(at: Instant, signal?: AbortSignal): Promise<void>
}

// setTimeout turns anything above 2^31-1 ms into 1 ms.
const LONGEST_TIMER = 2_147_483_647

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleepUntil(at, signal) {
    while (!signal?.aborted) {
      const left = at - Date.now()
      if (left <= 0) return
      await timer(Math.min(left, LONGEST_TIMER), signal)
    }
  },
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(handle)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const handle = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}

export interface SimulatedClock extends Clock {
  /** Moves to `at` (never backwards) and wakes the sleepers that are due, earliest first. */
  advanceTo(at: Instant): void
  /** The earliest instant that anybody sleeps for, or null. */
  nextSleeper(): Instant | null
}

/** A clock that stands still until it is told to move: for replay and tests. */
export function simulatedClock(start: Instant): SimulatedClock {
  let now = start
  let sleepers: { at: Instant; wake: () => void }[] = []
  const earliest = () => sleepers.reduce<Instant | null>((min, s) => (min === null || s.at < min ? s.at : min), null)
  return {
    now: () => now,
    nextSleeper: earliest,
    sleepUntil: (at, signal) =>
      new Promise(resolve => {
        if (at <= now || signal?.aborted) return resolve()
        const sleeper = { at, wake: resolve }
        sleepers.push(sleeper)
        const leave = () => {
          sleepers = sleepers.filter(s => s !== sleeper)
          resolve()
        }
        signal?.addEventListener('abort', leave, { once: true })
      }),
    advanceTo(at) {
      if (at < now) throw new RangeError(`a clock does not run backwards: ${at} < ${now}`)
      now = at
      const due = sleepers.filter(s => s.at <= at).sort((a, b) => a.at - b.at)
      sleepers = sleepers.filter(s => s.at > at)
      for (const sleeper of due) sleeper.wake()
    },
  }
}
