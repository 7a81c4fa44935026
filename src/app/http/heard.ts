import type { Duration, Instant } from '../../kernel/instant.ts'

/** What this process heard of a feed since it was started. */
export interface Heard {
  readonly at: Instant
  /** How long its newest messages took from their own time to us, ms; the newest last. */
  readonly lags: readonly Duration[]
}

export type HeardFeeds = ReadonlyMap<string, Heard>

/** So many messages make a picture, and an hour of silence does not hide it. */
const KEPT = 200

interface Told {
  readonly feed: string
  readonly occurredAt: Instant
  readonly timed: boolean
}

export function hear(heard: Map<string, Heard>, events: readonly Told[], now: Instant): void {
  for (const [feed, told] of Map.groupBy(events, event => event.feed)) {
    // A message without a time of its own says nothing about its way; one from the future has an odd clock.
    const lags = told.filter(event => event.timed).map(event => Math.max(0, now - event.occurredAt))
    heard.set(feed, { at: now, lags: [...(heard.get(feed)?.lags ?? []), ...lags].slice(-KEPT) })
  }
}

/** The lag of most messages and of the slowest ones; null before the first message that has a time. */
export function lagOf({ lags }: Heard): { typical: Duration; slow: Duration; messages: number } | null {
  if (lags.length === 0) return null
  const sorted = lags.toSorted((a, b) => a - b)
  const at = (share: number): Duration => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  return { typical: at(0.5), slow: at(0.95), messages: sorted.length }
}
