import type { RuleItem, RuleText, RuleVersionItem } from '../../../contract/api/index.ts'
import { isoOf } from '../../../kernel/instant.ts'
import {
  type Change,
  type Constants,
  isFrozen,
  type RuleBody,
  type StoredVersion,
  stageOf,
} from '../../../modules/rules/index.ts'
import { emptyCounts, type RuleStats } from '../../../pipeline/queries/rules.ts'

/** Between a rule as the room keeps it and as the API tells it. */

type ConstantItem = RuleText['constants'][number]

export const constantItems = (constants: Constants): ConstantItem[] =>
  Object.entries(constants).map(([name, constant]) => {
    const label = { ...constant.label }
    if (constant.type === 'list') return { name, ...constant, value: [...constant.value], label }
    if (constant.type === 'lookup') return { name, ...constant, value: { ...constant.value }, label }
    return { name, ...constant, label }
  })

export const constantsOf = (items: readonly ConstantItem[]): Constants =>
  Object.fromEntries(items.map(({ name, ...constant }) => [name, constant]))

export function textOf(body: RuleBody): RuleText {
  const { name, reason, when, type, severity, clears, constants, examples, team, hint } = body
  return {
    ...{ name: { ...name }, reason: { ...reason }, when, type, severity, clears },
    ...(body.for !== undefined && { for: body.for }),
    constants: constantItems(constants),
    examples: examples.map(e => ({ ...e, facts: { ...e.facts } })),
    ...(team !== undefined && { team }),
    ...(hint !== undefined && { hint: { ...hint } }),
  }
}

/** What the API does not tell is kept as it was in the version before. */
export function bodyOfText({ constants, when, ...text }: RuleText, before: RuleBody | undefined): RuleBody {
  const { pack: _pack, team: _team, hint: _hint, for: _for, ...kept } = before ?? { scope: 'order' as const }
  return { ...kept, ...text, when: when.trim(), constants: constantsOf(constants) }
}

export function versionItem(version: StoredVersion, changes: readonly Change[], now: number): RuleVersionItem {
  return {
    version: version.version,
    stage: stageOf(version, changes, now),
    author: version.author,
    reason: version.reason,
    at: isoOf(version.at),
    pack: version.pack,
    hash: version.hash,
    frozen: isFrozen(version, changes),
    text: textOf(version.body),
  }
}

export const changeItem = ({ n, activeFrom, by, reason, at, moves, undoes }: Change) => ({
  ...{ n, activeFrom: isoOf(activeFrom), by, reason, at: isoOf(at) },
  moves: moves.map(m => ({ ...m })),
  undoes: undoes ?? null,
})

export function statsItem({ days, orders, rules }: RuleStats, rule: string): NonNullable<RuleItem['stats']> {
  const { hits, spark, cases, open, alone, closed, falseAlarms } = rules.get(rule) ?? emptyCounts(days)
  return {
    ...{ days, hits, spark, cases, open, alone },
    share: orders === 0 ? null : hits / orders,
    precision: closed === 0 ? null : (closed - falseAlarms) / closed,
    casesADay: cases / days,
  }
}
