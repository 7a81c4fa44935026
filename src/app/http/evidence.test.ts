import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evidenceItems } from './evidence.ts'

const said = (evidence: Parameters<typeof evidenceItems>[0]['evidence']) =>
  evidenceItems({ evidence, constants: {} }).map(({ path, value, words }) => [path, value, words?.zh ?? null])

test('codes come with the words that people use, in records and in lists', () => {
  assert.deepEqual(
    said({
      'order.status': 'handed_over',
      'order.sequenceFault': 'approved_after_handover,delivery_of_cancelled',
      'node.name': 'handedOver',
      parcels: { count: 2, matching: [{ status: 'returning', exceptionCode: 'lost' }] },
    }),
    [
      ['order.status', 'handed_over', '已交承运商'],
      ['order.sequenceFault', 'approved_after_handover,delivery_of_cancelled', '审核晚于交接、取消后仍签收'],
      ['node.name', 'handedOver', '揽收到发运'],
      ['parcels', 2, null],
      ['parcels.status', 'returning', '退回途中'],
      ['parcels.exceptionCode', 'lost', '丢失'],
    ],
  )
})

test('a code that nobody named, and what is no code, stay as they are', () => {
  assert.deepEqual(said({ 'order.status': 'teleported', 'order.channel': 'web', 'order.orderNo': 'placed' }), [
    ['order.status', 'teleported', null],
    ['order.channel', 'web', null],
    ['order.orderNo', 'placed', null],
  ])
})
