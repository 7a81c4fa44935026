import { type ExpressionBuilder, sql as raw } from 'kysely'
import { bucketOfKey } from '../ingress.ts'
import { codeToken, queryTokens } from '../search.ts'
import { RESOLVE_KEYS } from '../sql/ingress.ts'
import { jsonRows, type Sql } from '../sql.ts'
import { build, run } from './build.ts'
import type { OrderRowTable, Tables } from './tables.ts'

/** What a free text means: orders that a number names, or tokens that an order's search row must have (all of one reading). */
export type Found =
  | { readonly kind: 'streams'; readonly streams: readonly string[] }
  | { readonly kind: 'tokens'; readonly readings: readonly (readonly string[])[] }

type Blind = { blind(text: string): string }

const NUMBER_KINDS = ['tracking_no', 'payment_id', 'barcode']
const MOST = 200

/** A number of any kind, else words, a place, a product, a person. */
export async function findText(sql: Sql, text: string, tokens: Blind): Promise<Found> {
  const streams = await byNumber(sql, text)
  if (streams.length > 0) return { kind: 'streams', streams }
  return { kind: 'tokens', readings: queryTokens(text, tokens).filter(reading => reading.length > 0) }
}

/** A customer by whole name, phone, e-mail or id: blind tokens, and the id as a code. */
export const findCustomer = (text: string, tokens: Blind): Found => ({
  kind: 'tokens',
  readings: [[tokens.blind(text.normalize('NFKC').trim().toLowerCase())], [codeToken(text)]],
})

async function byNumber(sql: Sql, text: string): Promise<string[]> {
  const values = [...new Set([text, text.replace(/\s+/g, '').toUpperCase()])]
  const asked = values.flatMap(v => NUMBER_KINDS.map(k => ({ b: bucketOfKey(k, v), k, v })))
  // `channel/number` is the key itself; a bare number may stand in several channels.
  if (text.includes('/')) asked.push({ b: bucketOfKey('order_no', text), k: 'order_no', v: text })
  const keys = await sql.query<{ stream: string }>(RESOLVE_KEYS, [jsonRows(asked)])
  const numbered = await run(
    sql,
    build.selectFrom('order_row').select('stream').where('order_no', 'in', values).limit(MOST),
  )
  return [...new Set([...keys.rows, ...numbered].map(row => row.stream))]
}

/** The streams of an order number, over all channels. */
export async function streamsOfNumber(sql: Sql, orderNo: string): Promise<string[]> {
  const query = build.selectFrom('order_row').select('stream').where('order_no', '=', orderNo).limit(MOST)
  return (await run(sql, query)).map(row => row.stream)
}

type InOrders = ExpressionBuilder<Tables & { o: OrderRowTable }, 'o'>

/** Whether an order's search row has all tokens of one reading; a reading is an index condition of its own. */
export const inSearch = (e: InOrders, found: Extract<Found, { kind: 'tokens' }>) =>
  e
    .selectFrom('search_row as s')
    .select(raw`1`.as('one'))
    .whereRef('s.bucket', '=', 'o.bucket')
    .whereRef('s.stream', '=', 'o.stream')
    .where(s => s.or(found.readings.map(reading => raw<boolean>`s.grams @> ${reading}::text[]`)))
