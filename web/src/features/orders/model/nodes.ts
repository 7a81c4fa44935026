import type { OrderDetail } from '../../../../../src/contract/api/index.ts'

/** Terms. Node: a milestone with a time stamp. Due: the instant by which a node was promised. */

export const NODES = [
  'confirmed',
  'paid',
  'approved',
  'allocated',
  'picking',
  'handedOver',
  'collected',
  'inTransit',
  'outForDelivery',
  'delivered',
] as const
export type NodeName = (typeof NODES)[number]

export interface NodeView {
  readonly name: NodeName
  /** `passed`: a later node is known, this one was never told. */
  readonly state: 'done' | 'current' | 'expected' | 'passed'
  /** Epoch ms. */
  readonly at: number | null
  readonly due: number | null
  /** How long after the node before it, ms. */
  readonly took: number | null
  /** How much after what was due, ms; negative: before. Of the current node: until now. */
  readonly late: number | null
}

export const ms = (iso: string | null | undefined): number | null => (iso == null ? null : Date.parse(iso))

export const nodeAt = (order: Pick<OrderDetail, 'nodes'>, node: string): number | null => ms(order.nodes[node])

/** Nothing more is to be expected of it. */
export const isOver = (order: Pick<OrderDetail, 'status'>): boolean =>
  order.status === 'delivered' || order.status === 'cancelled' || order.status === 'returned'

/** By when the carrier had to have it: the earliest day that any line was promised for. */
export function shipDue(order: Pick<OrderDetail, 'lines'>): number | null {
  const dues = order.lines.flatMap(line => (line.shipBy === undefined ? [] : [Date.parse(line.shipBy)]))
  return dues.length === 0 ? null : Math.min(...dues)
}

const dueOf = (order: OrderDetail, node: NodeName): number | null => {
  if (node === 'handedOver') return shipDue(order)
  return node === 'delivered' ? ms(order.promise?.endsAt) : null
}

/** The ten nodes of an order as they stand at `now`. */
export function nodeViews(order: OrderDetail, now: number): NodeView[] {
  const ats = NODES.map(name => nodeAt(order, name))
  const last = ats.findLastIndex(at => at !== null)
  let before = nodeAt(order, 'placed')
  return NODES.map((name, i) => {
    const at = ats[i] ?? null
    const due = dueOf(order, name)
    const isCurrent = at === null && i === last + 1 && !isOver(order)
    const view: NodeView = {
      name,
      state: at !== null ? 'done' : i < last ? 'passed' : isCurrent ? 'current' : 'expected',
      at,
      due,
      took: at === null || before === null ? null : at - before,
      late: due === null ? null : at !== null ? at - due : isCurrent && now > due ? now - due : null,
    }
    if (at !== null) before = at
    return view
  })
}
