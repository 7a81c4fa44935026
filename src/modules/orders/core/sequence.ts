import type { OrderState } from '../types.ts'
import type { ParcelMilestones } from './status.ts'
import { isCancelled, parcelMilestones } from './status.ts'

/** Sequences of facts that cannot be, or that somebody must look into. The codes are stable and sorted as listed. */
export const SEQUENCE_FAULTS = [
  'approved_before_placed',
  'approved_after_handover',
  'handover_before_placed',
  'handover_of_cancelled',
  'cancelled_after_handover',
  'delivered_before_placed',
  'delivered_before_handover',
  'delivery_of_cancelled',
] as const
export type SequenceFault = (typeof SEQUENCE_FAULTS)[number]

const NONE: readonly SequenceFault[] = []

/**
 * The faults in the order of an order's facts; equal instants are no fault. A cancellation that was only reported, without
 * an instant, of a parcel that the carrier had counts as one after hand-over.
 */
export function sequenceFaults(
  state: OrderState,
  parcels: ParcelMilestones = parcelMilestones(state),
): readonly SequenceFault[] {
  const { placed, approved, cancelled } = state.nodes.at
  const { handedOver, delivered } = parcels
  const found: SequenceFault[] = []
  const gone = isCancelled(state)
  if (before(approved, placed)) found.push('approved_before_placed')
  if (before(handedOver, approved)) found.push('approved_after_handover')
  if (before(handedOver, placed)) found.push('handover_before_placed')
  if (gone && handedOver !== undefined)
    found.push(before(cancelled, handedOver) ? 'handover_of_cancelled' : 'cancelled_after_handover')
  if (before(delivered, placed)) found.push('delivered_before_placed')
  if (before(delivered, handedOver)) found.push('delivered_before_handover')
  if (gone && delivered !== undefined) found.push('delivery_of_cancelled')
  return found.length === 0 ? NONE : found
}

const before = (a: number | undefined, b: number | undefined): boolean => a !== undefined && b !== undefined && a < b
