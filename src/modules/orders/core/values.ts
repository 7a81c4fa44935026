import type { FactValues } from '../../../contract/facts.ts'
import type { OrderState, Parcel } from '../types.ts'
import { lastPaidAt, paymentMethodOf } from './money-moves.ts'
import { handedOverAtOf, outboundOf, parcelStatusOf } from './parcels.ts'
import { sequenceFaults } from './sequence.ts'
import { nodesOf, stageOf } from './stages.ts'
import type { ParcelMilestones } from './status.ts'
import { isCancelled, isDeliveredReported, isHeldReported, parcelMilestones } from './status.ts'
import { totalsOf } from './totals.ts'

/** An order's values for the rules. A field that is not known is absent, never null. Called for every fact: keep it cheap. */
export function orderFacts(state: OrderState): FactValues {
  const parcels = outboundOf(state.parcels).map(parcelValues)
  const milestones = parcelMilestones(state)
  return {
    order: orderValues(state, milestones, parcels.length),
    lines: state.lines,
    parcels,
    readings: state.readings ?? NONE,
    node: nodeValues(state, milestones),
  }
}

/** The node that the order stands in; what is usual there comes from the baselines. */
function nodeValues(state: OrderState, parcels: ParcelMilestones): Values {
  const nodes = nodesOf(state, parcels)
  const name = stageOf(nodes)
  return name === null ? {} : { name, since: nodes[name] }
}

const NONE: readonly [] = []

type Values = { [field: string]: unknown }

function orderValues(state: OrderState, parcels: ParcelMilestones, parcelCount: number): Values {
  const totals = totalsOf(state)
  const values: Values = {
    channel: state.channel ?? '',
    orderNo: state.orderNo ?? '',
    status: state.status,
    deliveredReported: isDeliveredReported(state),
    cancelled: isCancelled(state),
    onHold: isHeldReported(state),
    lineCount: state.basket?.lines ?? 0,
    itemsTotal: totals.items,
    freightTotal: totals.freight,
    orderTotal: totals.order,
    paidTotal: totals.paid,
    refundedTotal: totals.refunded,
    currency: totals.currency,
    lastEventAt: state.lastEventAt ?? 0,
    paymentFailures: state.times?.paymentFailed?.length ?? 0,
    paymentCount: state.payments.length,
    edits: state.times?.edited?.length ?? 0,
    promiseChanges: state.times?.promiseChanged?.length ?? 0,
    messages: state.times?.messages?.length ?? 0,
    units: state.basket?.units ?? 0,
    discountTotal: state.fees?.discount ?? 0,
    parcelCount,
  }
  addTimes(values, state, parcels)
  addSaid(values, state)
  const method = paymentMethodOf(state)
  if (method !== undefined) values.paymentMethod = method
  const faults = sequenceFaults(state, parcels)
  if (faults.length > 0) values.sequenceFault = faults.join(',')
  return values
}

function addTimes(values: Values, state: OrderState, parcels: ParcelMilestones): void {
  const { at } = state.nodes
  put(values, 'placedAt', at.placed)
  put(values, 'paidAt', lastPaidAt(state.payments))
  put(values, 'approvedAt', at.approved)
  put(values, 'allocatedAt', at.allocated)
  put(values, 'pickedAt', at.picking)
  put(values, 'packedAt', at.packed)
  put(values, 'handedOverAt', parcels.handedOver)
  put(values, 'collectedAt', parcels.collected)
  put(values, 'inTransitAt', parcels.inTransit)
  put(values, 'outForDeliveryAt', parcels.outForDelivery)
  put(values, 'deliveredAt', parcels.delivered)
  put(values, 'cancelledAt', at.cancelled)
  put(
    values,
    'returnedAt',
    parcels.returned === undefined ? at.returned : Math.min(parcels.returned, at.returned ?? parcels.returned),
  )
  put(values, 'refundedAt', at.refunded)
  put(values, 'promiseEndsAt', state.promise?.endsAt)
  put(values, 'shipBy', state.basket?.shipBy)
}

function addSaid(values: Values, { nodes: { at }, flags, times, review, customer, shipTo }: OrderState): void {
  put(values, 'confirmedAt', at.confirmed)
  put(values, 'returnRequestedAt', at.returnRequested)
  if (flags !== undefined) {
    put(values, 'cancelRequestedAt', flags.cancelRequested)
    put(values, 'paymentFailedAt', flags.paymentFailed)
    put(values, 'refundFailedAt', flags.refundFailed)
    put(values, 'disputedAt', flags.disputed)
    put(values, 'shortAt', flags.short)
    put(values, 'returnApprovedAt', flags.returnApproved)
  }
  if (times !== undefined) {
    put(values, 'editedAt', times.edited?.at(-1))
    put(values, 'promiseChangedAt', times.promiseChanged?.at(-1))
    put(values, 'messageAt', times.messages?.at(-1))
  }
  put(values, 'reviewedAt', review?.at)
  put(values, 'reviewScore', review?.score)
  put(values, 'customerTier', customer?.tier)
  put(values, 'country', shipTo?.country)
  put(values, 'region', shipTo?.region)
  put(values, 'city', shipTo?.city)
}

function put(values: Values, name: string, value: number | string | undefined): void {
  if (value !== undefined) values[name] = value
}

function parcelValues(parcel: Parcel): Values {
  const { nodes, place, exception, attempts } = parcel
  const values: Values = {
    status: parcelStatusOf(parcel),
    statusAt: parcel.statusAt,
    attempts: attempts?.length ?? 0,
  }
  put(values, 'trackingNo', parcel.trackingNo)
  put(values, 'carrier', parcel.carrier)
  put(values, 'lastScanAt', parcel.lastScanAt)
  put(values, 'handedOverAt', handedOverAtOf(parcel))
  put(values, 'deliveredAt', nodes.at.delivered)
  put(values, 'collectedAt', nodes.at.collected)
  put(values, 'outForDeliveryAt', nodes.at.outForDelivery)
  put(values, 'attemptedAt', attempts?.at(-1))
  put(values, 'place', place?.name)
  put(values, 'placeAt', place?.at)
  put(values, 'exceptionCode', exception?.code)
  put(values, 'exceptionAt', exception?.at)
  put(values, 'etaAt', parcel.eta?.to)
  put(values, 'pickupUntil', parcel.pickup?.until)
  put(values, 'customsStage', parcel.customs?.stage)
  return values
}
