import { type ExpressionBuilder, sql as raw, type SqlBool } from 'kysely'
import { bucketOf } from '../../kernel/bucket.ts'
import { bucketOfKey } from '../keys.ts'
import { codeToken, personQueries, queryTokens } from '../search.ts'
import { RESOLVE_KEYS } from '../sql/ingress.ts'
import { jsonRows, type Sql } from '../sql.ts'
import { build, run } from './build.ts'
import type { OrderRowTable, Tables } from './tables.ts'

/** What a free text means: these orders, or (too many to name) tokens that an order's search row must have, all of one reading. */
export type Found =
  | { readonly kind: 'streams'; readonly streams: readonly string[] }
  | { readonly kind: 'tokens'; readonly readings: readonly (readonly string[])[] }

type Blind = { blind(text: string): string }

const NUMBER_KINDS = ['tracking_no', 'payment_id', 'barcode']
const MOST = 200
const FEW = 4000

/** A number of any kind, else words, a place, a product, a person. */
export async function findText(sql: Sql, text: string, tokens: Blind): Promise<Found> {
  const streams = await byNumber(sql, text)
  if (streams.length > 0) return { kind: 'streams', streams }
  return byTokens(sql, queryTokens(text, tokens))
}

/** A customer by whole name, phone, e-mail or id: blind tokens, and the id as a code. */
export const findCustomer = (sql: Sql, text: string, tokens: Blind): Promise<Found> =>
  byTokens(sql, [...personQueries(text).map(said => [tokens.blind(said)]), [codeToken(text)]])

/**
 * Few orders are named one by one. What many have is found soon among the newest, and a planner that does not know which
 * of the two it is sorts them all (measured: 94,000 of a million orders, 0.9 s a page).
 */
async function byTokens(sql: Sql, asked: readonly (readonly string[])[]): Promise<Found> {
  const readings = asked.filter(reading => reading.length > 0)
  if (readings.length === 0) return { kind: 'streams', streams: [] }
  const matching = build
    .selectFrom('search_row as s')
    .select('s.stream')
    .where(s => s.or(readings.map(reading => raw<boolean>`s.grams @> ${reading}::text[]`)))
  const rows = await run(sql, matching.limit(FEW + 1))
  if (rows.length <= FEW) return { kind: 'streams', streams: rows.map(row => row.stream) }
  return { kind: 'tokens', readings }
}

async function byNumber(sql: Sql, text: string): Promise<string[]> {
  const values = [...new Set([text, text.replace(/\s+/g, '').toUpperCase()])]
  const asked = values.flatMap(v => NUMBER_KINDS.map(k => ({ b: bucketOfKey({ kind: k, value: v }), k, v })))
  // `channel/number` is the key itself; a bare number may stand in several channels.
  if (text.includes('/')) asked.push({ b: bucketOfKey({ kind: 'order_no', value: text }), k: 'order_no', v: text })
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

export type InOrders = ExpressionBuilder<Tables & { o: OrderRowTable }, 'o'>

/** A few thousand orders at most; with the bucket beside it, the primary key is the index. */
export const isOneOf = (streams: readonly string[]) =>
  raw<SqlBool>`(o.bucket, o.stream) in (
    select b, s from unnest(${streams.map(bucketOf)}::smallint[], ${streams}::text[]) as f(b, s))`

/**
 * Whether an order's search row has all tokens of one reading. As a value, not as `exists`: that would be made a join,
 * and the newest orders could not be looked at one after another any more.
 */
export const inSearch = (readings: readonly (readonly string[])[]) => {
  const any = raw.join(
    readings.map(reading => raw`s.grams @> ${reading}::text[]`),
    raw` or `,
  )
  return raw<SqlBool>`coalesce((select ${any} from search_row s where s.bucket = o.bucket and s.stream = o.stream), false)`
}
