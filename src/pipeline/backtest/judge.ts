import type { Instant } from '../../kernel/instant.ts'
import type { RuleBook } from '../../modules/rules/index.ts'
import { apply, type Story } from './story.ts'

/** That a rule held: from when, and until when; null when it still did at the end. */
export interface Held {
  readonly from: Instant
  readonly to: Instant | null
}

/**
 * When each rule of the book held for an order, by what was known at each instant, up to `end` (exclusive). A flip
 * between two frames is found at its own instant, as the timers of a live system find it.
 */
export function heldIn(story: Story, book: RuleBook, end: Instant): Held[][] {
  const size = book.rules.length
  const found: Held[][] = Array.from({ length: size }, () => [])
  const since = new Float64Array(size).fill(Number.NaN)
  const values = {}
  const frames = story.f
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i]!
    if (frame[0] >= end) break
    apply(values, frame)
    const next = i + 1 < frames.length ? Math.min(frames[i + 1]![0], end) : end
    for (let at = frame[0]; at < next; ) {
      const { holds, until } = book.next(values, at)
      note(found, since, { holds, at })
      at = until
    }
  }
  for (let i = 0; i < size; i++) if (!Number.isNaN(since[i])) found[i]!.push({ from: since[i]!, to: null })
  return found
}

function note(found: Held[][], since: Float64Array, { holds, at }: { holds: Uint8Array; at: Instant }): void {
  for (let i = 0; i < holds.length; i++) {
    const held = !Number.isNaN(since[i])
    if (holds[i] === 1 && !held) since[i] = at
    else if (holds[i] === 0 && held) {
      found[i]!.push({ from: since[i]!, to: at })
      since[i] = Number.NaN
    }
  }
}
