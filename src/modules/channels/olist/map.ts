import { MAX_LINES } from '../../../contract/events/fields.ts'
import { type Instant, isoOf } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { reportOf } from '../core-report.ts'
import type { ChannelEvent, Report, RowRef } from '../types.ts'
import {
  CURRENCY,
  type CustomerRow,
  type ItemRow,
  type OrderRow,
  type PaymentRow,
  type ProductRow,
  type ReviewRow,
  type Status,
  type TranslationRow,
  ZONE,
} from './wire.ts'

/** `channel` of every order of this connector is the last part of it. */
export const SOURCE = '/channels/olist'

/** All rows of one order. The lists may hold twins: the mapper reports them. */
export interface OrderRows {
  readonly order: OrderRow
  readonly customer?: CustomerRow | undefined
  readonly items: readonly ItemRow[]
  readonly payments: readonly PaymentRow[]
  readonly reviews: readonly ReviewRow[]
  /** By product id. */
  readonly products: ReadonlyMap<string, ProductRow>
  /** By Portuguese category. */
  readonly translations: ReadonlyMap<string, TranslationRow>
}

export interface MappedOrder {
  /** In order of time; at one instant: placed, payments, approved, handed over, delivered, reviews, status. */
  readonly events: readonly ChannelEvent[]
  /** Rows of the order that no event could take. */
  readonly reports: readonly Report[]
}

/** One order of the folder as canonical events. Pure: the same rows give the same events with the same ids. */
export function mapOrder(rows: OrderRows): MappedOrder {
  const reports: Report[] = []
  const items = limited(
    distinct(rows.items, i => `${i.orderId}/${i.itemNo}`, reports),
    reports,
  )
  const payments = distinct(rows.payments, p => `${p.orderId}/${p.sequential}`, reports)
  const reviews = distinct(rows.reviews, r => `${r.reviewId}/${r.orderId}`, reports)
  const sorted = { ...rows, items: items.sort((a, b) => a.itemNo - b.itemNo) }
  const events = [
    placed(sorted),
    ...payments.sort((a, b) => a.sequential - b.sequential).map(p => paymentReceived(rows.order, p)),
    ...approved(rows.order),
    ...handedOver(sorted),
    ...delivered(rows.order),
    ...reviews
      .sort((a, b) => a.at - b.at || (a.reviewId < b.reviewId ? -1 : 1))
      .map(r => reviewReceived(rows.order, r)),
    ...statusSnapshot(rows.order),
  ]
  // Stable, so the order of this list decides between events of one instant.
  return { events: events.sort((a, b) => a.occurredAt - b.occurredAt), reports }
}

/** Keeps the first row of each id and reports the others. */
function distinct<R extends RowRef>(rows: readonly R[], idOf: (row: R) => string, reports: Report[]): R[] {
  const first = new Map<string, R>()
  for (const row of rows) {
    const id = idOf(row)
    const twin = first.get(id)
    if (!twin) first.set(id, row)
    else {
      const reason = `the same id stands in line ${twin.row} of ${twin.file}`
      reports.push(reportOf(row, id, { code: 'duplicate_id', reason }))
    }
  }
  return [...first.values()]
}

function limited(items: ItemRow[], reports: Report[]): ItemRow[] {
  const reason = `an order may have ${MAX_LINES} lines`
  for (const row of items.slice(MAX_LINES))
    reports.push(reportOf(row, `${row.orderId}/${row.itemNo}`, { code: 'too_many', reason }))
  return items.slice(0, MAX_LINES)
}

// ---- one event a function ------------------------------------------------------------------------------------------

interface Given {
  readonly type: string
  /** Last part of the event's id; unique within the order. */
  readonly kind: string
  readonly at: Instant
  readonly rows: readonly RowRef[]
  readonly data?: JsonObject
  readonly ref?: JsonObject
}

function eventOf(order: OrderRow, given: Given): ChannelEvent {
  return {
    event: {
      specversion: '1.0',
      id: `olist:${order.orderId}:${given.kind}`,
      source: SOURCE,
      type: given.type,
      time: isoOf(given.at),
      data: { ref: { orderNo: order.orderId, ...given.ref }, ...given.data },
    },
    occurredAt: given.at,
    knownAt: given.at,
    orderKey: order.orderId,
    rows: given.rows.map(({ file, row }) => ({ file, row })),
  }
}

function placed(rows: OrderRows): ChannelEvent {
  const { order, customer, items } = rows
  const products = productsOf(rows)
  const names = products.flatMap(p => rows.translations.get(p.category) ?? [])
  const day = order.estimatedDay
  return eventOf(order, {
    type: 'order.placed',
    kind: 'placed',
    at: order.purchasedAt,
    rows: [order, ...(customer ? [customer] : []), ...items, ...products, ...names],
    data: {
      currency: CURRENCY,
      lines: items.map(item => lineOf(rows, item)),
      ...(day !== null && { promise: { grain: 'day', to: day, zone: ZONE } }),
      // customer_id is new with every order; the person behind it is customer_unique_id.
      ...(customer && { customer: { id: customer.uniqueId }, shipTo: shipToOf(customer) }),
    },
  })
}

