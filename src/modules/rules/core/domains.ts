import type { FactSchema, ScalarField, ScalarType } from '../../../contract/facts.ts'
import { DAY, type Instant } from '../../../kernel/instant.ts'
import { isListType, type ScalarValue, type Term, termsIn } from '../dialect/term.ts'
import { readsOf } from './reads.ts'
import { runOf } from './temporal.ts'
import { frameAt } from './temporal-frame.ts'

/**
 * Values worth trying: those at which some comparison of the conditions changes, and their neighbours. A condition that
 * compares single facts with constants or with now has the same truth everywhere between two of them.
 */
export interface Domain {
  /** `order.paidAt`, or the root of a list. */
  readonly name: string
  readonly root: string
  /** Null for a whole list. */
  readonly field: string | null
  /** Undefined: the fact is missing. */
  readonly values: readonly unknown[]
  /** Whether nothing else could make a difference; lists are only sampled. */
  readonly complete: boolean
}

/** A Wednesday at ten in China, in business hours of most of the world's offices at some point of the day. */
export const TRIED_NOW: Instant = Date.parse('2026-06-10T10:00:00+08:00')
const MOST_VALUES = 60
const MOST_LISTS = 40

/** Constants of the conditions by their type, and the calendars that they count with. */
interface Marks {
  readonly durations: ReadonlySet<number>
  readonly numbers: ReadonlySet<number>
  readonly moneys: ReadonlySet<number>
  readonly texts: ReadonlySet<string>
  readonly times: ReadonlySet<number>
}

/** A domain for each fact and list that the conditions read. */
export function domainsOf(terms: readonly Term[], schema: FactSchema): Domain[] {
  const marks = marksOf(terms)
  const domains = new Map<string, Domain>()
  for (const reads of terms.map(readsOf)) {
    for (const [name, { root, field }] of reads.facts) {
      const declared = schema[root]?.of[field]
      if (declared && !domains.has(name)) domains.set(name, scalarDomain({ name, root, field }, declared, marks))
    }
    for (const [root, fields] of reads.lists) {
      const known = domains.get(root)
      const all = new Set([...(known ? fieldsOf(known) : []), ...fields])
      domains.set(root, listDomain(root, [...all], { schema, marks }))
    }
  }
  return [...domains.values()]
}

const fieldsOf = ({ values }: Domain): string[] =>
  values.flatMap(list => (Array.isArray(list) ? list.flatMap(row => Object.keys(row)) : []))

function marksOf(terms: readonly Term[]): Marks {
  const marks = {
    durations: new Set<number>(),
    numbers: new Set<number>(),
    moneys: new Set<number>(),
    texts: new Set<string>(),
    times: new Set<number>(),
  }
  const visit = (t: Term): void => {
    const value = constantIn(t)
    if (typeof value === 'string') marks.texts.add(value)
    else if (typeof value === 'number' && t.type === 'dur') marks.durations.add(value)
    else if (typeof value === 'number' && t.type === 'money') marks.moneys.add(value)
    else if (typeof value === 'number' && t.type === 'time') marks.times.add(value)
    else if (typeof value === 'number') marks.numbers.add(value)
    if (t.kind === 'looked') for (const found of [t.find('')]) addAs(marks, t.type, found)
    // Business time stands still for most of a week: its limits lie further back than as many hours of the clock.
    if (t.kind === 'business') for (const d of [...marks.durations]) marks.times.add(t.calendar.reach(TRIED_NOW, -d))
    for (const child of termsIn(t)) visit(child)
  }
  // Twice: a limit may stand to the right of the business time that it is a limit of.
  for (const term of [...terms, ...terms]) visit(term)
  return marks
}

function addAs(
  marks: { durations: Set<number>; moneys: Set<number>; numbers: Set<number> },
  type: Term['type'],
  value: ScalarValue,
) {
  if (typeof value !== 'number') return
  if (type === 'dur') marks.durations.add(value)
  else if (type === 'money') marks.moneys.add(value)
  else marks.numbers.add(value)
}

/** The value of a term that reads nothing, such as `days(2) + typicalRest`. */
function constantIn(t: Term): ScalarValue | null {
  if (t.cls !== 'K' || isListType(t.type) || t.type === 'bool') return null
  if (t.kind === 'literal') return t.value
  const reads = readsOf(t)
  if (reads.facts.size > 0 || reads.lists.size > 0 || hasElement(t)) return null
  const value = runOf(t)(frameAt({}, TRIED_NOW))
  return typeof value === 'number' || typeof value === 'string' ? value : null
}

const hasElement = (t: Term): boolean => t.kind === 'element' || termsIn(t).some(hasElement)

function scalarDomain(
  place: { readonly name: string; readonly root: string; readonly field: string },
  declared: ScalarField,
  marks: Marks,
): Domain {
  const found = valuesOf(declared.type, marks)
  const values = found.slice(0, MOST_VALUES)
  return {
    ...place,
    // Present first: an example with something in it says more.
    values: declared.optional ? [...values, undefined] : values,
    complete: found.length <= MOST_VALUES,
  }
}

function valuesOf(type: ScalarType, marks: Marks): ScalarValue[] {
  switch (type) {
    case 'bool':
      return [false, true]
    case 'string':
      return [...marks.texts, otherThan(marks.texts)]
    case 'num':
      return around([0, ...marks.numbers])
    case 'money':
      return around([0, ...marks.moneys])
    case 'dur':
      return around([0, ...marks.durations])
    case 'time':
      return around([
        ...[...marks.durations].flatMap(d => [TRIED_NOW - d, TRIED_NOW + d]),
        ...[...marks.times].filter(Number.isFinite),
        TRIED_NOW,
        TRIED_NOW - DAY,
        TRIED_NOW + DAY,
      ])
  }
}

const otherThan = (texts: ReadonlySet<string>): string => (texts.has('other') ? [...texts].join('') : 'other')

/** Each value with its neighbours, larger distances first seen. */
const around = (values: readonly number[]): number[] => [...new Set(values.flatMap(v => [v, v + 1, v - 1]))]

/** Lists of none, one and two elements, whose fields are drawn from their domains; a sample, as there are too many. */
function listDomain(
  root: string,
  fields: readonly string[],
  { schema, marks }: { schema: FactSchema; marks: Marks },
): Domain {
  const declared = schema[root]?.of ?? {}
  const domains = fields.flatMap(field => {
    const of = declared[field]
    return of ? [scalarDomain({ name: field, root, field }, of, marks)] : []
  })
  const rows = sampleRows(domains)
  const pairs = rows.slice(0, MOST_LISTS / 2).map((row, i) => [row, rows[(i * 7 + 3) % rows.length]!])
  return {
    name: root,
    root,
    field: null,
    values: [[], ...rows.map(row => [row]), ...pairs],
    complete: rows.length <= 1,
  }
}

function sampleRows(domains: readonly Domain[]): { [field: string]: unknown }[] {
  const size = domains.reduce((product, d) => Math.min(product * d.values.length, 1e6), 1)
  const count = Math.min(size, MOST_LISTS)
  return Array.from({ length: count }, (_, i) => {
    // A stride that shares no factor with most sizes spreads the sample over the whole product.
    let at = size <= MOST_LISTS ? i : (i * 7919) % size
    const row: { [field: string]: unknown } = {}
    for (const { field, values } of domains) {
      const value = values[at % values.length]
      at = Math.floor(at / values.length)
      if (field !== null && value !== undefined) row[field] = value
    }
    return row
  })
}
