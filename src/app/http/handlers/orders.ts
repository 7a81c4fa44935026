import { COUNT_LIMIT, type OrderItem } from '../../../contract/api/index.ts'
import { isStage } from '../../../contract/stages.ts'
import { type Instant, isoOf } from '../../../kernel/instant.ts'
import { type Found, findCustomer, findText } from '../../../pipeline/queries/find.ts'
import { countOrders, listOrders, type OrderFilter } from '../../../pipeline/queries/orders.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import type { OrderRowTable } from '../../../pipeline/queries/tables.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import type { Handlers } from '../serve.ts'

type Total = { readonly count: number; readonly exact: boolean }

export function orderListHandlers(deps: HttpDeps): Pick<Handlers, 'listOrders'> {
  return {
    async listOrders({ query }, { principal }) {
      const { limit, cursor, q, customer, ...same } = query
      const place = LISTS.orders.placeOf(cursor)
      const reach = reachOf(principal, 'order.read')
      const filter: OrderFilter = { ...same, reach, now: deps.now(), found: await foundOf(deps, { q, customer }) }
      const after = place && { placedAt: place[0], stream: place[1] }
      const { rows, next } = await listOrders(deps.db, filter, { limit, after })
      return {
        status: 200,
        body: {
          items: rows.map(orderItem),
          next: LISTS.orders.cursorOf(next && [next.placedAt, next.stream]),
          ...(after === null && {
            total: await totalFrom({ shown: rows.length, whole: next === null }, () => countOrders(deps.db, filter)),
          }),
        },
      }
    },
  }
}

/** Counting may have looked enough before it came to the rows of the first page: those there are in any case. */
export async function totalFrom(
  page: { readonly shown: number; readonly whole: boolean },
  counted: () => Promise<Total>,
): Promise<Total> {
  if (page.whole) return { count: page.shown, exact: true }
  const { count, exact } = await counted()
  return { count: Math.max(count, page.shown + 1), exact }
}

export const totalOf = (count: number): Total => ({ count, exact: count < COUNT_LIMIT })

async function foundOf(deps: HttpDeps, said: { q?: string; customer?: string }): Promise<Found[]> {
  const tokens = { blind: (text: string) => deps.blind(text) }
  const found: Found[] = []
  if (said.q !== undefined) found.push(await findText(deps.db, said.q, tokens))
  if (said.customer !== undefined) found.push(await findCustomer(deps.db, said.customer, tokens))
  return found
}

/** An instant of the database as the API writes it. */
export const isoOrNull = (at: Instant | null | undefined): string | null => (at == null ? null : isoOf(at))

export function orderItem(row: OrderRowTable): OrderItem {
  const { currency } = row
  return {
    id: row.stream,
    version: row.version,
    orderNo: row.order_no,
    channel: row.channel,
    status: row.status,
    placedAt: isoOrNull(row.placed_at),
    promiseEndsAt: isoOrNull(row.promise_ends_at),
    handedOverAt: isoOrNull(row.handed_over_at),
    deliveredAt: isoOrNull(row.delivered_at),
    cancelled: row.cancelled,
    total: { minor: row.total, currency },
    paid: { minor: row.paid, currency },
    lines: row.line_count,
    units: row.units,
    customer: row.customer_masked,
    erased: row.erased,
    region: row.region,
    city: row.city,
    carrier: row.carrier,
    trackingNo: row.tracking_no,
    paymentMethod: row.payment_method,
    openCases: row.open_cases,
    worstSeverity: row.worst_severity,
    historical: row.historical,
    stage: row.stage !== null && isStage(row.stage) ? row.stage : null,
    stageSince: isoOrNull(row.stage_since),
    touched: row.touched,
    lastEventAt: isoOf(row.last_event_at),
    updatedAt: isoOf(row.updated_at),
  }
}
