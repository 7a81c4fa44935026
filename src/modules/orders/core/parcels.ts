import type { EventBody, OrderNode } from '../../../contract/events/index.ts'
import { eventEntryOf } from '../../../contract/events/index.ts'
import type { Fact } from '../../../contract/stream.ts'
import type { Parcel, ParcelNode, ParcelStatus } from '../types.ts'
import { PARCEL_STATUSES, PARCELS_KEPT, WHOLE } from '../types.ts'
import type { Draft } from './draft.ts'
import { bodyAs } from './draft.ts'
import { stamp, withTime } from './stamps.ts'

/** What a message makes of its parcel. */
const STATUS: { readonly [type: string]: ParcelStatus } = {
  'parcel.label_created': 'label_created',
  'parcel.handed_over': 'handed_over',
  'parcel.collected': 'collected',
  'parcel.in_transit': 'in_transit',
  'parcel.arrived_at_hub': 'at_hub',
  'parcel.departed_hub': 'in_transit',
  'parcel.customs': 'customs',
  'parcel.out_for_delivery': 'out_for_delivery',
  'parcel.delivery_attempted': 'delivery_attempted',
  'parcel.ready_for_pickup': 'ready_for_pickup',
  'parcel.delivered': 'delivered',
  'parcel.exception': 'exception',
  'parcel.returning': 'returning',
  'parcel.returned_to_sender': 'returned',
}

/** Types that tell of a parcel. */
export const PARCEL_TYPES: readonly string[] = Object.keys(STATUS)

// The sender's announcement and hand-over are not something the carrier saw.
const NO_SCAN = new Set(['parcel.label_created', 'parcel.handed_over'])

type ScanBody = EventBody<'parcel.in_transit'>

export function foldParcel(draft: Draft, fact: Fact): void {
  const body = bodyAs(fact, 'parcel.in_transit')
  const index = slotOf(draft, body.ref)
  if (index < 0) return
  const before = draft.parcels[index]!
  const after = scanned(withStamp(before, fact, body), fact, body)
  if (after !== before) draft.parcels = draft.parcels.with(index, after)
}

/** A return shipment: its scans tell of the way back and are kept apart from delivery. */
export function foldReturnShipped(draft: Draft, fact: Fact): void {
  const { ref } = bodyAs(fact, 'return.shipped')
  if (ref?.trackingNo === undefined) return
  const index = slotOf(draft, ref)
  const before = draft.parcels[index]
  if (before !== undefined && !before.inbound) draft.parcels = draft.parcels.with(index, { ...before, inbound: true })
}

type Ref = ScanBody['ref'] | undefined

// The place of the parcel in the list, made when it is new; -1 when there are too many to keep.
function slotOf(draft: Draft, ref: Ref): number {
  const id = ref?.trackingNo ?? WHOLE
  const index = draft.parcels.findIndex(parcel => parcel.id === id)
  if (index >= 0) return index
  if (draft.parcels.length >= PARCELS_KEPT) return -1
  const { trackingNo, carrier } = ref ?? {}
  draft.parcels = [
    ...draft.parcels,
    {
      id,
      ...(trackingNo !== undefined && { trackingNo }),
      ...(carrier !== undefined && { carrier }),
      nodes: { at: {} },
      // Older than any scan: which of several announcements made the parcel must not show.
      status: 'expected',
      statusAt: 0,
    },
  ]
  return draft.parcels.length - 1
}

function withStamp(parcel: Parcel, fact: Fact, body: ScanBody): Parcel {
  const node = eventEntryOf(fact.type)?.node
  if (node === undefined || !isParcelNode(node)) return parcel
  const { occurredAt, knownAt } = fact
  const nodes = stamp(parcel.nodes, node, { occurredAt, knownAt, correction: body.correction })
  return nodes === parcel.nodes ? parcel : { ...parcel, nodes }
}

const PARCEL_NODES: readonly OrderNode[] = [
  'handedOver',
  'collected',
  'inTransit',
  'outForDelivery',
  'delivered',
  'returned',
]
const isParcelNode = (node: OrderNode): node is ParcelNode => PARCEL_NODES.includes(node)

