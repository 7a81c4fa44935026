import { STAGES } from '../../contract/stages.ts'
import { HOUR, type Instant } from '../../kernel/instant.ts'
import { binOf } from './core-bins.ts'
import type { CaseFigures, Cell, Measure, OrderFigures, Stay } from './types.ts'

export const hourOf = (at: Instant): number => Math.floor(at / HOUR)

interface More {
  readonly dimension?: string
  readonly currency?: string | null
  readonly amount?: number
  readonly ms?: number
}

const cell = (measure: Measure, at: Instant | null, channel: string | null, more: More = {}): Cell => ({
  measure,
  hour: at === null ? null : hourOf(at),
  channel: channel ?? '',
  dimension: more.dimension ?? '',
  currency: more.currency ?? '',
  amount: more.amount ?? 0,
  ms: more.ms ?? 0,
})

/**
 * What an order counts as, in the hour in which each thing happened: placed, touched by a person (in the hour of the
 * placing, so that the share of untouched ones is of the same orders), delivered, its promise kept or not (in the hour in
 * which the promise ended), and how long it stayed in each stage (in the hour in which it left it).
 */
export function orderCells(order: OrderFigures): Cell[] {
  const { channel, currency, total, placedAt, deliveredAt, promiseEndsAt } = order
  const cells: Cell[] = []
  if (placedAt !== null) {
    cells.push(cell('order.placed', placedAt, channel, { currency, amount: total }))
    if (order.touched) cells.push(cell('order.touched', placedAt, channel))
  }
  if (deliveredAt !== null) cells.push(cell('order.delivered', deliveredAt, channel))
  if (promiseEndsAt !== null && !order.cancelled)
    cells.push(cell('promise', promiseEndsAt, channel, { dimension: promiseOf(order, promiseEndsAt) }))
  for (const { stage, enteredAt, leftAt } of staysOf(order.nodes))
    cells.push(cell('stay', leftAt, channel, { dimension: `${stage}/${binOf(leftAt - enteredAt)}` }))
  return cells
}

/** `open`: not there yet, which is broken once the promise has ended; `undated`: it arrived and nobody said when. */
function promiseOf({ deliveredAt, arrived }: OrderFigures, endsAt: Instant): 'kept' | 'broken' | 'open' | 'undated' {
  if (deliveredAt !== null) return deliveredAt < endsAt ? 'kept' : 'broken'
  return arrived ? 'undated' : 'open'
}

/** From each node to the next one that was reached. Nodes that were reached against the order of the way make no stay. */
export function staysOf(nodes: OrderFigures['nodes']): Stay[] {
  const reached = STAGES.flatMap(stage => (nodes[stage] === undefined ? [] : [{ stage, at: nodes[stage] }]))
  return reached.flatMap(({ stage, at }, i) => {
    const next = reached[i + 1]
    return next === undefined || next.at < at ? [] : [{ stage, enteredAt: at, leftAt: next.at }]
  })
}

/** Severity and type, by which cases are broken down. */
export const dimensionOf = (severity: string, type: string): string => `${severity}/${type}`

export function splitDimension(dimension: string): { readonly severity: string; readonly type: string } {
  const at = dimension.indexOf('/')
  return { severity: dimension.slice(0, at), type: dimension.slice(at + 1) }
}

/**
 * What a case counts as: opened, acknowledged and resolved in their hours with the time since it was opened, ended, and
 * as long as it is not over among those that stand. What went away by itself was resolved by nobody.
 */
export function caseCells(c: CaseFigures): Cell[] {
  const more = { dimension: dimensionOf(c.severity, c.type), currency: c.currency, amount: c.amount ?? 0 }
  // Of a case that came back, what was before does not count.
  const since = (at: Instant): number => Math.max(at - c.openedAt - (c.reopened > 0 ? c.pausedMs : 0), 0)
  const cells = [cell('case.opened', c.openedAt, c.channel, more)]
  if (c.acknowledgedAt !== null)
    cells.push(cell('case.acknowledged', c.acknowledgedAt, c.channel, { ...more, ms: since(c.acknowledgedAt) }))
  if (c.resolvedAt !== null && !c.cleared)
    cells.push(cell('case.resolved', c.resolvedAt, c.channel, { ...more, ms: since(c.resolvedAt) }))
  if (c.endedAt !== null) cells.push(cell('case.ended', c.endedAt, c.channel, { ...more, ms: since(c.endedAt) }))
  if (!c.over) cells.push(cell('case.open', null, c.channel, more))
  return cells
}
