import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketsOf, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Sql } from './sql.ts'
import { type Sweep, sweepOpenOrders } from './sweep.ts'

/** A database of open orders by bucket that remembers which groups were marked as swept. */
function fakeOrders(buckets: readonly number[]) {
  const marked: number[] = []
  const query = async (text: string, values: readonly unknown[]) => {
    if (text.includes('insert into follower')) marked.push(groupOf(Number(values[1])))
    if (!text.includes('from order_row')) return { rows: [] }
    const [asked, after] = [new Set(values[0] as number[]), Number(values[1])]
    // Pages of one order.
    const next = buckets.find(b => asked.has(b) && b > after)
    return { rows: next === undefined ? [] : [{ bucket: next, stream: `o-${next}` }] }
  }
  // Only `query` is used by a sweep.
  return { marked, sql: { query } as unknown as Sql }
}

const sweepOf = (sql: Sql, more: Partial<Sweep>): Sweep => ({
  ...{ sql, turn: 2, lanes: [[0, 2], [1]], signal: new AbortController().signal },
  look: async streams => streams,
  offer: async () => true,
  progress: async () => {},
  done: () => {},
  ...more,
})

const orders = [0, 1, 2].flatMap(group => [homeBucketOf(group), bucketsOf(group).at(-1)!])

test('a group counts as swept only when all of its orders were reconsidered', async () => {
  const { sql, marked } = fakeOrders(orders)
  const told = { orders: 0, groups: 0 }
  const progress = async (orders: number, groups: number) => {
    told.orders += orders
    told.groups += groups
  }
  const done: number[] = []
  const offer = async (group: number) => group !== 1
  await sweepOpenOrders(sweepOf(sql, { offer, progress, done: group => void done.push(group) }))
  assert.deepEqual(
    [done, marked],
    [
      [0, 2],
      [0, 2],
    ],
  )
  assert.deepEqual(told, { orders: 4, groups: 2 })
})

test('a sweep that is stopped marks nothing that it did not finish', async () => {
  const { sql, marked } = fakeOrders(orders)
  const stop = new AbortController()
  const offer = async (group: number) => {
    if (group === 1) stop.abort()
    return true
  }
  await sweepOpenOrders(sweepOf(sql, { offer, signal: stop.signal, lanes: [[0, 1, 2]] }))
  assert.deepEqual(marked, [0])
})

test('what a look leaves out is offered to no lane, and the group is swept all the same', async () => {
  const { sql, marked } = fakeOrders(orders)
  const offered: string[] = []
  const look: Sweep['look'] = async streams => streams.filter(({ bucket }) => bucket === homeBucketOf(1))
  const offer: Sweep['offer'] = async (_, streams) => {
    offered.push(...streams.map(s => s.stream))
    return true
  }
  await sweepOpenOrders(sweepOf(sql, { look, offer }))
  assert.deepEqual(offered, [`o-${homeBucketOf(1)}`])
  assert.deepEqual(marked.toSorted(), [0, 1, 2])
})
