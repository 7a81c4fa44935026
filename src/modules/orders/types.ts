import type {
  EventBody,
  OrderNode,
  OrderStatus,
  ParcelExceptionCode,
  PaymentMethod,
  ReportedStatus,
} from '../../contract/events/index.ts'
import type { CustomerPromise } from '../../contract/promise.ts'
import type { Instant } from '../../kernel/instant.ts'

/**
 * Terms. Node: a milestone with a time stamp. Part of the content (basket, fees, ...): carries `at`, the instant of the
 * fact that gave it, so that a late fact cannot overwrite a newer one. Whole parcel: what was said of parcels without
 * naming one; it speaks for the whole order. Amounts are minor units, times epoch ms, everywhere.
 */

/** When each node came about, and which of them were set by a correction (by when that was known). */
export interface Stamps<N extends string> {
  readonly at: { readonly [node in N]?: Instant }
  readonly corrected?: { readonly [node in N]?: Instant }
}

/** A line as the state keeps it; names and barcodes stay in the ledger. */
export interface OrderLine {
  readonly no?: string
  readonly sku: string
  readonly qty: number
  readonly price: number
  readonly discount?: number
  readonly freight?: number
  readonly shipBy?: Instant
  readonly seller?: string
}

/** Sums over all lines, also over those that the state does not keep. */
export interface Basket {
  readonly at: Instant
  readonly lines: number
  readonly units: number
  /** Quantity times price, less the discounts of the lines. */
  readonly items: number
  readonly freight: number
  readonly shipBy?: Instant
  /** Line indices that stand, or ever stood, in parts: an edit must remove those that an earlier list wrote. */
  readonly parts?: { readonly from: number; readonly to: number }
}

/** What applies to the order as a whole. */
export interface Fees {
  readonly at: Instant
  readonly freight?: number
  readonly discount?: number
  readonly tax?: number
}

/** One payment or refund; `id` tells a repeated message from a second payment. */
export interface MoneyMove {
  readonly id: string
  readonly at: Instant
  readonly amount: number
  readonly currency: string
  readonly method?: PaymentMethod
  /** When a correction of it was known. */
  readonly corrected?: Instant
}

export const PARCEL_STATUSES = [
  'expected',
  'label_created',
  'handed_over',
  'collected',
  'in_transit',
  'at_hub',
  'customs',
  'ready_for_pickup',
  'out_for_delivery',
  'delivery_attempted',
  'exception',
  'returning',
  'delivered',
  'returned',
] as const
export type ParcelStatus = (typeof PARCEL_STATUSES)[number]

export type ParcelNode = Extract<
  OrderNode,
  'handedOver' | 'collected' | 'inTransit' | 'outForDelivery' | 'delivered' | 'returned'
>

export interface Parcel {
  /** The tracking number, or `WHOLE`. */
  readonly id: string
  readonly trackingNo?: string
  readonly carrier?: string
  /** On its way from the customer to us. */
  readonly inbound?: true
  readonly nodes: Stamps<ParcelNode>
  /** What the newest message about it said; see `parcelStatusOf` for what holds. */
  readonly status: ParcelStatus
  readonly statusAt: Instant
  /** Newest scan by the carrier. */
  readonly lastScanAt?: Instant
  readonly place?: { readonly at: Instant; readonly name: string }
  /** Newest trouble that the carrier told of; it may be over. */
  readonly exception?: { readonly at: Instant; readonly code: ParcelExceptionCode }
  /** When the carrier tried to deliver in vain; see `withTime`. */
  readonly attempts?: readonly Instant[]
  /** When the carrier last said that it would deliver, and until when it keeps the parcel for the customer. */
  readonly eta?: { readonly at: Instant; readonly to: Instant }
  readonly pickup?: { readonly at: Instant; readonly until: Instant }
  readonly customs?: { readonly at: Instant; readonly stage: CustomsStage }
}

export type CustomsStage = EventBody<'parcel.customs'>['stage']

/** The id of what was said of parcels without a tracking number. */
export const WHOLE = '-'

/** Newest instants at which something worth a flag was said. */
export interface Flags {
  readonly cancelRequested?: Instant
  readonly paymentFailed?: Instant
  readonly refundFailed?: Instant
  readonly disputed?: Instant
  readonly short?: Instant
  readonly returnApproved?: Instant
}

/** The instants of what may happen several times; a repeated message does not count twice. */
export interface Times {
  readonly edited?: readonly Instant[]
  readonly promiseChanged?: readonly Instant[]
  readonly paymentFailed?: readonly Instant[]
  readonly messages?: readonly Instant[]
}

export type Measure = EventBody<'sensor.reading'>['measure']

/** The newest reading of each measure. */
export interface Reading {
  readonly at: Instant
  readonly measure: Measure
  readonly value: number
  readonly unit: string
}

export interface OrderState {
  readonly channel?: string
  readonly orderNo?: string
  /** A cache of `deriveStatus`. */
  readonly status: OrderStatus
  readonly nodes: Stamps<OrderNode>
  readonly reported?: { readonly status: ReportedStatus; readonly at: Instant }
  readonly currency?: string
  readonly basket?: Basket
  readonly lines: readonly OrderLine[]
  readonly fees?: Fees
  /** How the customer said to pay; counts until a payment comes. */
  readonly declaredMethod?: PaymentMethod
  readonly payments: readonly MoneyMove[]
  readonly refunds: readonly MoneyMove[]
  readonly parcels: readonly Parcel[]
  readonly promise?: { readonly at: Instant; readonly endsAt: Instant; readonly said: CustomerPromise }
  /** Masked: the plain name never enters the state. */
  readonly customer?: { readonly at: Instant; readonly masked?: string; readonly id?: string; readonly tier?: string }
  /** When the personal data of the order was erased; nothing of a person enters the state from then on. */
  readonly erased?: Instant
  readonly shipTo?: {
    readonly at: Instant
    readonly region?: string
    readonly city?: string
    readonly country?: string
  }
  /** That any message named, sorted; who works for one of them may see the order. */
  readonly warehouses?: readonly string[]
  readonly flags?: Flags
  readonly times?: Times
  readonly review?: { readonly at: Instant; readonly score: number }
  readonly readings?: readonly Reading[]
  readonly lastEventAt?: Instant
  readonly lastEvent?: string
  /** A person did something with it; never taken back. */
  readonly touched?: true
}

/** Lines that the state keeps at most; the rest become parts of the stream. */
export const LINES_KEPT = 200
export const PARCELS_KEPT = 24
export const MOVES_KEPT = 32
/** Instants of one kind; what comes more often counts as so often. */
export const TIMES_KEPT = 16
export const WAREHOUSES_KEPT = 16

export const NEW_ORDER: OrderState = {
  status: 'placed',
  nodes: { at: {} },
  lines: [],
  payments: [],
  refunds: [],
  parcels: [],
}
