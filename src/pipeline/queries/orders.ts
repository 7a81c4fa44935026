import { type Expression, expressionBuilder, sql as raw, type SqlBool } from 'kysely'
import type { OrderStatus, PaymentMethod } from '../../contract/events/index.ts'
import type { Severity } from '../../contract/exceptions.ts'
import type { Reach, Scope } from '../../contract/principal.ts'
import type { Instant } from '../../kernel/instant.ts'
import { ENDED } from '../reactors.ts'
import type { Sql } from '../sql.ts'
import { build, type Page, pageOf, run } from './build.ts'
import { COUNT_LIMIT, countOf } from './count.ts'
import { type Found, type InOrders, inSearch, isOneOf } from './find.ts'
import { type StageFilter, stagesIndexed, stagesRemaining } from './order-stages.ts'
import { inReach, orderColumns } from './scope.ts'
import type { OrderRowTable, Tables } from './tables.ts'

export interface OrderFilter extends StageFilter {
  /** Of who asks; see `scope.ts`. */
  readonly reach: Reach
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

/** Counting looks at so many orders, the newest that an index gives: what is rare among millions is not counted to its end. */
const LOOK_LIMIT = 30_000
/** Looking into search rows costs ten times as much. */
const LOOK_LIMIT_WORDS = 2000

/** How many orders the filter has, and whether these are all: counting stops at COUNT_LIMIT, or when it has looked enough. */
export async function countOrders(sql: Sql, filter: OrderFilter): Promise<{ count: number; exact: boolean }> {
  const rest = (e: InOrders) => remaining(e, filter)
  if (rest(expressionBuilder<Tables & { o: OrderRowTable }, 'o'>()).length === 0) {
    const count = await countOf(sql, filtered(filter).select(raw`1`.as('one')).limit(COUNT_LIMIT))
    return { count, exact: count < COUNT_LIMIT }
  }
  const look = filter.found?.some(f => f.kind === 'tokens') ? LOOK_LIMIT_WORDS : LOOK_LIMIT
  const newest = build
    .selectFrom('order_row as o')
    .selectAll('o')
    .where(e => e.and(indexed(e, filter)))
    .orderBy('o.placed_at', o => o.desc().nullsLast())
    .limit(look + 1)
    .as('o')
  const counts = build.selectFrom(newest).select(e => [
    e.fn.countAll<number>().as('looked'),
    e.fn
      .countAll<number>()
      .filterWhere(w => w.and(rest(w)))
      .as('n'),
  ])
  const { looked, n } = (await run(sql, counts))[0]!
  return { count: Math.min(n, COUNT_LIMIT), exact: looked <= look && n < COUNT_LIMIT }
}

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

const filtered = (f: OrderFilter) =>
  build.selectFrom('order_row as o').where(e => e.and([...indexed(e, f), ...remaining(e, f)]))

/** Conditions that an index serves, and what follows from the others and is one: partial indexes know their rows by it. */
function indexed(e: InOrders, f: OrderFilter): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (f.channel) all.push(e('o.channel', 'in', f.channel))
  if (f.status && !f.status.some(s => ENDED.has(s))) all.push(e('o.open', '=', true))
  if (f.openCases || f.severity) all.push(e('o.open_cases', '>', 0))
  if (f.placedFrom !== undefined) all.push(e('o.placed_at', '>=', f.placedFrom))
  if (f.placedTo !== undefined) all.push(e('o.placed_at', '<', f.placedTo))
  all.push(...stagesIndexed(e, f))
  for (const found of f.found ?? []) if (found.kind === 'streams') all.push(isOneOf(found.streams))
  if (f.reach !== 'all' && isByShop(f.reach)) all.push(inReach(f.reach, orderColumns('o')))
  return all
}

const isByShop = (scopes: readonly Scope[]): boolean => scopes.every(s => s.shops && !s.warehouses && !s.owners)

function remaining(e: InOrders, f: OrderFilter): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (f.status) all.push(e('o.status', 'in', f.status))
  if (f.region) all.push(e('o.region', 'in', f.region))
  if (f.paymentMethod) all.push(e('o.payment_method', 'in', f.paymentMethod))
  if (f.severity) all.push(e('o.worst_severity', 'in', f.severity))
  if (f.openCases === false) all.push(e('o.open_cases', '=', 0))
  if (f.promiseBefore !== undefined) all.push(e('o.promise_ends_at', '<', f.promiseBefore))
  all.push(...stagesRemaining(e, f))
  if (f.reach !== 'all' && !isByShop(f.reach)) all.push(inReach(f.reach, orderColumns('o')))
  for (const found of f.found ?? []) if (found.kind === 'tokens') all.push(inSearch(found.readings))
  return all
}
