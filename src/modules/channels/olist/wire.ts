import type { Instant } from '../../../kernel/instant.ts'
import { ChannelError, type ReportCode, type RowRef } from '../types.ts'

/** The data says no zone: README of the data set, "Brazilian local time". */
export const ZONE = 'America/Sao_Paulo'
export const CURRENCY = 'BRL'

/** The columns that we need of each table, spelt as at the origin. Other columns may stand beside them. */
export const COLUMNS = {
  orders: [
    'order_id',
    'customer_id',
    'order_status',
    'order_purchase_timestamp',
    'order_approved_at',
    'order_delivered_carrier_date',
    'order_delivered_customer_date',
    'order_estimated_delivery_date',
  ],
  items: ['order_id', 'order_item_id', 'product_id', 'seller_id', 'shipping_limit_date', 'price', 'freight_value'],
  payments: ['order_id', 'payment_sequential', 'payment_type', 'payment_installments', 'payment_value'],
  reviews: ['review_id', 'order_id', 'review_score', 'review_creation_date', 'review_answer_timestamp'],
  customers: ['customer_id', 'customer_unique_id', 'customer_zip_code_prefix', 'customer_city', 'customer_state'],
  products: ['product_id', 'product_category_name', 'product_weight_g'],
  sellers: ['seller_id'],
  translation: ['product_category_name', 'product_category_name_english'],
  geolocation: ['geolocation_zip_code_prefix'],
  provenance: ['order_id'],
} as const satisfies { [table: string]: readonly string[] }
export type Table = keyof typeof COLUMNS

const NAMES: { readonly [name: string]: Table } = {
  olist_orders_dataset: 'orders',
  olist_order_items_dataset: 'items',
  olist_order_payments_dataset: 'payments',
  olist_order_reviews_dataset: 'reviews',
  olist_customers_dataset: 'customers',
  olist_products_dataset: 'products',
  olist_sellers_dataset: 'sellers',
  product_category_name_translation: 'translation',
  geolocation_zip_centroids: 'geolocation',
  olist_geolocation_dataset: 'geolocation',
  olist_provenance: 'provenance',
}

/** The file's name without `.csv` or `.csv.gz`; null when it is neither. */
export const stemOf = (file: string): string | null => /^(.+?)\.csv(?:\.gz)?$/i.exec(file)?.[1] ?? null

/**
 * Which table a file holds. Files named `extra_*` are told by their columns (items, payments or reviews);
 * null for any other file that the set does not name.
 * Throws ChannelError `bad_header` when a named file lacks a column that we need.
 */
export function tableOf(file: string, header: readonly string[]): Table | null {
  const stem = stemOf(file) ?? ''
  const named = NAMES[stem]
  if (named !== undefined) {
    const missing = COLUMNS[named].filter(c => !header.includes(c))
    if (missing.length === 0) return named
    const found = header.join(', ').slice(0, 300)
    throw new ChannelError(
      'bad_header',
      `${file}: the first line must name the columns ${missing.join(', ')}; it says: ${found}`,
    )
  }
  if (!stem.startsWith('extra_')) return null
  return EXTRA.find(table => COLUMNS[table].every(c => header.includes(c))) ?? null
}
const EXTRA = ['items', 'payments', 'reviews'] as const

/** What `order_status` may say. */
export const STATUSES = [
  'created',
  'approved',
  'invoiced',
  'processing',
  'shipped',
  'delivered',
  'unavailable',
  'canceled',
] as const
export type Status = (typeof STATUSES)[number]

export interface OrderRow extends RowRef {
  readonly orderId: string
  readonly customerId: string
  readonly status: Status
  readonly purchasedAt: Instant
  readonly approvedAt: Instant | null
  readonly carrierAt: Instant | null
  readonly deliveredAt: Instant | null
  /** `2018-03-24`. The file has a time of 00:00 that means nothing. */
  readonly estimatedDay: string | null
}
export interface ItemRow extends RowRef {
  readonly orderId: string
  readonly itemNo: number
  readonly productId: string
  readonly sellerId: string
  readonly shipBy: Instant | null
  /** Minor units of BRL. */
  readonly price: number
  readonly freight: number
}
export interface PaymentRow extends RowRef {
  readonly orderId: string
  readonly sequential: number
  readonly type: string
  readonly installments: number
  /** Minor units of BRL; 0 happens. */
  readonly value: number
}
export interface ReviewRow extends RowRef {
  readonly reviewId: string
  readonly orderId: string
  readonly score: number
  readonly title: string
  readonly message: string
  /** The answer; the survey's creation where the answer has no time. */
  readonly at: Instant
}
export interface CustomerRow extends RowRef {
  readonly customerId: string
  readonly uniqueId: string
  readonly zipPrefix: string
  readonly city: string
  readonly state: string
}
export interface ProductRow extends RowRef {
  readonly productId: string
  readonly category: string
  readonly weightG: number | null
}
export interface TranslationRow extends RowRef {
  readonly category: string
  readonly english: string
}

/** Why a row cannot be used. */
export interface RowFault {
  readonly fault: ReportCode
  readonly reason: string
}
