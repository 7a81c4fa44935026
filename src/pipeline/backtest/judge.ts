import type { Instant } from '../../kernel/instant.ts'
import { type BaselineBook, NO_BASELINES, withBaselines } from '../../modules/orders/index.ts'
import { type RuleBook, Watch } from '../../modules/rules/index.ts'
import { apply, type Story } from './story.ts'

/** That a rule held: from when, and until when; null when it still did at the end. */
export interface Held {
  readonly from: Instant
  readonly to: Instant | null
}

export interface Judging {
  /** Exclusive. */
  readonly end: Instant
  readonly baselines?: BaselineBook
}

/**
 * When each rule of the book held for an order, by what was known at each instant, up to `end` (exclusive). A flip
 * between two frames is found at its own instant, as the timers of a live system find it.
 */
export function heldIn(story: Story, book: RuleBook, { end, baselines = NO_BASELINES }: Judging): Held[][] {
  const watch = new Watch(book, { until: end - 1 })
  const values = {}
  const frames = story.f
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i]!
    if (frame[0] >= end) break
    apply(values, frame)
    const next = i + 1 < frames.length ? Math.min(frames[i + 1]![0], end) : end
    watch.run(withBaselines(values, baselines), frame[0], next)
  }
  const held: Held[][] = book.rules.map(() => [])
  for (const { rule, raisedAt, clearedAt } of watch.result().hits) held[rule]!.push({ from: raisedAt, to: clearedAt })
  return held
}
