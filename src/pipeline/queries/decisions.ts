import type { FactValues } from '../../contract/facts.ts'
import type { Reach } from '../../contract/principal.ts'
import { bucketOf } from '../../kernel/bucket.ts'
import type { BaselineBook } from '../../modules/orders/index.ts'
import { isAskedOf } from '../../modules/rules/index.ts'
import { type LoadDeps, loadStreams } from '../load.ts'
import { factsIn } from '../reactors.ts'
import type { Sql } from '../sql.ts'
import { listOrders } from './orders.ts'

/** An order with what the tables that decide about orders read of it. */
export interface OrderToDecide {
  readonly order: string
  readonly orderNo: string | null
  readonly facts: FactValues
}

interface Asked {
  readonly use: string
  readonly baselines: BaselineBook
  readonly reach: Reach
  readonly limit: number
}

/** So many of the newest orders are looked at. */
const LOOKED_AT = 200

/** Of the newest orders within reach those about which the table of a use would be asked now. */
export async function ordersToDecide(sql: Sql, loads: LoadDeps, asked: Asked): Promise<OrderToDecide[]> {
  const { use, baselines, reach, limit } = asked
  const { rows } = await listOrders(sql, { reach }, { limit: LOOKED_AT, after: null })
  const open = rows.filter(row => row.open)
  const refs = open.map(({ stream }) => ({ stream, bucket: bucketOf(stream), kind: 'order' as const }))
  const loaded = await loadStreams(sql, loads, refs)
  const found = open.flatMap(({ stream, order_no: orderNo }) => {
    const memo = loaded.get(stream)?.memo
    const facts = memo && factsIn(memo.slices, baselines)
    return facts && isAskedOf(use, facts) ? [{ order: stream, orderNo, facts }] : []
  })
  return found.slice(0, limit)
}
