import { MAX_MINOR } from '../../../contract/events/fields.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { minorOf } from '../../../kernel/money.ts'
import { dayPartOf, wallReader } from '../core-wall.ts'
import type { ReportCode, RowRef } from '../types.ts'
import type {
  CustomerRow,
  ItemRow,
  OrderRow,
  PaymentRow,
  ProductRow,
  ReviewRow,
  RowFault,
  Status,
  TranslationRow,
} from './wire.ts'
import { STATUSES, ZONE } from './wire.ts'

const wall = wallReader(ZONE)

/** Reads the cells of one row by column name and remembers the first thing that is wrong with it. */
export interface CellReader {
  readonly at: RowRef
  /** Free text; empty when the table has no such column. */
  text(column: string, max: number): string
  /** A word of another system: one line, no space at its ends; may be empty. */
  code(column: string, max?: number): string
  /** A code that must be there. */
  id(column: string, max?: number): string
  /** Epoch ms; null for an empty cell. */
  time(column: string): Instant | null
  day(column: string): string | null
  /** Minor units; not negative. */
  money(column: string): number
  whole(column: string, range: readonly [least: number, most: number]): number
  fail(fault: ReportCode, reason: string): void
  fault(): RowFault | null
}

const CONTROL = /\p{Cc}/u

export function cellReader(index: ReadonlyMap<string, number>, cells: readonly string[], at: RowRef): CellReader {
  let first: RowFault | null = null
  const fail = (fault: ReportCode, reason: string): void => {
    first ??= { fault, reason }
  }
  const raw = (column: string): string => cells[index.get(column) ?? -1] ?? ''
  const bad = (code: ReportCode, column: string, what: string): void =>
    fail(code, `${column} is ${what}: ${JSON.stringify(raw(column).slice(0, 40))}`)
  // Composed form, because it is the one that stores and searches compare; the accents of one word come in two.
  const text = (column: string, max: number): string => {
    const value = raw(column).normalize('NFC').trim()
    if (value.length > max) bad('bad_text', column, `longer than ${max} characters`)
    else if (value.includes('\0')) bad('bad_text', column, 'a text with a NUL character')
    return value
  }
  const code = (column: string, max = 100): string => {
    const value = text(column, max)
    if (CONTROL.test(value)) bad('bad_text', column, 'a word with control characters')
    return value
  }
  return {
    at,
    text,
    code,
    id(column, max) {
      const value = code(column, max)
      if (value === '') fail('missing_value', `${column} is empty`)
      return value
    },
    time(column) {
      const value = raw(column).trim()
      const instant = value === '' ? null : wall.instantOf(value)
      if (value !== '' && instant === null) bad('bad_time', column, 'not a date and time')
      return instant
    },
    day(column) {
      const value = raw(column).trim()
      const day = value === '' ? null : dayPartOf(value)
      if (value !== '' && day === null) bad('bad_time', column, 'not a date')
      return day
    },
    money(column) {
      const minor = minorOf(raw(column))
      if (minor === null) bad('bad_number', column, 'not an amount with at most two decimals')
      else if (minor < 0 || minor > MAX_MINOR) bad('bad_number', column, 'negative or too large')
      return minor ?? 0
    },
    whole(column, [least, most]) {
      const value = raw(column).trim()
      const number = /^\d{1,9}$/.test(value) ? Number(value) : -1
      if (number < least || number > most) bad('bad_number', column, `not a whole number from ${least} to ${most}`)
      return number
    },
    fail,
    fault: () => first,
  }
}

/** One reader a table: cells to a typed row. What it reads wrongly stands in `c.fault()`, and the row is not used. */
export const readOrder = (c: CellReader): OrderRow => {
  const purchasedAt = c.time('order_purchase_timestamp')
  if (purchasedAt === null) c.fail('missing_value', 'order_purchase_timestamp is empty')
  return {
    ...c.at,
    orderId: c.id('order_id'),
    customerId: c.code('customer_id', 128),
    status: readStatus(c),
    purchasedAt: purchasedAt ?? 0,
    approvedAt: c.time('order_approved_at'),
    carrierAt: c.time('order_delivered_carrier_date'),
    deliveredAt: c.time('order_delivered_customer_date'),
    estimatedDay: c.day('order_estimated_delivery_date'),
  }
}

/** An unknown status is not guessed at: what it says of the order may be the very thing that matters. */
function readStatus(c: CellReader): Status {
  const value = c.id('order_status').toLowerCase()
  const status = STATUSES.find(s => s === value)
  if (!status)
    c.fail('bad_value', `order_status is none of ${STATUSES.join(', ')}: ${JSON.stringify(value.slice(0, 40))}`)
  return status ?? 'created'
}

export const readItem = (c: CellReader): ItemRow => ({
  ...c.at,
  orderId: c.id('order_id'),
  itemNo: c.whole('order_item_id', [1, 1_000_000]),
  productId: c.id('product_id', 128),
  sellerId: c.code('seller_id', 128),
  shipBy: c.time('shipping_limit_date'),
  price: c.money('price'),
  freight: c.money('freight_value'),
})

export const readPayment = (c: CellReader): PaymentRow => ({
  ...c.at,
  orderId: c.id('order_id'),
  sequential: c.whole('payment_sequential', [1, 10_000]),
  type: c.code('payment_type').toLowerCase(),
  installments: c.whole('payment_installments', [0, 100]),
  value: c.money('payment_value'),
})

export const readReview = (c: CellReader): ReviewRow => {
  const createdAt = c.time('review_creation_date')
  const at = c.time('review_answer_timestamp') ?? createdAt
  if (at === null) c.fail('missing_value', 'neither review_answer_timestamp nor review_creation_date has a time')
  return {
    ...c.at,
    // 80, because the id of the event holds this and the order's, and may have 200 characters.
    reviewId: c.id('review_id', 80),
    orderId: c.id('order_id'),
    score: c.whole('review_score', [1, 5]),
    title: c.text('review_comment_title', 300),
    message: c.text('review_comment_message', 4000),
    at: at ?? 0,
  }
}

export const readCustomer = (c: CellReader): CustomerRow => ({
  ...c.at,
  customerId: c.id('customer_id', 128),
  uniqueId: c.id('customer_unique_id', 128),
  zipPrefix: c.code('customer_zip_code_prefix', 20),
  city: c.code('customer_city'),
  state: c.code('customer_state'),
})

export const readProduct = (c: CellReader): ProductRow => ({
  ...c.at,
  productId: c.id('product_id', 128),
  category: c.code('product_category_name'),
  weightG: c.code('product_weight_g') === '' ? null : c.whole('product_weight_g', [0, 1_000_000]),
})

export const readTranslation = (c: CellReader): TranslationRow => ({
  ...c.at,
  category: c.id('product_category_name'),
  english: c.id('product_category_name_english'),
})