const productsOf = (rows: OrderRows): ProductRow[] => {
  const ids = new Set(rows.items.map(i => i.productId))
  return [...ids].flatMap(id => rows.products.get(id) ?? [])
}

function lineOf(rows: OrderRows, item: ItemRow): JsonObject {
  const category = rows.products.get(item.productId)?.category ?? ''
  // The set has no names of products; the category is the nearest thing that a person can read.
  const name = rows.translations.get(category)?.english ?? category
  return {
    lineNo: String(item.itemNo),
    sku: item.productId,
    ...(name !== '' && { name }),
    qty: 1,
    price: item.price,
    freight: item.freight,
    ...(item.shipBy !== null && { shipBy: isoOf(item.shipBy) }),
    ...(item.sellerId !== '' && { seller: item.sellerId }),
  }
}

const shipToOf = (customer: CustomerRow): JsonObject => ({
  ...(customer.zipPrefix !== '' && { postcode: customer.zipPrefix }),
  ...(customer.city !== '' && { city: customer.city }),
  ...(customer.state !== '' && { region: customer.state }),
  country: 'BR',
})

// Not by an object: whatever a file says is looked up here, `constructor` too.
const METHODS: ReadonlyMap<string, string> = new Map([
  ['credit_card', 'card'],
  ['boleto', 'slip'],
  ['voucher', 'voucher'],
  ['debit_card', 'debit'],
])

/** The source gives no time of payment; the purchase is the only instant at which one can put it. */
const paymentReceived = (order: OrderRow, payment: PaymentRow): ChannelEvent =>
  eventOf(order, {
    type: 'payment.received',
    kind: `payment:${payment.sequential}`,
    at: order.purchasedAt,
    rows: [payment],
    ref: { paymentId: `${order.orderId}-${payment.sequential}` },
    data: {
      amount: payment.value,
      currency: CURRENCY,
      method: METHODS.get(payment.type) ?? 'other',
      sequence: payment.sequential,
      installments: payment.installments,
    },
  })

const approved = (order: OrderRow): ChannelEvent[] =>
  order.approvedAt === null
    ? []
    : [eventOf(order, { type: 'order.approved', kind: 'approved', at: order.approvedAt, rows: [order] })]

function handedOver(rows: OrderRows): ChannelEvent[] {
  const { order } = rows
  if (order.carrierAt === null) return []
  const weightG = weightOf(rows)
  return [
    eventOf(order, {
      type: 'parcel.handed_over',
      kind: 'handed_over',
      at: order.carrierAt,
      rows: [order, ...(weightG === null ? [] : productsOf(rows))],
      data: weightG === null ? {} : { weightG },
    }),
  ]
}

/** The sum of the products' weights in grams; null when one of them is not known. */
function weightOf(rows: OrderRows): number | null {
  if (rows.items.length === 0) return null
  let sum = 0
  for (const item of rows.items) {
    const weight = rows.products.get(item.productId)?.weightG ?? null
    if (weight === null) return null
    sum += weight
  }
  return sum > MAX_WEIGHT_G ? null : sum
}
/** The limit of the contract: 100 t. */
const MAX_WEIGHT_G = 100_000_000

const delivered = (order: OrderRow): ChannelEvent[] =>
  order.deliveredAt === null
    ? []
    : [eventOf(order, { type: 'parcel.delivered', kind: 'delivered', at: order.deliveredAt, rows: [order] })]

/** One survey can cover several orders: each of them has the review in its own life, under an id of its own. */
const reviewReceived = (order: OrderRow, review: ReviewRow): ChannelEvent =>
  eventOf(order, {
    type: 'review.received',
    kind: `review:${review.reviewId}`,
    at: review.at,
    rows: [review],
    data: {
      reviewId: review.reviewId,
      score: review.score,
      ...(review.title !== '' && { title: review.title }),
      ...(review.message !== '' && { comment: review.message }),
    },
  })

/** The source's status in our words; a delivery that has its instant needs none. */
const REPORTED: { readonly [status in Exclude<Status, 'canceled'>]: string } = {
  created: 'placed',
  approved: 'approved',
  invoiced: 'processing',
  processing: 'processing',
  shipped: 'handed_over',
  delivered: 'delivered',
  unavailable: 'unavailable',
}

/**
 * The status column is a snapshot without an instant of its own. It is told at the last instant that the order's row
 * knows: earlier it could contradict the facts before it, and no later one is known.
 */
function statusSnapshot(order: OrderRow): ChannelEvent[] {
  const { status } = order
  const at = Math.max(order.purchasedAt, order.approvedAt ?? 0, order.carrierAt ?? 0, order.deliveredAt ?? 0)
  if (status === 'canceled') {
    const data = { reason: 'status canceled; the source gives no time, so this is the last one known of the order' }
    return [eventOf(order, { type: 'order.cancelled', kind: 'cancelled', at, rows: [order], data })]
  }
  if (status === 'delivered' && order.deliveredAt !== null) return []
  const data = { status: REPORTED[status], sourceStatus: status }
  return [eventOf(order, { type: 'order.status_reported', kind: 'status', at, rows: [order], data })]
}
