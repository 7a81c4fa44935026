import type { LiveFactItem } from '../../contract/api/index.ts'
import { exceptionLabel } from '../../contract/exceptions.ts'
import { type Principal, permits, type Subject } from '../../contract/principal.ts'
import { isoOf } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { LiveBatch, LiveFact } from '../../pipeline/live.ts'
import { latestFacts, ordersOf } from '../../pipeline/queries/rollups.ts'
import type { CaseRowTable, OrderRowTable } from '../../pipeline/queries/tables.ts'
import type { HttpDeps } from './deps.ts'
import { withEvidence } from './handlers/cases.ts'
import { factName } from './handlers/order.ts'
import { orderItem } from './handlers/orders.ts'
import { eventText } from './live-client.ts'

/** Facts of one batch that are told; nobody reads faster. */
const MOST_FACTS = 40

/** An event with what decides who may hear it. */
export interface Told {
  readonly text: string
  readonly subject: Subject
}

export interface ToldBatch {
  readonly mark: string
  readonly orders: readonly Told[]
  readonly cases: readonly Told[]
  readonly facts: readonly Told[]
  readonly skipped: number
}

/** A batch as text, made once for everybody. */
export async function toldOf(deps: HttpDeps, batch: LiveBatch): Promise<ToldBatch> {
  const orders = new Map(batch.orders.map(row => [row.stream, row]))
  const cases = await withEvidence(deps, batch.cases)
  const facts = batch.facts.filter(isNews)
  const shown = facts.slice(-MOST_FACTS)
  const feeds = new Map(batch.cases.map(row => [row.stream, row.channel]))
  return {
    mark: batch.mark,
    orders: batch.orders.map(row => ({ text: eventText('order', orderItem(row)), subject: subjectOf(row) })),
    cases: cases.map((item, i) => ({ text: eventText('case', item), subject: subjectOfCase(batch.cases[i]!, orders) })),
    facts: shown.map(fact => {
      const order = orders.get(fact.stream)
      const subject = order ? subjectOf(order) : { shop: feeds.get(fact.stream) ?? null }
      return { text: eventText('fact', factItem(fact, order, subject.shop)), subject }
    }),
    skipped: facts.length - shown.length,
  }
}

const subjectOf = ({ channel, warehouses }: OrderRowTable): Subject => ({
  shop: channel,
  ...(warehouses && { warehouses }),
})

function subjectOfCase({ stream, channel, owner }: CaseRowTable, orders: ReadonlyMap<string, OrderRowTable>): Subject {
  const warehouses = orders.get(stream)?.warehouses
  return { shop: channel, owner, ...(warehouses && { warehouses }) }
}

// A finding is told by the case that it opens; what a rule merely notes again is no news, nor is that a feed is alive.
const isNews = ({ type }: LiveFact): boolean =>
  !type.startsWith('finding.') && type !== 'feed.heard' && type !== 'feed.unheard'

const textIn = (body: JsonObject, key: string): string | null => {
  const value = body[key]
  return typeof value === 'string' ? value : null
}

function factItem(fact: LiveFact, order: OrderRowTable | undefined, shop: string | null): LiveFactItem {
  const exception = fact.type.startsWith('case.') ? textIn(fact.body, 'type') : null
  return {
    ...{ stream: fact.stream, seq: fact.seq, orderNo: order?.order_no ?? null, channel: shop },
    ...{ type: fact.type, name: { ...factName(fact.type) }, actor: fact.actor },
    ...{ at: isoOf(fact.occurredAt), recordedAt: isoOf(fact.recordedAt) },
    case: fact.type.startsWith('case.') ? textIn(fact.body, 'case') : null,
    exception: exception === null ? null : { type: exception, name: { ...exceptionLabel(exception) } },
  }
}

export interface LatestAsked {
  readonly principal: Principal
  readonly limit: number
  readonly fromMonth: number
  readonly channel: readonly string[] | undefined
}

/** What was written last, the newest first, as far as the principal may see it. */
export async function latestItems(deps: HttpDeps, asked: LatestAsked): Promise<LiveFactItem[]> {
  const { principal, limit, fromMonth, channel } = asked
  // Some of it may be out of reach: look at more than are shown.
  const rows = await latestFacts(deps.db, limit * 4, fromMonth)
  const orders = await ordersOf(deps.db, rows)
  const items = rows.flatMap(row => {
    const order = orders.get(row.stream)
    const subject = order ? subjectOf(order) : { shop: null }
    const isWanted = channel === undefined || (order !== undefined && channel.includes(order.channel))
    if (!isWanted || !permits(principal, 'order.read', subject)) return []
    const { occurred_at: occurredAt, recorded_at: recordedAt, body } = row
    const fact = { ...row, occurredAt, recordedAt, body: body === null ? {} : JSON.parse(body) }
    return [factItem(fact, order, subject.shop)]
  })
  return items.slice(0, limit)
}
