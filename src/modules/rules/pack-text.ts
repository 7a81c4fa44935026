import { stringify } from 'yaml'
import { isoOf } from '../../kernel/instant.ts'
import type { Constant, Constants, RuleDef } from './types.ts'

/**
 * Rules as the text of a pack file, which `parsePack` reads to the same rules again. A constant that all rules mean alike
 * is written once; a rule that means something else by the name of one has its own.
 */
export function packText(pack: string, rules: readonly RuleDef[]): string {
  const shared = sharedBy(rules)
  const whole = { pack, ...constantsText(shared), rules: rules.map(rule => ruleText(rule, shared)) }
  return stringify(whole, { lineWidth: 120, aliasDuplicateObjects: false })
}

/** Of each name what the first rule means by it. */
function sharedBy(rules: readonly RuleDef[]): Constants {
  const all: { [name: string]: Constant } = {}
  for (const { constants } of rules) for (const name of Object.keys(constants)) all[name] ??= constants[name]!
  return all
}

const constantsText = (constants: Constants): { constants?: object } => {
  const entries = Object.entries(constants).map(([name, constant]) => [name, written(constant)])
  return entries.length > 0 ? { constants: Object.fromEntries(entries) } : {}
}

const ownOf = ({ constants }: RuleDef, shared: Constants): Constants =>
  Object.fromEntries(
    Object.entries(constants).filter(([name, c]) => JSON.stringify(c) !== JSON.stringify(shared[name])),
  )

function written(constant: Constant): unknown {
  if (constant.type === 'dur') return { ...constant, value: spanText(Number(constant.value)) }
  if (constant.type === 'time') return { ...constant, value: isoOf(Number(constant.value)) }
  return constant
}

const SPANS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** In the largest unit that says it exactly. */
function spanText(ms: number): string {
  const [unit, of] = SPANS.find(([, size]) => ms !== 0 && ms % size === 0) ?? ['ms', 1]
  return `${ms / of}${unit}`
}

function ruleText(def: RuleDef, shared: Constants): object {
  const { pack: _pack, constants: _constants, examples, ...rule } = def
  return {
    ...rule,
    ...constantsText(ownOf(def, shared)),
    ...(rule.for !== undefined && { for: spanText(rule.for) }),
    examples: examples.map(({ facts, now, holds }) => ({ now: isoOf(now), holds, facts })),
  }
}
