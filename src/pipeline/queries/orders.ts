import { sql as raw } from 'kysely'
import type { OrderStatus, PaymentMethod } from '../../contract/events/index.ts'
import type { Severity } from '../../contract/exceptions.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../sql.ts'
import { build, type Page, pageOf, run } from './build.ts'
import { COUNT_LIMIT, countOf } from './count.ts'
import { type Found, inSearch } from './find.ts'
import type { OrderRowTable } from './tables.ts'

export interface OrderFilter {
  readonly status?: readonly OrderStatus[]
  readonly channel?: readonly string[]
  readonly region?: readonly string[]
  readonly paymentMethod?: readonly PaymentMethod[]
  readonly severity?: readonly Severity[]
  readonly openCases?: boolean
  readonly placedFrom?: Instant
  /** Exclusive. */
  readonly placedTo?: Instant
  readonly promiseBefore?: Instant
  /** What a free text was found to mean; see `find.ts`. All of them must hold. */
  readonly found?: readonly Found[]
}

/** Where a page ended: orders without a date of placing come last. */
export interface OrderPlace {
  readonly placedAt: Instant | null
  readonly stream: string
}

type Row = OrderRowTable

/**
 * Orders, the newest first. Rows without a date are a list of their own after the others: with `or placed_at is null`
 * in one statement the planner would give up the order of the index.
 */
export async function listOrders(
  sql: Sql,
  filter: OrderFilter,
  page: { readonly limit: number; readonly after: OrderPlace | null },
): Promise<Page<Row, OrderPlace>> {
  const { limit, after } = page
  const wanted = limit + 1
  const dated = after?.placedAt === null ? [] : await run(sql, datedOrders(filter, after, wanted))
  const left = wanted - dated.length
  // A range of dates leaves out what has none.
  const undated =
    left === 0 || filter.placedFrom !== undefined || filter.placedTo !== undefined
      ? []
      : await run(sql, undatedOrders(filter, after?.placedAt === null ? after.stream : '', left))
  return pageOf([...dated, ...undated], limit, row => ({ placedAt: row.placed_at, stream: row.stream }))
}

/** How many orders the filter has; counting stops at COUNT_LIMIT. */
export const countOrders = (sql: Sql, filter: OrderFilter): Promise<number> =>
  countOf(sql, filtered(filter).select(raw`1`.as('one')).limit(COUNT_LIMIT))

function datedOrders(filter: OrderFilter, after: OrderPlace | null, limit: number) {
  let query = filtered(filter).selectAll('o').where('o.placed_at', 'is not', null)
  const at = after?.placedAt ?? null
  if (after && at !== null) {
    // The first condition bounds the index scan, the second leaves out what was shown of that instant.
    query = query
      .where('o.placed_at', '<=', at)
      .where(e => e.or([e('o.placed_at', '<', at), e('o.stream', '>', after.stream)]))
  }
  return query
    .orderBy('o.placed_at', o => o.desc().nullsLast())
    .orderBy('o.stream')
    .limit(limit)
}

const undatedOrders = (filter: OrderFilter, after: string, limit: number) =>
  filtered(filter)
    .selectAll('o')
    .where('o.placed_at', 'is', null)
    .where('o.stream', '>', after)
    .orderBy('o.stream')
    .limit(limit)

function filtered(f: OrderFilter) {
  let query = build.selectFrom('order_row as o')
  if (f.status) query = query.where('o.status', 'in', f.status)
  if (f.channel) query = query.where('o.channel', 'in', f.channel)
  if (f.region) query = query.where('o.region', 'in', f.region)
  if (f.paymentMethod) query = query.where('o.payment_method', 'in', f.paymentMethod)
  if (f.severity) query = query.where('o.worst_severity', 'in', f.severity)
  if (f.openCases !== undefined) query = query.where('o.open_cases', f.openCases ? '>' : '=', 0)
  if (f.placedFrom !== undefined) query = query.where('o.placed_at', '>=', f.placedFrom)
  if (f.placedTo !== undefined) query = query.where('o.placed_at', '<', f.placedTo)
  if (f.promiseBefore !== undefined) query = query.where('o.promise_ends_at', '<', f.promiseBefore)
  for (const found of f.found ?? []) {
    query =
      found.kind === 'streams'
        ? query.where('o.stream', 'in', found.streams)
        : query.where(e => e.exists(inSearch(e, found)))
  }
  return query
}
