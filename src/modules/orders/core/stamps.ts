import type { Fact } from '../../../contract/stream.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { type Stamps, TIMES_KEPT } from '../types.ts'

/** What decides a stamp: when it happened, when that was known, whether it corrects what was said before. */
export type Moment = Pick<Fact, 'occurredAt' | 'knownAt'> & { readonly correction?: boolean }

/**
 * Stamps a node. Without corrections the earliest instant stands, whatever the order of arrival. Corrections beat plain
 * facts; of several the one known last stands, and of those known at once the earliest.
 */
export function stamp<N extends string>(stamps: Stamps<N>, node: N, moment: Moment): Stamps<N> {
  const { occurredAt, knownAt, correction } = moment
  const standing = stamps.at[node]
  const corrected = stamps.corrected?.[node]
  if (correction) {
    if (!outdates({ occurredAt, knownAt }, standing, corrected)) return stamps
    return { at: { ...stamps.at, [node]: occurredAt }, corrected: { ...stamps.corrected, [node]: knownAt } }
  }
  if (corrected !== undefined || (standing !== undefined && standing <= occurredAt)) return stamps
  return { ...stamps, at: { ...stamps.at, [node]: occurredAt } }
}

/** Whether a correction replaces what stands, which was itself a correction when `corrected` says so. */
export function outdates(given: Moment, standing: Instant | undefined, corrected: Instant | undefined): boolean {
  if (corrected === undefined || standing === undefined || given.knownAt > corrected) return true
  return given.knownAt === corrected && given.occurredAt < standing
}

export const earliest = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a

export const latest = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a

/** Adds an instant once; of too many the newest are kept, whatever the order of arrival. */
export function withTime(times: readonly Instant[] | undefined, at: Instant): readonly Instant[] {
  if (times === undefined) return [at]
  if (times.includes(at) || (times.length >= TIMES_KEPT && at < times[0]!)) return times
  return [...times, at].sort((a, b) => a - b).slice(-TIMES_KEPT)
}
