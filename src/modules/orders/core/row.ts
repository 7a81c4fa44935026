import type { OrderStatus, PaymentMethod } from '../../../contract/events/index.ts'
import type { StreamId } from '../../../contract/stream.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { OrderState } from '../types.ts'
import { paymentMethodOf } from './money-moves.ts'
import { outboundOf } from './parcels.ts'
import { type Nodes, nodesOf, type Stage, stageOf } from './stages.ts'
import { isCancelled, parcelMilestones } from './status.ts'
import { totalsOf } from './totals.ts'

/** What the list of orders shows, one row an order. Minor units, epoch ms; masked text only. */
export interface OrderRow {
  readonly stream: StreamId
  readonly order_no: string | null
  readonly channel: string | null
  readonly status: OrderStatus
  readonly placed_at: Instant | null
  readonly promise_ends_at: Instant | null
  readonly currency: string | null
  readonly total: number
  readonly paid: number
  readonly line_count: number
  readonly units: number
  readonly customer_masked: string | null
  readonly erased: boolean
  readonly region: string | null
  readonly city: string | null
  /** Of the first parcel to the customer. */
  readonly carrier: string | null
  readonly tracking_no: string | null
  readonly warehouses: readonly string[] | null
  readonly payment_method: PaymentMethod | null
  readonly handed_over_at: Instant | null
  readonly delivered_at: Instant | null
  readonly cancelled: boolean
  readonly last_event_at: Instant | null
  /** When each node came about. */
  readonly nodes: Nodes
  /** The furthest node that it has reached, and when it did. */
  readonly stage: Stage | null
  readonly stage_since: Instant | null
  readonly touched: boolean
}

export function orderRow(stream: StreamId, state: OrderState): OrderRow {
  const totals = totalsOf(state)
  const milestones = parcelMilestones(state)
  const nodes = nodesOf(state, milestones)
  const stage = stageOf(nodes)
  const parcel = outboundOf(state.parcels)[0]
  return {
    stream,
    order_no: state.orderNo ?? null,
    channel: state.channel ?? null,
    status: state.status,
    placed_at: state.nodes.at.placed ?? null,
    promise_ends_at: state.promise?.endsAt ?? null,
    currency: totals.currency || null,
    total: totals.order,
    paid: totals.paid,
    line_count: state.basket?.lines ?? 0,
    units: state.basket?.units ?? 0,
    customer_masked: state.customer?.masked ?? null,
    erased: state.erased !== undefined,
    region: state.shipTo?.region ?? null,
    city: state.shipTo?.city ?? null,
    carrier: parcel?.carrier ?? null,
    tracking_no: parcel?.trackingNo ?? null,
    warehouses: state.warehouses ?? null,
    payment_method: paymentMethodOf(state) ?? null,
    handed_over_at: milestones.handedOver ?? null,
    delivered_at: milestones.delivered ?? null,
    cancelled: isCancelled(state),
    last_event_at: state.lastEventAt ?? null,
    nodes,
    stage,
    stage_since: stage === null ? null : (nodes[stage] ?? null),
    touched: state.touched === true,
  }
}
