import type { LedgerItem } from '../../../contract/api/index.ts'
import { eventEntryOf, systemFactTypes } from '../../../contract/events/index.ts'
import type { Label } from '../../../contract/facts.ts'
import { personalPathsOf } from '../../../contract/personal.ts'
import type { Principal, Reach } from '../../../contract/principal.ts'
import type { Fact } from '../../../contract/stream.ts'
import { bucketOf } from '../../../kernel/bucket.ts'
import { type Instant, isoOf } from '../../../kernel/instant.ts'
import { type LoadDeps, loadStreams } from '../../../pipeline/load.ts'
import {
  type AsOf,
  countFacts,
  foldAsOf,
  type Head,
  headOf,
  isOrderInReach,
  readFacts,
} from '../../../pipeline/queries/ledger.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import { casesIn, ordersIn, reactorsOf } from '../../../pipeline/reactors.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { maskedBody } from '../mask.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { orderDetail } from './order-detail.ts'
import { totalOf } from './orders.ts'

export function orderHandlers(deps: HttpDeps): Pick<Handlers, 'getOrder' | 'getOrderLedger'> {
  const loads = loadsOf(deps)
  return {
    async getOrder({ params: { id }, query }, { ifNoneMatch, principal }) {
      const head = await orderHead(deps, id, reachOf(principal, 'order.read'))
      const asOf = asOfOf(query)
      if (asOf !== null) return { status: 200, body: await pastOrder(deps, { id, head, asOf, principal }) }
      const etag = `"${head.version}"`
      if (ifNoneMatch === etag) return { status: 304, body: undefined, headers: { etag } }
      const loaded = await loadStreams(deps.db, loads, [{ stream: id, bucket: bucketOf(id), kind: 'order' }])
      const { memo } = loaded.get(id)!
      const { version, historical, wakeAt, slices } = memo
      const body = orderDetail({
        id,
        version,
        historical,
        wakeAt,
        state: ordersIn(slices),
        cases: casesIn(slices),
        principal,
      })
      return { status: 200, body, headers: { etag: `"${version}"` } }
    },
    async getOrderLedger({ params: { id }, query }, { principal }) {
      const { bornMonth } = await orderHead(deps, id, reachOf(principal, 'ledger.read'))
      const after = LISTS.facts.placeOf(query.cursor)?.[0] ?? 0
      const asked = { stream: id, bornMonth, asOf: asOfOf(query) }
      const facts = await readFacts(deps.db, loads, { ...asked, after, limit: query.limit + 1 })
      const items = facts.slice(0, query.limit).map(ledgerItem)
      const next = facts.length > query.limit ? LISTS.facts.cursorOf([items.at(-1)!.seq]) : null
      const total = after === 0 ? { total: totalOf(await countFacts(deps.db, asked)) } : {}
      return { status: 200, body: { items, next, ...total } }
    },
  }
}

export const loadsOf = ({ sealer, upcast }: HttpDeps): LoadDeps => ({ sealer, upcast, reactorsOf })

/** @throws ApiProblem order_not_found, also for what is beyond the reach: who may not see it learns nothing of it */
export async function orderHead(deps: HttpDeps, id: string, reach: Reach): Promise<Head> {
  const head = await headOf(deps.db, id)
  if (head === null || !(await isOrderInReach(deps.db, id, reach)))
    throw new ApiProblem('order_not_found', `There is no order ${id}: look it up with GET /v1/orders?q=.`)
  return head
}

/** There is such an order, but not at that instant. */
export const NOTHING_YET = { more: { sentence: { zh: '那时还没有这个订单的任何信息：请选择更晚的时间' } } }

const asOfOf = ({ at, by }: { at?: Instant; by: AsOf['by'] }): AsOf | null => (at === undefined ? null : { at, by })

async function pastOrder(deps: HttpDeps, asked: { id: string; head: Head; asOf: AsOf; principal: Principal }) {
  const { id, head, asOf, principal } = asked
  const past = await foldAsOf(deps.db, loadsOf(deps), { stream: id, bornMonth: head.bornMonth, asOf })
  if (past === null)
    throw new ApiProblem(
      'order_not_found',
      `Nothing of this order was ${asOf.by} at ${isoOf(asOf.at)}: ask for a later instant.`,
      NOTHING_YET,
    )
  const { version, slices } = past
  const { historical } = head
  return orderDetail({
    id,
    version,
    historical,
    wakeAt: null,
    state: ordersIn(slices),
    cases: casesIn(slices),
    principal,
  })
}

const SYSTEM: { readonly [type: string]: { readonly label: Label } } = systemFactTypes

export const factName = (type: string): Label =>
  eventEntryOf(type)?.label ?? SYSTEM[type]?.label ?? { zh: type, en: type }

export const ledgerItem = (fact: Fact): LedgerItem => ({
  seq: fact.seq,
  type: fact.type,
  version: fact.v,
  name: { ...factName(fact.type) },
  actor: fact.actor,
  occurredAt: isoOf(fact.occurredAt),
  recordedAt: isoOf(fact.recordedAt),
  knownAt: isoOf(fact.knownAt),
  cause: fact.cause,
  data: { ...maskedBody(fact.body, personalPathsOf(fact.type)) },
})
