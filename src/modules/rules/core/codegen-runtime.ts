import type { CompareOp } from '../dialect/ast.ts'
import type { TermOf } from '../dialect/term.ts'
import { lowerAscii, PAIRS, QUANTITIES, sizeOf } from './functions.ts'
import { businessAdd, type ReachTest, reached } from './temporal-clock.ts'
import { ordered } from './temporal-frame.ts'

/** What generated code calls by the name `rt`. */
export const RUNTIME = {
  ...PAIRS,
  ...QUANTITIES,
  lowerAscii,
  size: sizeOf,
  businessAdd,
  exists<T>(list: readonly T[], horizon: (element: T) => number): number {
    let best = Number.NEGATIVE_INFINITY
    for (let i = 0; i < list.length && best < Number.POSITIVE_INFINITY; i++) {
      best = Math.max(best, horizon(list[i]!))
    }
    return best
  },
  all<T>(list: readonly T[], horizon: (element: T) => number): number {
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < list.length && best > Number.NEGATIVE_INFINITY; i++) {
      best = Math.min(best, horizon(list[i]!))
    }
    return best
  },
  sum<T>(list: readonly T[], summand: (element: T) => number): number {
    return list.reduce((total, element) => total + summand(element), 0)
  },
} as const

/** `step(shift + now)` as a condition: certain until the clock leaves the step. */
export const stepHolds =
  ({ step }: TermOf<'step'>) =>
  (shift: number, now: number): number => {
    const { value, to } = step.at(shift + now)
    return signedAt(value === true, Math.ceil(to - shift))
  }

/** `step(shift + now) op limit`. */
export const stepCompared =
  ({ step }: TermOf<'step'>, op: CompareOp) =>
  (shift: number, limit: number, now: number): number => {
    const { value, to } = step.at(shift + now)
    return signedAt(ordered(op, Number(value), limit), Math.ceil(to - shift))
  }

/** `businessElapsed(anchor, now) op limit`. */
export const reachCompared =
  (test: ReachTest) =>
  (anchor: number, limit: number, now: number): number =>
    reached(test, { anchor, limit: test.negated ? -limit : limit, now })

const signedAt = (holds: boolean, until: number): number => (holds ? until : -until)
