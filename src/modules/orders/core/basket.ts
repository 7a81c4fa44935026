import type { EventBody } from '../../../contract/events/index.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Basket, Fees, OrderLine } from '../types.ts'
import { LINES_KEPT } from '../types.ts'
import type { Draft } from './draft.ts'
import { earliest } from './stamps.ts'

export type GivenLine = EventBody<'order.placed'>['lines'][number]

/** Characters of lines that the state keeps, so that 200 lines with the longest codes still fit its hard cap. */
const LINE_BUDGET = 30_000

/** Replaces the lines unless newer ones are known; of two lists with one instant the one folded last stands. */
export function foldLines(draft: Draft, lines: readonly GivenLine[], at: Instant): void {
  const before = draft.basket
  if (before !== undefined && before.at > at) return
  const kept = keptOf(lines)
  const parts = partsOf(before?.parts, kept.length, lines.length)
  const basket: Basket = { at, ...basketOf(lines), ...(parts && { parts }) }
  if (before !== undefined && sameBasket(before, basket) && sameLines(draft.lines, kept)) return
  draft.basket = basket
  draft.lines = kept
}

/** Takes over what a fact says of freight, discount and tax of the order; an older fact only fills gaps. */
export function foldFees(draft: Draft, given: Omit<Fees, 'at'>, at: Instant): void {
  const said = feesOf(given)
  if (said === null) return
  const before = draft.fees
  if (before === undefined) draft.fees = { ...said, at }
  else if (at >= before.at) draft.fees = { ...before, ...said, at }
  else draft.fees = { ...said, ...before }
  if (before !== undefined && sameFees(before, draft.fees)) draft.fees = before
}

function feesOf({ freight, discount, tax }: Omit<Fees, 'at'>): Omit<Fees, 'at'> | null {
  if (freight === undefined && discount === undefined && tax === undefined) return null
  return {
    ...(freight !== undefined && { freight }),
    ...(discount !== undefined && { discount }),
    ...(tax !== undefined && { tax }),
  }
}

const sameFees = (a: Fees, b: Fees): boolean =>
  a.at === b.at && a.freight === b.freight && a.discount === b.discount && a.tax === b.tax

function partsOf(before: Basket['parts'], from: number, to: number): Basket['parts'] {
  if (from >= to) return before
  if (before === undefined) return { from, to }
  return before.from <= from && before.to >= to
    ? before
    : { from: Math.min(before.from, from), to: Math.max(before.to, to) }
}

/** Sums over lines, minor units and pieces, and the earliest hand-over limit. */
export function basketOf(lines: readonly GivenLine[]): Omit<Basket, 'at' | 'parts'> {
  let [units, items, freight] = [0, 0, 0]
  let shipBy: Instant | undefined
  for (const line of lines) {
    units += line.qty
    items += line.qty * line.price - (line.discount ?? 0)
    freight += line.freight ?? 0
    shipBy = earliest(shipBy, line.shipBy)
  }
  return { lines: lines.length, units, items, freight, ...(shipBy !== undefined && { shipBy }) }
}

function keptOf(lines: readonly GivenLine[]): OrderLine[] {
  const kept: OrderLine[] = []
  let budget = LINE_BUDGET
  for (const line of lines) {
    budget -= sizeOf(line)
    if (kept.length === LINES_KEPT || budget < 0) break
    kept.push(compactLine(line))
  }
  return kept
}

const sizeOf = (line: GivenLine): number =>
  80 + line.sku.length + (line.seller?.length ?? 0) + (line.lineNo?.length ?? 0)

/** What the state, and a part of the stream, keep of a line. */
export function compactLine(line: GivenLine): OrderLine {
  const { sku, qty, price, discount, freight, shipBy, seller } = line
  return {
    ...(line.lineNo !== undefined && { no: line.lineNo }),
    sku,
    qty,
    price,
    ...(discount !== undefined && { discount }),
    ...(freight !== undefined && { freight }),
    ...(shipBy !== undefined && { shipBy }),
    ...(seller !== undefined && { seller }),
  }
}

const sameBasket = (a: Basket, b: Basket): boolean =>
  a.at === b.at &&
  a.lines === b.lines &&
  a.units === b.units &&
  a.items === b.items &&
  a.freight === b.freight &&
  a.shipBy === b.shipBy &&
  a.parts === b.parts

const sameLines = (a: readonly OrderLine[], b: readonly OrderLine[]): boolean =>
  a.length === b.length && a.every((line, i) => sameLine(line, b[i]!))

const sameLine = (a: OrderLine, b: OrderLine): boolean =>
  a.sku === b.sku &&
  a.qty === b.qty &&
  a.price === b.price &&
  a.no === b.no &&
  a.discount === b.discount &&
  a.freight === b.freight &&
  a.shipBy === b.shipBy &&
  a.seller === b.seller
