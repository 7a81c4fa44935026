import type { FactSchema } from '../../contract/facts.ts'
import { type CompileOptions, compileBook } from './core/compile.ts'
import type { RuleDef } from './types.ts'

/** Indices of the examples that do not come out as they say. The condition has passed the checker. */
export function failedExamples(rule: RuleDef, schema: FactSchema, options: CompileOptions): number[] {
  const book = compileBook([{ ...rule, stage: 'live' }], schema, options)
  const out = new Float64Array(1)
  return rule.examples.flatMap(({ facts, now, holds }, i) => {
    book.evaluate(facts, now, out)
    return out[0]! > 0 === holds ? [] : [i]
  })
}
