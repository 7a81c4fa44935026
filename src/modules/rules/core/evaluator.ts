import type { FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Term } from '../dialect/term.ts'
import { generateBook } from './codegen-book.ts'
import { type Condition, conditionOf } from './temporal.ts'

/** Writes each condition's signed horizon to `out`; returns the earliest of their absolute values. */
export type Evaluate = (facts: FactValues, now: Instant, out: Float64Array) => number

export interface Evaluator {
  readonly evaluate: Evaluate
  /** Conditions with generated code; the others run on the closures. */
  readonly fast: number
  readonly conditions: readonly Condition[]
}

/** Several conditions as one function: generated code where it reaches, the closures behind it. */
export function evaluatorOf(terms: readonly Term[], engine: 'generated' | 'closures'): Evaluator {
  const conditions = terms.map(term => conditionOf(term))
  const slow = (index: number, facts: FactValues, now: Instant) => signedHorizon(conditions[index]!, facts, now)
  const reference: Evaluate = (facts, now, out) => {
    let earliest = Number.POSITIVE_INFINITY
    for (let i = 0; i < conditions.length; i++) {
      const horizon = slow(i, facts, now)
      out[i] = horizon
      earliest = Math.min(earliest, Math.abs(horizon))
    }
    return earliest
  }
  if (engine === 'closures') return { evaluate: reference, fast: 0, conditions }
  const generated = generateBook(terms, slow)
  return { evaluate: guarded(generated.evaluate, reference), fast: generated.fast, conditions }
}

/** A fault counts as "does not hold", until the closures say that it may change. */
function signedHorizon(condition: Condition, facts: FactValues, now: Instant): number {
  const { value, until } = condition(facts, now)
  return value === true ? until : -until
}

/** Facts that break their schema can make generated code throw; the closures absorb that. */
function guarded(fast: Evaluate, reference: Evaluate): Evaluate {
  return (facts, now, out) => {
    try {
      return fast(facts, now, out)
    } catch {
      return reference(facts, now, out)
    }
  }
}
