import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { DAY, HOUR, isoOf } from '../../src/kernel/instant.ts'
import { ROOT, seededRandom } from '../support/process.ts'

const REAL = join(ROOT, '..', 'shared', 'data', 'olist')

type Rows = readonly (readonly string[])[]
interface Folder {
  readonly orders: Rows
  readonly order_items: Rows
  readonly order_payments: Rows
  readonly order_reviews: Rows
  readonly customers: Rows
}

/** Writes a folder of orders and all that belongs to them: real ones where they are at hand, else made up. */
export function sliceOf(dir: string, orders: number): string {
  mkdirSync(dir, { recursive: true })
  const folder = existsSync(REAL) ? realOrders(orders) : madeUpOrders(orders)
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
  for (const [name, rows] of Object.entries(folder) as [string, Rows][])
    writeFileSync(join(dir, fileOf(name)), rows.map(row => `${row.map(quoted).join(',')}\n`).join(''))
  return dir
}

const fileOf = (name: string): string => `olist_${name}_dataset.csv`

/** Every n-th order, so that the slice is as mixed as the whole. */
function realOrders(count: number): Folder {
  const read = (name: string): string[][] => parse(gunzipSync(readFileSync(join(REAL, `${fileOf(name)}.gz`))))
  const [header = [], ...all] = read('orders')
  const every = Math.max(1, Math.floor(all.length / count))
  const orders = all.filter((_, i) => i % every === 0).slice(0, count)
  const ids = new Set(orders.map(row => row[0]))
  const customers = new Set(orders.map(row => row[1]))
  const keep = (name: string, column: number, wanted: ReadonlySet<string | undefined>): string[][] =>
    read(name).filter((row, i) => i === 0 || wanted.has(row[column]))
  return {
    orders: [header, ...orders],
    order_items: keep('order_items', 0, ids),
    order_payments: keep('order_payments', 0, ids),
    order_reviews: keep('order_reviews', 1, ids),
    customers: keep('customers', 0, customers),
  }
}

/** The same columns; late approvals, late deliveries, orders without items and orders that never arrive among them. */
export function madeUpOrders(count: number): Folder {
  const { below } = seededRandom(count)
  const numbers = Array.from({ length: count }, (_, i) => i)
  const wall = (at: number): string => isoOf(at).slice(0, 19).replace('T', ' ')
  const orders = numbers.map(i => {
    const at = Date.UTC(2018, 0, 1) + i * HOUR
    const fate = below(10)
    const approved = at + below(60) * HOUR
    const handed = approved + below(8) * DAY
    const status = fate === 0 ? 'canceled' : fate === 1 ? 'shipped' : 'delivered'
    const carrier = status === 'canceled' ? '' : wall(handed)
    const delivered = status === 'delivered' ? wall(handed + below(30) * DAY) : ''
    return [`o${i}`, `c${i}`, status, wall(at), wall(approved), carrier, delivered, wall(at + 20 * DAY)]
  })
  const limit = wall(Date.UTC(2018, 1, 1))
  const items = numbers.filter(i => i % 11 > 0).map(i => [`o${i}`, '1', 'p1', 's1', limit, '10.00', '2.50'])
  const payments = numbers.map(i => [`o${i}`, '1', i % 4 ? 'credit_card' : 'boleto', '1', i % 13 ? '12.50' : '11.00'])
  const reviews = numbers.filter(i => i % 3 === 0).map(i => [`r${i}`, `o${i}`, '4', '', '嗯', limit, limit])
  return {
    orders: [
      split(
        'order_id customer_id order_status order_purchase_timestamp order_approved_at order_delivered_carrier_date order_delivered_customer_date order_estimated_delivery_date',
      ),
      ...orders,
    ],
    order_items: [
      split('order_id order_item_id product_id seller_id shipping_limit_date price freight_value'),
      ...items,
    ],
    order_payments: [split('order_id payment_sequential payment_type payment_installments payment_value'), ...payments],
    order_reviews: [
      split(
        'review_id order_id review_score review_comment_title review_comment_message review_creation_date review_answer_timestamp',
      ),
      ...reviews,
    ],
    customers: [
      split('customer_id customer_unique_id customer_zip_code_prefix customer_city customer_state'),
      ...numbers.map(i => [`c${i}`, `u${i % 400}`, '01310', 'são paulo', 'SP']),
    ],
  }
}

const split = (names: string): string[] => names.split(' ')