function scanned(parcel: Parcel, fact: Fact, body: ScanBody): Parcel {
  const at = fact.occurredAt
  const next: { -readonly [K in keyof Parcel]: Parcel[K] } = { ...parcel }
  const status = STATUS[fact.type] ?? 'in_transit'
  if (isNewer(parcel, { status, at })) {
    next.status = status
    next.statusAt = at
  }
  if (parcel.carrier === undefined && body.ref?.carrier !== undefined) next.carrier = body.ref.carrier
  if (!NO_SCAN.has(fact.type) && (parcel.lastScanAt === undefined || at > parcel.lastScanAt)) next.lastScanAt = at
  const name = placeOf(body)
  if (name !== undefined && isLatest(parcel.place, { at, by: name }, parcel.place?.name)) next.place = { at, name }
  addWords(next, fact, body)
  return same(parcel, next) ? parcel : next
}

/** What the carrier says beside where the parcel is. */
function addWords(next: { -readonly [K in keyof Parcel]: Parcel[K] }, fact: Fact, body: ScanBody): void {
  const at = fact.occurredAt
  if (body.eta !== undefined && isLatest(next.eta, { at, by: body.eta }, next.eta?.to)) next.eta = { at, to: body.eta }
  if (fact.type === 'parcel.exception') {
    const { code } = bodyAs(fact, 'parcel.exception')
    if (isLatest(next.exception, { at, by: code }, next.exception?.code)) next.exception = { at, code }
  }
  if (fact.type === 'parcel.delivery_attempted') next.attempts = withTime(next.attempts, at)
  if (fact.type === 'parcel.ready_for_pickup') {
    const { until } = bodyAs(fact, 'parcel.ready_for_pickup')
    if (until !== undefined && isLatest(next.pickup, { at, by: until }, next.pickup?.until)) next.pickup = { at, until }
  }
  if (fact.type === 'parcel.customs') {
    const { stage } = bodyAs(fact, 'parcel.customs')
    if (isLatest(next.customs, { at, by: stage }, next.customs?.stage)) next.customs = { at, stage }
  }
}

/** The newest counts; of two of one instant the larger, so that arrival does not matter. */
const isLatest = <T extends number | string>(
  known: { at: number } | undefined,
  given: { at: number; by: T },
  value: T | undefined,
): boolean =>
  known === undefined || value === undefined || given.at > known.at || (given.at === known.at && given.by > value)

// By time; at one instant by the order of PARCEL_STATUSES, so that arrival does not matter.
function isNewer(parcel: Parcel, given: { status: ParcelStatus; at: number }): boolean {
  if (given.at !== parcel.statusAt) return given.at > parcel.statusAt || parcel.status === 'expected'
  return PARCEL_STATUSES.indexOf(given.status) > PARCEL_STATUSES.indexOf(parcel.status)
}

const placeOf = ({ place }: ScanBody): string | undefined =>
  (place?.name ?? place?.city ?? place?.region ?? place?.country)?.slice(0, 80)

const same = (a: Parcel, b: Parcel): boolean =>
  a.status === b.status &&
  a.statusAt === b.statusAt &&
  a.carrier === b.carrier &&
  a.lastScanAt === b.lastScanAt &&
  a.place === b.place &&
  a.exception === b.exception &&
  a.attempts === b.attempts &&
  a.eta === b.eta &&
  a.pickup === b.pickup &&
  a.customs === b.customs

/**
 * Where a parcel stands. Returned and delivered hold whatever is scanned later (hubs scan in batches); only the way
 * back undoes a delivery.
 */
export function parcelStatusOf({ nodes, status }: Parcel): ParcelStatus {
  if (nodes.at.returned !== undefined) return 'returned'
  return nodes.at.delivered !== undefined && status !== 'returning' ? 'delivered' : status
}

/** When the carrier had the parcel: as the sender says, else as its first scan shows. */
export const handedOverAtOf = ({ nodes: { at } }: Parcel): number | undefined =>
  at.handedOver ?? at.collected ?? at.inTransit ?? at.outForDelivery

/**
 * The parcels on their way to the customer. Where tracking numbers are known, what was said of the whole order is said
 * of each of them and stands for none by itself.
 */
export function outboundOf(parcels: readonly Parcel[]): readonly Parcel[] {
  if (parcels.length <= 1 && !parcels[0]?.inbound) return parcels
  const tracked = parcels.filter(parcel => !parcel.inbound && parcel.id !== WHOLE)
  const whole = parcels.find(parcel => parcel.id === WHOLE)
  if (whole === undefined) return tracked
  if (tracked.length === 0) return [whole]
  return tracked.map(parcel => ({ ...parcel, nodes: { at: { ...whole.nodes.at, ...parcel.nodes.at } } }))
}
