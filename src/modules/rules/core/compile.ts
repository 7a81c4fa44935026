import type { FactSchema } from '../../../contract/facts.ts'
import type { DecisionTable, RuleDef, TableDef } from '../types.ts'
import { type BookOptions, bookOf, type RuleBook } from './book.ts'
import { engineOf } from './evaluator-fast.ts'
import { type TableOptions, tableOf } from './table.ts'

/** `closures` is the reference, and what the console runs. Default: `generated`. */
interface Engine {
  readonly engine?: 'generated' | 'closures'
}
export type CompileOptions = Engine & Omit<BookOptions, 'evaluatorOf'>

/**
 * Checks all rules and compiles the live ones to one function. Throws RulesRefused with every refusal when one does not
 * pass. On the server only: it makes code from trees, which a browser's content security policy forbids.
 */
export const compileBook = (rules: readonly RuleDef[], schema: FactSchema, options: CompileOptions = {}): RuleBook =>
  bookOf(rules, schema, { ...options, evaluatorOf: engineOf(options.engine) })

/** Checks and compiles a decision table. Throws TableRefused with every problem of every cell. */
export const compileTable = (
  def: TableDef,
  schema: FactSchema,
  options: Engine & Omit<TableOptions, 'evaluatorOf'> = {},
): DecisionTable => tableOf(def, schema, { ...options, evaluatorOf: engineOf(options.engine) })
