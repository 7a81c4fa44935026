import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesIn, traceOf, warehouseIn } from './said.ts'

const fact = (seq: number, type: string, data: object) => ({
  ...{ seq, type, name: { zh: type, en: type }, occurredAt: `2026-11-11T0${seq}:00:00.000Z` },
  data: { ...data },
})
const FACTS = [
  fact(4, 'order.edited', { lines: [{ sku: 'A', name: 'new name' }] }),
  fact(1, 'order.placed', { lines: [{ sku: 'A', name: 'old name' }, { sku: 'B' }, null, 7] }),
  fact(2, 'order.allocated', { warehouse: 'east' }),
  fact(3, 'order.allocated', { warehouse: 'west' }),
  fact(5, 'parcel.collected', { ref: { trackingNo: 'T1' }, place: { name: 'Hub' } }),
  fact(6, 'parcel.in_transit', { ref: { trackingNo: 'T2' } }),
  fact(7, 'parcel.delivered', { ref: { trackingNo: 'T1' }, place: 3 }),
]

test('the last name and the last warehouse count, and odd data are passed over', () => {
  assert.deepEqual([...namesIn(FACTS)], [['A', 'new name']])
  assert.equal(warehouseIn(FACTS), 'west')
  assert.equal(warehouseIn([]), null)
})

test('a parcel has its own trace, the newest first', () => {
  assert.deepEqual(
    traceOf('T1', FACTS).map(({ seq, place }) => [seq, place]),
    [
      [7, null],
      [5, 'Hub'],
    ],
  )
  assert.deepEqual(traceOf(undefined, FACTS), [])
})
