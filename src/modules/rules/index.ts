export { calendarFrom, type ShippedCalendar } from './calendar-shape.ts'
export { spanWords, type Telling, timeWords, valueWords } from './core/amounts.ts'
export type { RefusedRule, RuleBook } from './core/book.ts'
export { calendarsOf, RulesRefused } from './core/book.ts'
export { type CompileOptions, compileBook, compileTable } from './core/compile.ts'
export { type Explain, type Explained, type ExplainOptions, type Explanation, explainerOf } from './core/explain.ts'
export { type LintInput, lintRules } from './core/lint.ts'
export type { ActingTable } from './core/lint-effects.ts'
export { LINT_CODES, type LintCode, type LintFinding } from './core/lint-finding.ts'
export { termReads } from './core/reads.ts'
export { type Hit, replayStory, type StoryFold, type StoryOptions, type StoryResult, Watch } from './core/replay.ts'
export { type CheckedTable, checkTable, MAX_ROWS } from './core/table-check.ts'
export { lintTable, type TableFinding } from './core/table-lint.ts'
export { type TableProblem, type TableProblemCode, TableRefused } from './core/table-problem.ts'
export { type PastedRows, rowsFromSheet, tableToSheet } from './core/table-sheet.ts'
export { KEPT_BACK, RULES_SLICE, rulesReactor, SHADOW_SLICE, shadowReactor } from './core.ts'
export { APPROVALS, actingTable, isAskedOf, saidFor } from './core-decisions.ts'
export { failedExamples } from './core-examples.ts'
export {
  type Change,
  type Difference,
  differencesOf,
  isFrozen,
  MOVES,
  type Move,
  type MoveTo,
  type Standing,
  type Standings,
  stageOf,
  type Turn,
  turnAt,
  turnsOf,
  waitingAt,
} from './core-life.ts'
export { type ConditionRow, conditionRows } from './core-rows.ts'
export { bodyOf } from './core-ship.ts'
export type { Expr } from './dialect/ast.ts'
export { type CheckedRule, checkRule, MAX_NESTING, MAX_NODES, MAX_STEPS } from './dialect/check.ts'
export { REFUSAL_CODES, type Refusal, type RefusalCode } from './dialect/refusal.ts'
export type { Calendars, Vocabulary } from './dialect/scope.ts'
export { type FilePackProblem, loadPacks, PacksRefused } from './load.ts'
export { CalendarsRefused, loadCalendars } from './load-calendars.ts'
export { type Pack, type PackProblem, type ParsedPack, parsePack } from './pack.ts'
export { packText } from './pack-text.ts'
export { defOf, hashOf, readChanges, readVersions, type StoredVersion } from './store.ts'
export {
  readTables,
  readTableTurns,
  type StoredTable,
  type TableBody,
  type TableTurn,
  tableDef,
  tableHash,
} from './table-store.ts'
export type {
  Constant,
  Constants,
  Decision,
  DecisionMade,
  DecisionTable,
  Evidence,
  FindingCleared,
  FindingLapsed,
  FindingPending,
  FindingRaised,
  HeldFinding,
  HitPolicy,
  KnownOrder,
  ListConstant,
  LookupConstant,
  OutputValue,
  PendingFinding,
  RuleBody,
  RuleDef,
  RuleExample,
  RuleStage,
  RulesState,
  ScalarConstant,
  ScalarValue,
  SilentFeeds,
  TableDef,
  TableInput,
  TableOutput,
  TableRow,
} from './types.ts'
export { DraftConflict, saveDraft } from './verbs/draft.ts'
export { cancelChange, moveRules, RuleRefused } from './verbs/move.ts'
export { ChangeRace, inRace, shipRules } from './verbs/ship.ts'
export { saveTable, type TableAsked, TableConflict, type TableTurnAsked, turnTable } from './verbs/table.ts'
