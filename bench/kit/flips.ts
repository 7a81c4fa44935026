import { streamIdOf } from '../../src/contract/identity.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import type { Sql } from '../../src/platform/database.ts'
import { orderNoOf, type Waiting } from './waiting-orders.ts'

/** When the cases of orders whose time had come were committed. Needs `track_commit_timestamp`. */

export const streamOf = (n: number): string => streamIdOf('order', 'order_no', `bench/${orderNoOf(n)}`)

const COMMITTED = `
select stream, opened_at, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as bench_at
from case_row where opened_at >= $1`

export interface Flips {
  /** ms from the instant at which the rule began to hold until the commit of the case. */
  readonly delays: readonly number[]
  /** Epoch ms of the last commit. */
  readonly last: number
}

/** @throws when an order has no case, or one that says another instant than the rule does */
export async function flipsOf(db: Sql, orders: readonly Waiting[]): Promise<Flips> {
  const from = orders.reduce((min, o) => Math.min(min, o.due), Number.POSITIVE_INFINITY)
  const { rows } = await db.query<{ stream: string; opened_at: Instant; bench_at: number }>(COMMITTED, [from])
  const cases = new Map(rows.map(r => [r.stream, r]))
  let last = 0
  const delays = orders.map(({ n, due }) => {
    const found = cases.get(streamOf(n))
    if (!found) throw new Error(`order ${orderNoOf(n)} has no case`)
    last = Math.max(last, found.bench_at)
    return found.bench_at - due
  })
  return { delays, last }
}

const CASES = `select count(*)::float8 as bench_cases from case_row`

export const casesNow = async (db: Sql): Promise<number> =>
  (await db.query<{ bench_cases: number }>(CASES)).rows[0]!.bench_cases

/** Resolves when there are `count` cases in all; looks every half second. */
export async function casesThere(db: Sql, count: number, patience: number): Promise<void> {
  const end = performance.now() + patience
  for (;;) {
    const there = await casesNow(db)
    if (there >= count) return
    if (performance.now() > end) throw new Error(`only ${there} of ${count} cases after ${patience} ms`)
    await new Promise(resolve => setTimeout(resolve, 500))
  }
}
