import type { FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Term } from '../dialect/term.ts'
import { type Condition, conditionOf } from './temporal.ts'

/** Writes each condition's signed horizon to `out`; returns the earliest of their absolute values. */
export type Evaluate = (facts: FactValues, now: Instant, out: Float64Array) => number

export interface Evaluator {
  readonly evaluate: Evaluate
  /** Conditions with generated code; the others run on the closures. */
  readonly fast: number
  readonly conditions: readonly Condition[]
}

/** Several conditions as one function. */
export type EvaluatorOf = (terms: readonly Term[]) => Evaluator

/** By closures alone: the reference, and what runs where code may not be generated. */
export const closureEvaluator: EvaluatorOf = terms => {
  const conditions = terms.map(term => conditionOf(term))
  const evaluate: Evaluate = (facts, now, out) => {
    let earliest = Number.POSITIVE_INFINITY
    for (let i = 0; i < conditions.length; i++) {
      const horizon = signedHorizon(conditions[i]!, facts, now)
      out[i] = horizon
      earliest = Math.min(earliest, Math.abs(horizon))
    }
    return earliest
  }
  return { evaluate, fast: 0, conditions }
}

/** A fault counts as "does not hold", until the closures say that it may change. */
export function signedHorizon(condition: Condition, facts: FactValues, now: Instant): number {
  const { value, until } = condition(facts, now)
  return value === true ? until : -until
}
