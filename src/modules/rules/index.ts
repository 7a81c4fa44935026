export type { CompileOptions, RefusedRule, RuleBook } from './core/book.ts'
export { compileBook, RulesRefused } from './core/book.ts'
export { RULES_SLICE, rulesReactor } from './core.ts'
export type { Expr } from './dialect/ast.ts'
export { type CheckedRule, checkRule, MAX_NESTING, MAX_NODES, MAX_STEPS } from './dialect/check.ts'
export { REFUSAL_CODES, type Refusal, type RefusalCode } from './dialect/refusal.ts'
export { type FilePackProblem, loadPacks, PacksRefused } from './load.ts'
export { type Pack, type PackProblem, type ParsedPack, parsePack } from './pack.ts'
export type {
  Constant,
  Constants,
  Evidence,
  FindingCleared,
  FindingRaised,
  HeldFinding,
  RuleDef,
  RuleExample,
  RuleStage,
  RulesState,
} from './types.ts'
