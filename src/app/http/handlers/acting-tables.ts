import { TABLE_USES } from '../../../contract/api/index.ts'
import { orderFactSchema } from '../../../modules/orders/index.ts'
import { type ActingTable, actingTable, calendarsOf, lintRules, type TableDef } from '../../../modules/rules/index.ts'
import type { RuleSet } from '../../../pipeline/rule-sets.ts'

/** The tables of a set that let orders go on by themselves, with a draft in the place of the one that stands. */
export function actingTables(set: RuleSet | null, draft?: TableDef): ActingTable[] {
  return TABLE_USES.flatMap(use => {
    const def = draft?.id === use ? draft : set?.tableOf(use)?.def
    const acting = def ? actingTable(def) : null
    return acting ? [acting] : []
  })
}

/** What is odd about a table among the rules and the other tables that stand. */
export function lintAmong(set: RuleSet | null, draft: TableDef) {
  const tables = actingTables(set, draft)
  const own = tables.find(table => table.def === draft)
  if (!own) return []
  const calendars = calendarsOf(set?.calendars ?? [])
  return lintRules({ rules: set?.live ?? [], schema: orderFactSchema, calendars, tables, only: new Set([own.id]) })
}
