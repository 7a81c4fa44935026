/**
 * What the console uses of this room: it checks, prints and explains while somebody types, and tries a rule on sample
 * orders. Nothing here makes code from text, reads files or knows a database (`scripts/floor-rules.ts` holds that).
 */
export { type BookOptions, bookOf, calendarsOf, type RefusedRule, type RuleBook, RulesRefused } from './core/book.ts'
export { closureEvaluator } from './core/evaluator.ts'
export { type Explain, type Explained, type ExplainOptions, type Explanation, explainerOf } from './core/explain.ts'
export { type LintInput, lintRules } from './core/lint.ts'
export type { LintCode, LintFinding } from './core/lint-finding.ts'
export { termReads } from './core/reads.ts'
export { type Found, type Goal, search } from './core/search.ts'
export { type TableOptions, tableOf } from './core/table.ts'
export { type CheckedTable, checkTable, MAX_ROWS } from './core/table-check.ts'
export { lintTable, type TableFinding } from './core/table-lint.ts'
export { type TableProblem, TableRefused } from './core/table-problem.ts'
export { type PastedRows, rowsFromSheet, tableToSheet } from './core/table-sheet.ts'
export type { Expr } from './dialect/ast.ts'
export { FUNCTION_CATALOGUE, type FunctionEntry } from './dialect/catalogue.ts'
export { type CheckedRule, type CheckedValue, checkRule, checkValue, MAX_NESTING, MAX_NODES } from './dialect/check.ts'
export { type Parsed, parse } from './dialect/parse.ts'
export { print, sameExpr } from './dialect/print.ts'
export { type Refusal, type RefusalCode, TYPE_WORDS } from './dialect/refusal.ts'
export {
  type Group,
  type GuardedRow,
  type HowMany,
  isGuardable,
  type Path,
  type PlainRow,
  type Row,
  type RowOf,
  type WordTest,
} from './dialect/rows.ts'
export { type Choice, choiceOf, choicesFor, firstValue, spanValue } from './dialect/rows-choices.ts'
export { rowsOf } from './dialect/rows-read.ts'
export { textOfRows } from './dialect/rows-write.ts'
export type { Calendars, Vocabulary } from './dialect/scope.ts'
export type {
  Constant,
  Constants,
  Decision,
  DecisionTable,
  HitPolicy,
  RuleDef,
  RuleStage,
  TableDef,
  TableInput,
  TableOutput,
  TableRow,
} from './types.ts'
