import { isMap, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { FactValues } from '../../contract/facts.ts'
import { packShape } from './pack-shape.ts'
import type { Constants, RuleDef, RuleExample } from './types.ts'

/** Rules that are shipped, reviewed and changed together, with the constants that they share. */
export interface Pack {
  readonly id: string
  readonly constants: Constants
  readonly rules: readonly RuleDef[]
}

/** What is wrong with a pack and where; `line` is counted from 1. Codes: `bad_yaml`, `bad_pack`. */
export interface PackProblem {
  readonly code: 'bad_yaml' | 'bad_pack'
  readonly line: number
  /** Such as `rules[2].severity`; empty for the whole file. */
  readonly path: string
  readonly message: string
}

export type ParsedPack =
  | { readonly ok: true; readonly pack: Pack }
  | { readonly ok: false; readonly problems: readonly PackProblem[] }

/**
 * A pack's YAML text to rules. The form is checked here with all problems at once; the conditions are checked by
 * `compileBook`, which knows the facts.
 */
export function parsePack(text: string): ParsedPack {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, merge: false })
  const lineOf = (offset: number): number => lines.linePos(offset).line
  if (doc.errors.length > 0) {
    const problems = doc.errors.map(e =>
      bad('bad_yaml', lineOf(e.pos[0]), { path: [], message: e.message.split('\n')[0]! }),
    )
    return { ok: false, problems }
  }
  const read = packShape.safeParse(doc.toJS({ maxAliasCount: 50 }))
  if (read.success) return { ok: true, pack: packOf(read.data) }
  const problems = read.error.issues.map(issue => bad('bad_pack', lineOf(startOf(issue.path)), issue))
  return { ok: false, problems }

  /** Offset of the node at the path, or of the nearest one above it when it is missing. */
  function startOf(path: readonly PropertyKey[]): number {
    for (let depth = path.length; depth > 0; depth--) {
      const node = doc.getIn(path.slice(0, depth), true)
      if (hasRange(node)) return node.range[0]
    }
    return isMap(doc.contents) ? (doc.contents.range?.[0] ?? 0) : 0
  }
}

function bad(
  code: PackProblem['code'],
  line: number,
  issue: { path: readonly PropertyKey[]; message: string },
): PackProblem {
  const path = issue.path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
  return { code, line, path, message: issue.message }
}

const hasRange = (node: unknown): node is { range: readonly [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)

function packOf(read: z.output<typeof packShape>): Pack {
  const { constants } = read
  const rules = read.rules.map(rule => ({
    ...rule,
    when: rule.when.trim(),
    pack: read.pack,
    constants: usedIn(rule.when, { ...constants, ...rule.constants }),
    examples: rule.examples.map((example): RuleExample => ({ ...example, facts: merged(read.base, example.facts) })),
  }))
  return { id: read.pack, constants, rules }
}

/** Those whose name stands in the condition: a rule changes when something that it reads does. */
function usedIn(when: string, constants: Constants): Constants {
  const words = new Set(when.match(/[A-Za-z_]\w*/g))
  return Object.fromEntries(Object.entries(constants).filter(([name]) => words.has(name)))
}

/** An example's facts over the pack's base: records field by field, lists whole; null takes a field away. */
function merged(base: FactValues, own: FactValues): FactValues {
  const roots = new Set([...Object.keys(base), ...Object.keys(own)])
  return Object.fromEntries([...roots].map(root => [root, mergedRoot(base[root], own[root])]))
}

function mergedRoot(base: unknown, own: unknown): unknown {
  if (own === undefined) return base
  if (Array.isArray(own) || typeof own !== 'object' || typeof base !== 'object') return own
  return Object.fromEntries(Object.entries({ ...base, ...own }).filter(([, value]) => value !== null))
}
