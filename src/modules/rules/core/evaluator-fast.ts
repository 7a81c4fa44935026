import { generateBook } from './codegen-book.ts'
import { closureEvaluator, type Evaluate, type EvaluatorOf, signedHorizon } from './evaluator.ts'

/** Generated code where it reaches, the closures behind it. */
export const fastEvaluator: EvaluatorOf = terms => {
  const reference = closureEvaluator(terms)
  const { conditions } = reference
  const generated = generateBook(terms, (index, facts, now) => signedHorizon(conditions[index]!, facts, now))
  return { evaluate: guarded(generated.evaluate, reference.evaluate), fast: generated.fast, conditions }
}

export const engineOf = (engine: 'generated' | 'closures' = 'generated'): EvaluatorOf =>
  engine === 'generated' ? fastEvaluator : closureEvaluator

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
