import type { EvidenceItem } from '../../contract/api/index.ts'
import { type FactSchema, type Label, type ScalarField, wordsOfCode } from '../../contract/facts.ts'
import type { Fact } from '../../contract/stream.ts'
import { isoOf, MAX_INSTANT } from '../../kernel/instant.ts'
import type { Json, JsonObject } from '../../kernel/json.ts'
import { orderFactSchema, type RuleConstants, systemEvidence } from './evidence-sources.ts'

/** Entries that a list shows; a case's own page has the whole finding. */
const SHORT = 6

/** What the evidence of a finding was made from. */
export interface EvidenceFrom {
  readonly evidence: JsonObject
  readonly constants: RuleConstants
  /** The ledger up to the finding; none: entries are not linked to facts. */
  readonly facts?: readonly Fact[]
}

type Entry = Omit<EvidenceItem, 'fact'>

/** The evidence of a finding as data: each entry with its name, its type and the ledger row that says so. */
export function evidenceItems({ evidence, constants, facts = [] }: EvidenceFrom): EvidenceItem[] {
  const items: EvidenceItem[] = []
  for (const [path, value] of Object.entries(evidence)) {
    if (path === 'omitted' || value === undefined) continue
    for (const { from, ...entry } of entriesOf(path, value, constants))
      items.push({ ...entry, fact: factBehind(facts, from, value) })
  }
  return items
}

/** The entries that tell most in a line: known values, instants and amounts before words, what was seen before limits. */
export function shortEvidence(from: EvidenceFrom): EvidenceItem[] {
  const known = evidenceItems(from).filter(item => item.value !== null && item.type !== 'bool' && item.value !== '')
  return known.toSorted((a, b) => weightOf(a) - weightOf(b)).slice(0, SHORT)
}

const ORDER = ['time', 'money', 'dur', 'list', 'num', 'string', 'bool'] as const
const weightOf = ({ role, type }: EvidenceItem): number => ORDER.indexOf(type) + (role === 'limit' ? 0.5 : 0)

type Sourced = Entry & { readonly from: readonly string[] }

function entriesOf(path: string, value: Json, constants: RuleConstants): Sourced[] {
  const constant = constants[path]
  if (constant) {
    const { type, label } = constant
    return [{ ...entry(path, label, { type, value: scalar(value, type) }), role: 'limit', from: [] }]
  }
  const [root = '', name] = path.split('.')
  const declared = schema[root]
  if (name === undefined && declared?.type === 'list') return listEntries(root, value)
  const field = name === undefined || declared === undefined ? undefined : declared.of[name]
  return [field ? ofField(path, field, value) : unknownEntry(path, value)]
}

const schema: FactSchema = { ...orderFactSchema, ...systemEvidence }

const entry = (
  path: string,
  label: Label,
  { type, value, unit = null, words = null }: Pick<Entry, 'type' | 'value'> & Partial<Pick<Entry, 'unit' | 'words'>>,
): Entry => ({ path, label: { zh: label.zh, en: label.en }, type, role: 'fact', unit, value, words })

const ofField = (path: string, field: ScalarField, value: Json): Sourced => {
  const { label, type, unit = null, from } = field
  return { ...entry(path, label, { type, value: scalar(value, type), unit, words: wordsOfCode(field, value) }), from }
}

/** How many a list has, and what the rule read of the first that decided. */
function listEntries(root: string, value: Json): Sourced[] {
  const declared = schema[root]
  if (declared?.type !== 'list' || !isObject(value)) return [unknownEntry(root, value)]
  const count = typeof value.count === 'number' ? value.count : 0
  const matching = Array.isArray(value.matching) ? value.matching[0] : undefined
  const fields = isObject(matching) ? Object.entries(matching) : []
  return [
    { ...entry(root, declared.label, { type: 'list', value: count }), from: [] },
    ...fields.flatMap(([name, read]) => {
      const field = declared.of[name]
      return field && read !== undefined ? [ofField(`${root}.${name}`, field, read)] : []
    }),
  ]
}

function unknownEntry(path: string, value: Json): Sourced {
  const type = typeof value === 'number' ? 'num' : typeof value === 'boolean' ? 'bool' : 'string'
  return { ...entry(path, { zh: path, en: path }, { type, value: scalar(value, type) }), from: [] }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function scalar(value: Json, type: EvidenceItem['type']): EvidenceItem['value'] {
  if (value === null) return null
  if (type === 'time') return typeof value === 'number' && value >= 0 && value <= MAX_INSTANT ? isoOf(value) : null
  return typeof value === 'object' ? JSON.stringify(value) : value
}

/** The row that says so: for an instant the one that happened then, else the last one of the types that tell it. */
function factBehind(facts: readonly Fact[], from: readonly string[], value: Json): EvidenceItem['fact'] {
  const telling = facts.filter(fact => from.some(type => tells(type, fact.type)))
  const exact = typeof value === 'number' ? telling.find(fact => fact.occurredAt === value) : undefined
  const fact = exact ?? telling.at(-1)
  return fact ? { seq: fact.seq, type: fact.type, at: isoOf(fact.occurredAt) } : null
}

// `*` and `order.*` would name whatever came last: no single row says so.
const tells = (declared: string, type: string): boolean => declared === type
