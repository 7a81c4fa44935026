import { ORDER_STATUSES, type OrderStatus, type ReportedStatus } from '../../../contract/events/index.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { OrderState, Parcel } from '../types.ts'
import { WHOLE } from '../types.ts'
import { handedOverAtOf } from './parcels.ts'
import { earliest, latest } from './stamps.ts'

/** The nodes that parcels decide. */
export interface ParcelMilestones {
  handedOver?: Instant
  collected?: Instant
  inTransit?: Instant
  outForDelivery?: Instant
  delivered?: Instant
  returned?: Instant
}

/**
 * When the parcels reached their milestones, as one order: handed over, in transit and out for delivery with the first
 * parcel; delivered with the last one, once each was delivered or came back; returned once all came back. What was said
 * of the whole order counts by itself; the earlier of the two stands.
 */
export function parcelMilestones(state: OrderState): ParcelMilestones {
  const found: ParcelMilestones = {}
  const tracked = {
    all: 0,
    done: 0,
    back: 0,
    delivered: undefined as Instant | undefined,
    returned: undefined as Instant | undefined,
  }
  for (const parcel of state.parcels) {
    if (parcel.inbound) continue
    addFirsts(found, parcel)
    const { delivered, returned } = parcel.nodes.at
    if (parcel.id === WHOLE) {
      found.delivered = delivered
      found.returned = returned
      continue
    }
    tracked.all++
    if (delivered !== undefined || returned !== undefined) tracked.done++
    if (returned !== undefined) tracked.back++
    tracked.delivered = latest(tracked.delivered, delivered)
    tracked.returned = latest(tracked.returned, returned)
  }
  if (tracked.all > 0 && tracked.done === tracked.all) found.delivered = earliest(found.delivered, tracked.delivered)
  if (tracked.all > 0 && tracked.back === tracked.all) found.returned = earliest(found.returned, tracked.returned)
  return found
}

function addFirsts(found: ParcelMilestones, parcel: Parcel): void {
  const { collected, inTransit, outForDelivery } = parcel.nodes.at
  found.handedOver = earliest(found.handedOver, handedOverAtOf(parcel))
  found.collected = earliest(found.collected, collected)
  found.inTransit = earliest(found.inTransit, inTransit)
  found.outForDelivery = earliest(found.outForDelivery, outForDelivery)
}

/** Whether the order is cancelled: by an event with its instant, or by the newest status that a source reported. */
export const isCancelled = ({ nodes, reported }: OrderState): boolean =>
  nodes.at.cancelled !== undefined || reported?.status === 'cancelled'

/** Whether the newest reported status says that it arrived, with or without an instant. */
export const isDeliveredReported = ({ reported }: OrderState): boolean =>
  reported?.status === 'delivered' || reported?.status === 'completed'

/** The newest status that a source reported says that somebody holds the order back. */
export const isHeldReported = ({ reported }: OrderState): boolean => reported?.status === 'on_hold'

/** Each rung proves those below it; cancelled is none of them. */
const LADDER: readonly OrderStatus[] = ORDER_STATUSES.filter(status => status !== 'cancelled')

/** Reported statuses that are no rung themselves, and the rung that they prove. */
const PROVES: { readonly [status in ReportedStatus]?: OrderStatus } = {
  paid: 'placed',
  processing: 'approved',
  completed: 'delivered',
}

/**
 * The status of an order. Cancelled beats everything: an order that moves on after it is a fault of sequence, not
 * another status. Else the furthest rung of the ladder that a node or the reported status proves, not the latest in time.
 */
export function deriveStatus(state: OrderState, parcels: ParcelMilestones): OrderStatus {
  if (isCancelled(state)) return 'cancelled'
  const proven = provenBy(state, parcels)
  const reported = state.reported && LADDER.indexOf(PROVES[state.reported.status] ?? rungOf(state.reported.status))
  return reported !== undefined && reported > LADDER.indexOf(proven) ? LADDER[reported]! : proven
}

const rungOf = (status: ReportedStatus): OrderStatus => LADDER.find(rung => rung === status) ?? 'placed'

function provenBy({ nodes: { at } }: OrderState, parcels: ParcelMilestones): OrderStatus {
  if (at.returned !== undefined || parcels.returned !== undefined) return 'returned'
  if (parcels.delivered !== undefined) return 'delivered'
  if (parcels.outForDelivery !== undefined) return 'out_for_delivery'
  if (parcels.inTransit !== undefined) return 'in_transit'
  if (parcels.handedOver !== undefined) return 'handed_over'
  if (at.packed !== undefined) return 'packed'
  if (at.picking !== undefined) return 'picking'
  if (at.allocated !== undefined) return 'allocated'
  return at.approved !== undefined ? 'approved' : 'placed'
}
