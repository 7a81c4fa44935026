import type { Fact } from '../../../contract/stream.ts'
import type { Draft } from './draft.ts'
import { bodyAs } from './draft.ts'

/** What customers and sensors say of an order: the newest of each counts, of one instant the larger value. */

export function foldReview(draft: Draft, fact: Fact): void {
  const { score } = bodyAs(fact, 'review.received')
  const at = fact.occurredAt
  if (score === undefined || !isNewer(draft.review, { at, value: score }, draft.review?.score)) return
  draft.review = { at, score }
}

export function foldReading(draft: Draft, fact: Fact): void {
  const { measure, value, unit } = bodyAs(fact, 'sensor.reading')
  const at = fact.occurredAt
  const readings = draft.readings ?? []
  const index = readings.findIndex(r => r.measure === measure)
  const known = readings[index]
  if (!isNewer(known, { at, value }, known?.value)) return
  const reading = { at, measure, value, unit }
  const others = readings.filter(r => r.measure !== measure)
  // In the order of their names, so that arrival does not matter.
  draft.readings = [...others, reading].sort((a, b) => (a.measure < b.measure ? -1 : 1))
}

const isNewer = (
  known: { at: number } | undefined,
  given: { at: number; value: number },
  value: number | undefined,
): boolean =>
  known === undefined || value === undefined || given.at > known.at || (given.at === known.at && given.value > value)
