import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fact } from '../../../contract/stream.ts'
import { factOf, foldAll, parcelAt, placedAt } from '../fixtures.ts'
import { SEQUENCE_FAULTS, sequenceFaults } from './sequence.ts'

const approved = (at: number) => factOf('order.approved', at, {})
const handed = (at: number) => parcelAt('parcel.handed_over', at)
const delivered = (at: number) => parcelAt('parcel.delivered', at)
const cancelled = (at: number) => factOf('order.cancelled', at, {})
const gone = factOf('order.status_reported', 5, { status: 'cancelled' })

const CASES: [why: string, facts: Fact[], faults: string[]][] = [
  ['as it should be', [placedAt(10), approved(20), handed(30), delivered(40)], []],
  ['equal instants', [placedAt(10), approved(10), handed(10), delivered(10)], []],
  ['nothing known', [], []],
  ['approved too early', [placedAt(10), approved(9)], ['approved_before_placed']],
  ['approved too late', [placedAt(10), approved(31), handed(30)], ['approved_after_handover']],
  ['handed over before it was ordered', [placedAt(10), handed(9)], ['handover_before_placed']],
  ['delivered before it was handed over', [placedAt(10), handed(30), delivered(29)], ['delivered_before_handover']],
  [
    'a scan proves the hand-over',
    [placedAt(10), parcelAt('parcel.in_transit', 30), delivered(29)],
    ['delivered_before_handover'],
  ],
  ['delivered before it was ordered', [placedAt(10), delivered(9)], ['delivered_before_placed']],
  ['cancelled in time', [placedAt(10), cancelled(20)], []],
  ['cancelled on the way', [placedAt(10), handed(15), cancelled(20)], ['cancelled_after_handover']],
  ['handed over although cancelled', [placedAt(10), cancelled(20), handed(25)], ['handover_of_cancelled']],
  ['cancelled at an unknown instant', [placedAt(10), handed(15), gone], ['cancelled_after_handover']],
  ['delivered although cancelled', [placedAt(10), gone, delivered(40)], ['delivery_of_cancelled']],
  [
    'several',
    [placedAt(10), approved(50), handed(9), delivered(8)],
    ['approved_after_handover', 'handover_before_placed', 'delivered_before_placed', 'delivered_before_handover'],
  ],
]

test('faults of sequence', () => {
  for (const [why, facts, faults] of CASES) assert.deepEqual(sequenceFaults(foldAll(facts)), faults, why)
})

test('every code is reached', () => {
  assert.deepEqual(new Set(CASES.flatMap(([, , faults]) => faults)), new Set(SEQUENCE_FAULTS))
})
