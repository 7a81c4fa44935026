import type { LedgerItem } from '../../../../../src/contract/api/index.ts'

/** What only the ledger knows: names of products, the warehouse, what befell each parcel. Facts come in any order. */

type Said = Pick<LedgerItem, 'seq' | 'type' | 'name' | 'occurredAt' | 'data'>

const inOrder = (facts: readonly Said[]): Said[] => facts.toSorted((a, b) => a.seq - b.seq)
const isObject = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null
const textIn = (x: unknown, field: string): string | undefined => {
  const value = isObject(x) ? x[field] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The last name that was said of each product. */
export function namesIn(facts: readonly Said[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { data } of inOrder(facts)) {
    if (!Array.isArray(data.lines)) continue
    for (const line of data.lines) {
      const [sku, name] = [textIn(line, 'sku'), textIn(line, 'name')]
      if (sku !== undefined && name !== undefined) names.set(sku, name)
    }
  }
  return names
}

/** Where the goods are taken from, as it was said last. */
export const warehouseIn = (facts: readonly Said[]): string | null =>
  inOrder(facts)
    .map(({ type, data }) => (type === 'order.allocated' ? textIn(data, 'warehouse') : undefined))
    .findLast(warehouse => warehouse !== undefined) ?? null

export interface TraceStep {
  readonly seq: number
  readonly at: string
  readonly name: LedgerItem['name']
  readonly place: string | null
  readonly bad: boolean
}

/** What befell a parcel, the newest first. */
export function traceOf(trackingNo: string | undefined, facts: readonly Said[]): TraceStep[] {
  return facts
    .filter(({ type, data }) => type.startsWith('parcel.') && textIn(data.ref, 'trackingNo') === trackingNo)
    .map(({ seq, occurredAt, name, type, data }) => ({
      ...{ seq, at: occurredAt, name, place: textIn(data.place, 'name') ?? null },
      bad: type === 'parcel.exception',
    }))
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.seq - a.seq)
}
