import type { FactSchema, FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Json } from '../../../kernel/json.ts'
import type { Term, TermOf } from '../dialect/term.ts'
import type { Evidence } from '../types.ts'
import { readsOf } from './reads.ts'
import { runOf } from './temporal.ts'
import { frameAt, type Run, rowOf } from './temporal-frame.ts'

/** Elements shown of a list, and characters of a text: a finding must stay small in the ledger. */
const SHOWN_ELEMENTS = 3
const SHOWN_CHARACTERS = 200

export type EvidenceOf = (facts: FactValues, now: Instant) => Evidence

/**
 * What a rule saw: each scalar fact and constant by name (null: no value), and for each list its size and the first
 * elements that decided, with which ones they are and the fields that the rule reads of them.
 */
export function evidenceOf(term: Term, schema: FactSchema = {}): EvidenceOf {
  const reads = readsOf(term)
  const pickers = reads.macros.map(pickerOf)
  return (facts, now) => {
    const evidence: Record<string, Json> = {}
    for (const [path, { root, field }] of reads.facts) evidence[path] = shown(rowOf(facts[root])?.[field])
    for (const [name, value] of reads.constants) evidence[name] = value
    for (const [root, read] of reads.lists) {
      const list = facts[root]
      const fields = withKey(schema[root], read)
      const picked = pickers.filter(p => p.root === root).map(p => p.pick(facts, now))
      evidence[root] = {
        count: Array.isArray(list) ? list.length : 0,
        matching: (picked.find(p => p.length > 0) ?? []).slice(0, SHOWN_ELEMENTS).map(e => fieldsOf(e, fields)),
      }
    }
    return evidence
  }
}

/** With the name of an element before what was read of it. */
const withKey = (of: FactSchema[string] | undefined, read: ReadonlySet<string>): ReadonlySet<string> =>
  of?.type === 'list' && of.key !== undefined ? new Set([of.key, ...read]) : read

interface Picker {
  readonly root: string
  readonly pick: (facts: FactValues, now: Instant) => readonly unknown[]
}

/** The elements that make a list condition what it is: those that fulfil it, for all() those that do not. */
function pickerOf(macro: TermOf<'macro'>): Picker {
  const list = runOf(macro.list)
  const body = runOf(macro.body)
  const wanted = macro.macro !== 'all'
  return {
    root: typeof macro.list.type === 'object' ? macro.list.type.root : '',
    pick(facts, now) {
      const elements = list(frameAt(facts, now))
      if (!Array.isArray(elements)) return []
      if (macro.macro === 'sum') return elements
      return elements.filter(element => holdsFor(body, element, frameAt(facts, now)) === wanted)
    },
  }
}

function holdsFor(body: Run, element: unknown, frame: ReturnType<typeof frameAt>): boolean {
  frame.elements[0] = element
  return body(frame) === true
}

function fieldsOf(element: unknown, fields: ReadonlySet<string>): Json {
  const row = rowOf(element)
  return Object.fromEntries([...fields].map(field => [field, shown(row?.[field])]))
}

function shown(value: unknown): Json {
  if (typeof value === 'string') return value.slice(0, SHOWN_CHARACTERS)
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}
