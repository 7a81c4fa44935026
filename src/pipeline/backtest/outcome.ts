import type { Instant } from '../../kernel/instant.ts'

/** What a rule is meant to warn of; how good it is at that is measured against what became of the orders. */
export const OUTCOMES = ['late', 'cancelled', 'refunded', 'returned', 'low_review', 'disputed'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Scores up to this one are low. */
export const LOW_SCORE = 2

/** Facts of an order that tell whether it had the outcome. */
export const OUTCOME_FACTS: Readonly<Record<Outcome, readonly string[]>> = {
  late: ['promiseEndsAt', 'cancelled', 'deliveredAt', 'deliveredReported', 'returnedAt'],
  cancelled: ['cancelledAt'],
  refunded: ['refundedAt'],
  returned: ['returnedAt'],
  disputed: ['disputedAt'],
  low_review: ['reviewScore', 'reviewedAt'],
}

/** What became of an order as far as it is known: the facts of its last frame. */
export interface Ending {
  readonly [fact: string]: unknown
}

const instant = (value: unknown): Instant | null => (typeof value === 'number' ? value : null)

/** When the harm came about, or null when it did not. `now` is how far what we know reaches. */
export function harmOf(outcome: Outcome, values: Ending, now: Instant): Instant | null {
  switch (outcome) {
    case 'late':
      return lateSince(values, now)
    case 'cancelled':
      return instant(values.cancelledAt)
    case 'refunded':
      return instant(values.refundedAt)
    case 'returned':
      return instant(values.returnedAt)
    case 'disputed':
      return instant(values.disputedAt)
    case 'low_review':
      return Number(values.reviewScore ?? 5) <= LOW_SCORE ? instant(values.reviewedAt) : null
  }
}

/** The promise was broken at its end, whether the order came later or not at all; a cancelled order that never came breaks none. */
function lateSince(values: Ending, now: Instant): Instant | null {
  const promised = instant(values.promiseEndsAt)
  if (promised === null) return null
  const delivered = instant(values.deliveredAt)
  if (delivered !== null) return delivered >= promised ? promised : null
  if (values.cancelled === true) return null
  const over = values.deliveredReported === true || values.returnedAt !== undefined
  return !over && promised <= now ? promised : null
}
