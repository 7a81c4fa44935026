import { stringify } from 'yaml'
import { isoOf } from '../../kernel/instant.ts'
import type { Constant, Constants, RuleDef } from './types.ts'

/** Rules of one pack that mean different things by one name: they cannot stand in one file. */
export class PackConflict extends Error {
  readonly code = 'pack_conflict'
}

/**
 * Rules as the text of a pack file, which `parsePack` reads to the same rules again.
 * @throws PackConflict when two rules use a constant of one name with different values
 */
export function packText(pack: string, rules: readonly RuleDef[]): string {
  const constants = constantsOf(rules)
  const whole = {
    pack,
    ...(Object.keys(constants).length > 0 && {
      constants: Object.fromEntries(Object.entries(constants).map(([name, c]) => [name, written(c)])),
    }),
    rules: rules.map(ruleText),
  }
  return stringify(whole, { lineWidth: 120, aliasDuplicateObjects: false })
}

function constantsOf(rules: readonly RuleDef[]): Constants {
  const all: { [name: string]: Constant } = {}
  for (const rule of rules)
    for (const [name, constant] of Object.entries(rule.constants)) {
      const known = all[name]
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(constant))
        throw new PackConflict(`Two rules mean different things by ${name} (one is ${rule.id}): rename one of them.`)
      all[name] = constant
    }
  return all
}

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

function ruleText({ pack: _pack, constants: _constants, examples, ...rule }: RuleDef): object {
  return {
    ...rule,
    ...(rule.for !== undefined && { for: spanText(rule.for) }),
    examples: examples.map(({ facts, now, holds }) => ({ now: isoOf(now), holds, facts })),
  }
}
