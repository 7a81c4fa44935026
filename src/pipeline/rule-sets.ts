import type { TABLE_USES } from '../contract/api/index.ts'
import type { FactSchema } from '../contract/facts.ts'
import type { CalendarDef } from '../kernel/business-time.ts'
import type { Instant } from '../kernel/instant.ts'
import { triageFactSchema } from '../modules/cases/index.ts'
import { orderFactSchema } from '../modules/orders/index.ts'
import {
  calendarsOf,
  compileBook,
  compileTable,
  type DecisionTable,
  defOf,
  type RuleBook,
  type RuleDef,
  RulesRefused,
  type StoredTable,
  type StoredVersion,
  TableRefused,
  type Turn,
  tableDef,
} from '../modules/rules/index.ts'

/** The rules that stand from an instant on. Compiled when somebody first asks: most sets of the past are never asked. */
export interface RuleSet {
  readonly activeFrom: Instant
  /** The newest change that counts in it. */
  readonly version: number
  readonly calendars: readonly CalendarDef[]
  readonly live: readonly RuleDef[]
  readonly shadow: readonly RuleDef[]
  readonly book: RuleBook
  /** What runs beside it and opens nothing; null when nothing does. */
  readonly shadowBook: RuleBook | null
  /** The versions of the decision tables that decide in it. */
  readonly tables: TablesInForce
  /** The table for a use, compiled; null for none. */
  tableOf(use: TableUse): DecisionTable | null
  /** Rules, and tables as `table:id`, that this release does not accept any more; they are left out. */
  readonly broken: readonly string[]
}

/** What a set is made of beside its turn. */
export interface SetParts {
  readonly versions: ReadonlyMap<string, StoredVersion>
  readonly schema: FactSchema
  readonly calendars: readonly CalendarDef[]
  readonly tables: TablesInForce
}

type TableUse = (typeof TABLE_USES)[number]
export type TablesInForce = { readonly [use in TableUse]: StoredTable | null }

/** What the tables of each use may read. */
export const TABLE_FACTS: { readonly [use in TableUse]: FactSchema } = {
  triage: triageFactSchema,
  approval: orderFactSchema,
  routing: orderFactSchema,
}

export function ruleSetOf(turn: Turn, { versions, schema, calendars, tables }: SetParts): RuleSet {
  const named = (stage: 'live' | 'shadow'): RuleDef[] =>
    [...turn.standings].flatMap(([rule, standing]) => {
      const version = versions.get(`${rule}@${standing[stage]}`)
      return version ? [defOf(version, 'live')] : []
    })
  const live = named('live')
  const shadow = named('shadow')
  const broken: string[] = []
  let book: RuleBook | null = null
  let shadowBook: RuleBook | null = null
  const compiledTables = new Map<TableUse, DecisionTable | null>()
  return {
    activeFrom: turn.activeFrom,
    version: turn.n,
    calendars,
    live,
    shadow,
    broken,
    tables,
    tableOf(use) {
      const known = compiledTables.get(use)
      if (known !== undefined) return known
      const table = tables[use] && tableFrom(tables[use], { use, calendars, broken })
      compiledTables.set(use, table)
      return table
    },
    get book() {
      book ??= compiled(live, { schema, calendars }, broken)
      return book
    },
    get shadowBook() {
      if (shadow.length > 0) shadowBook ??= compiled(shadow, { schema, calendars }, broken)
      return shadowBook
    },
  }
}

/** A rule that an older release accepted and this one does not must not stop all the others. */
function compiled(
  rules: readonly RuleDef[],
  { schema, calendars }: Pick<SetParts, 'schema' | 'calendars'>,
  broken: string[],
): RuleBook {
  try {
    return compileBook(rules, schema, { calendars })
  } catch (error) {
    if (!(error instanceof RulesRefused)) throw error
    const refused = new Set(error.refused.map(r => r.rule))
    broken.push(...refused)
    return compileBook(
      rules.filter(r => !refused.has(r.id)),
      schema,
      { calendars },
    )
  }
}

/** A table that this release does not accept any more decides nothing, as if there were none. */
function tableFrom(
  table: StoredTable,
  { use, calendars, broken }: { use: TableUse; calendars: readonly CalendarDef[]; broken: string[] },
): DecisionTable | null {
  const name = `table:${table.id}`
  if (broken.includes(name)) return null
  try {
    return compileTable(tableDef(table), TABLE_FACTS[use], { calendars: calendarsOf(calendars) })
  } catch (error) {
    if (!(error instanceof TableRefused)) throw error
    broken.push(name)
    return null
  }
}
