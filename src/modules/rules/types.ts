import type { Severity } from '../../contract/exceptions.ts'
import type { FactValues, Label, ScalarType } from '../../contract/facts.ts'
import type { Duration, Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'

export type RuleStage = 'draft' | 'shadow' | 'live' | 'retired'

/** ms for dur, epoch ms for time, minor units for money. */
export type ScalarValue = boolean | number | string

/** A named value that rules of a pack use by its name: a limit that a manager may move. */
export interface ScalarConstant {
  readonly type: ScalarType
  readonly value: ScalarValue
  readonly label: Label
}
/** A named list: key words, codes, channels; for `in` and `containsAny`. */
export interface ListConstant {
  readonly type: 'list'
  readonly of: 'string' | 'num'
  readonly value: readonly (string | number)[]
  readonly label: Label
}
/** A named table from a text to a value, such as the region of a province; `otherwise` for what is not in it. */
export interface LookupConstant {
  readonly type: 'lookup'
  readonly of: ScalarType
  readonly value: { readonly [key: string]: ScalarValue }
  readonly otherwise: ScalarValue
  readonly label: Label
}
export type Constant = ScalarConstant | ListConstant | LookupConstant
export interface Constants {
  readonly [name: string]: Constant
}

/** A rule as data: the condition is text of the dialect, see `dialect/check.ts`. */
export interface RuleDef {
  readonly id: string
  readonly version: number
  readonly stage: RuleStage
  readonly name: Label
  readonly reason: Label
  readonly when: string
  /** The condition must have held for so long without a break, in ms, before the rule does; as in Prometheus. */
  readonly for?: Duration
  /** Type of the exception that a finding of this rule is, such as `delivered_late`. */
  readonly type: string
  readonly severity: Severity
  /** What happens to the case when the finding stops holding: closed by itself, or marked for a look. */
  readonly clears: 'auto' | 'look'
  readonly scope: 'order'
  readonly constants: Constants
  readonly examples: readonly RuleExample[]
  /** The pack that ships it; none for a rule that people made. */
  readonly pack?: string
  /** Who is to act on its cases, by a code such as `warehouse`. */
  readonly team?: string
  /** What to do about it, in short: what the case page shows until a procedure is bound to the type. */
  readonly hint?: Label
}

/** What a rule says, without its name, its number and its stage: what a version keeps. */
export type RuleBody = Omit<RuleDef, 'id' | 'version' | 'stage'>

/** Facts on which the rule must, or must not, hold; tests run them. */
export interface RuleExample {
  readonly facts: FactValues
  readonly now: Instant
  readonly holds: boolean
}

export type HeldFinding = Readonly<{ since: Instant; version: number; type: string }>

/** The condition of a rule with `for` holds since then, not yet long enough. */
export type PendingFinding = Readonly<{ since: Instant; version: number }>

/** The condition of a rule holds since then, and a feed that it depends on is silent. */
export type InhibitedFinding = Readonly<{ since: Instant; version: number; feed: string }>

/** Which feeds are silent; reference data that the pipeline puts beside the rules. */
export interface SilentFeeds {
  /** A silent feed from which one of these types of events would come for this order; null for none. */
  silencing(types: readonly string[], order: KnownOrder, now: Instant): string | null
  isSilent(feed: string, now: Instant): boolean
}

/** What tells which feeds speak of an order. */
export interface KnownOrder {
  readonly channel: string
  readonly heardFrom: readonly string[]
}

/** The rules slice of a stream: what holds now, and what may soon, by rule id. */
export interface RulesState {
  /** What would hold if its feed had not gone silent. */
  readonly inhibited?: { readonly [rule: string]: InhibitedFinding }
  /** Feeds that spoke of the order. */
  readonly heardFrom?: readonly string[]
  readonly held: { readonly [rule: string]: HeldFinding }
  readonly pending: { readonly [rule: string]: PendingFinding }
  /** What tables decided last of the order, by their use. */
  readonly decided?: { readonly [use: string]: StandingDecision }
}

/** Values of everything the rule read at that moment, by path; null for an optional field without a value. */
export type Evidence = JsonObject

/** Body of `finding.raised`. Instants are epoch ms. */
export type FindingRaised = Readonly<{
  rule: string
  version: number
  type: string
  severity: Severity
  clears: 'auto' | 'look'
  at: Instant
  /** When it will stop holding if nothing happens but time; null for never. */
  flipAt: Instant | null
  evidence: Evidence
}>

/** Body of `finding.cleared`; version and type are those it was raised with. Evidence is empty when the rule is gone. */
export type FindingCleared = Readonly<{
  rule: string
  version: number
  type: string
  at: Instant
  evidence: Evidence
}>

/** Body of `finding.pending`: the condition holds since `at`; the finding is raised at `dueAt` if that does not change. */
export type FindingPending = Readonly<{ rule: string; version: number; at: Instant; dueAt: Instant }>

/** Body of `finding.lapsed`: what was pending ceased to hold before it was long enough. */
export type FindingLapsed = Readonly<{ rule: string; version: number; at: Instant }>

/** Body of `finding.inhibited`: its condition holds, but a feed that it depends on is silent. It is looked at on return. */
export type FindingInhibited = Readonly<{ rule: string; version: number; at: Instant; feed: string }>

/** FIRST hit of the rows from above, the one of UNIQUE rows, or all that hit, COLLECTed. */
export type HitPolicy = 'first' | 'unique' | 'collect'

/** A column that rows test: an expression of the dialect, of any type. */
export interface TableInput {
  readonly id: string
  readonly label: Label
  readonly expr: string
  /** For amounts: cells are written in units of this currency, such as `> 500.00`; without it in minor units. */
  readonly currency?: string
}

/** A column that rows fill in. */
export interface TableOutput {
  readonly id: string
  readonly label: Label
  readonly type: ScalarType
  /** The only values that may stand in it. */
  readonly oneOf?: readonly ScalarValue[]
  readonly currency?: string
  /** Of several rows that hit, for the policy `collect`; `list` when left out. */
  readonly collect?: 'list' | 'sum' | 'min' | 'max' | 'count'
}

/** Cells as people write them; an empty one is any value as a condition, and no value as a result. */
export interface TableRow {
  readonly when: readonly string[]
  readonly give: readonly string[]
  readonly note?: string
}

export interface TableDef {
  readonly id: string
  readonly version: number
  readonly name: Label
  readonly policy: HitPolicy
  readonly inputs: readonly TableInput[]
  readonly outputs: readonly TableOutput[]
  readonly rows: readonly TableRow[]
  /** What is decided when no row hits; with it a table has no gaps. */
  readonly otherwise?: readonly string[]
  readonly constants: Constants
}

export type OutputValue = ScalarValue | null | readonly ScalarValue[]

/** What a table says of some facts at an instant. */
export interface Decision {
  /** Indices of the rows that decided; empty when none hit. */
  readonly rows: readonly number[]
  readonly values: { readonly [output: string]: OutputValue }
  /** More than one row of a UNIQUE table hit: the first counted. */
  readonly conflict: boolean
  /** The decision is certain until then if nothing happens; Infinity for ever. `changesAt` is exact. */
  readonly until: number
}

/** Why a table decides as it does. */
export interface TableReasons {
  /** Of everything that its columns read. */
  readonly evidence: Evidence
  /** For each row the columns (indices) whose cells do not hold; none for a row that hits. */
  readonly unmet: readonly (readonly number[])[]
}

/** What a table says of an order, by the names of its results; null where it says nothing. */
export interface DecisionResult {
  readonly [output: string]: OutputValue
}

/** What stands of a table's last word on an order. */
export type StandingDecision = Readonly<{ version: number; rows: readonly number[]; result: DecisionResult }>

/** Body of `decision.made`. Rows are counted from 0. */
export type DecisionMade = Readonly<{
  /** What the table is used for. */
  table: string
  /** Null, as the result: no table decides any more, or no row hits. */
  version: number | null
  rows: readonly number[]
  result: DecisionResult | null
  /** What stood before; null for nothing. */
  was: DecisionResult | null
  evidence: Evidence
  /** Rows that do not hit, and the columns because of which: why it was not decided otherwise. */
  others: readonly Readonly<{ row: number; gives: DecisionResult; unmet: readonly string[] }>[]
}>

/** A decision table, compiled; immutable. */
export interface DecisionTable {
  readonly def: TableDef
  /** For people: not made to be asked for every fact. */
  reasons(facts: FactValues, now: Instant): TableReasons
  /** What a row gives by itself, by the names of the results. */
  givenBy(row: number): DecisionResult
  decide(facts: FactValues, now: Instant): Decision
  /** The exact first instant after `now` at which other rows decide by time alone; null for never. */
  changesAt(facts: FactValues, now: Instant): Instant | null
}
