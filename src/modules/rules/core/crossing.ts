import type { Instant } from '../../../kernel/instant.ts'
import type { CompareOp } from '../dialect/ast.ts'
import { ordered } from './temporal-frame.ts'

/** The last instant that a date can have; nothing is asked about later ones. */
const LAST = 8.64e15

/** A moving number: `c + k * now`. */
export interface Line {
  readonly c: number
  readonly k: number
}

/**
 * First tick after now at which `c + k*now op 0` changes; Infinity for never. Rounded sums of a rising line never fall, so
 * each side of the comparison changes once, and halving finds where, whatever the numbers are; nearly always it is one of
 * the ticks beside the root.
 */
export function crossing(op: CompareOp, line: Line, now: Instant): number {
  if (line.k === 0 || !Number.isFinite(line.c) || !Number.isFinite(line.k)) return Number.POSITIVE_INFINITY
  if (op !== '==' && op !== '!=') return changeOf(op, line, now)
  // Equal from where it is reached until it is passed, which may be no tick at all.
  const [reached, passed] = line.k > 0 ? (['>=', '>'] as const) : (['<=', '<'] as const)
  const from = changeOf(reached, line, now)
  const to = changeOf(passed, line, now)
  return from === to ? Number.POSITIVE_INFINITY : from < to ? from : to
}

function changeOf(op: CompareOp, { c, k }: Line, now: Instant): number {
  const at = (t: number): boolean => ordered(op, c + k * t, 0)
  const before = at(now)
  const root = Math.floor(-c / k)
  for (let i = -1; i <= 2; i++) {
    const t = root + i
    if (t > now && t <= LAST && at(t) !== before && at(t - 1) === before) return t
  }
  if (at(LAST) === before) return Number.POSITIVE_INFINITY
  let [low, high] = [now, LAST]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (at(middle) === before) low = middle
    else high = middle
  }
  return high
}
