import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EvidenceItem } from '../../../../../src/contract/api/index.ts'
import { filled, type Said } from './filled.ts'

const NOW = Date.parse('2026-03-05T12:00:00Z')
const item = (path: string, type: EvidenceItem['type'], value: EvidenceItem['value']): EvidenceItem => ({
  ...{ path, type, value, label: { zh: path, en: path }, role: 'fact', unit: null, words: null, fact: null },
})
const SAID: Said = {
  now: NOW,
  value: ({ value }) => `<${value}>`,
  duration: ms => `${ms / 3_600_000}h`,
  money: minor => `$${minor}`,
}
const due = item('order.shipBy', 'time', '2026-03-05T09:00:00Z')

test('a title says the value, how long ago it was, and what lies between two', () => {
  const told = [due, item('order.paidAt', 'time', '2026-03-05T10:30:00Z')]
  assert.equal(filled('late {order.shipBy~} · due {order.shipBy}', told, SAID), 'late 3h · due <2026-03-05T09:00:00Z>')
  assert.equal(filled('{order.paidAt-order.shipBy} apart', told, SAID), '1.5h apart')
  const sums = [item('order.orderTotal', 'money', 500), item('order.paidTotal', 'money', 620)]
  assert.equal(filled('{order.orderTotal-order.paidTotal}', sums, SAID), '$120')
})

test('what is not known is left out, and what has ended does not go on', () => {
  assert.equal(filled('{parcels.trackingNo} · due {order.shipBy}', [due], SAID), 'due <2026-03-05T09:00:00Z>')
  assert.equal(
    filled('late {order.shipBy~} · due {order.shipBy}', [due], { ...SAID, now: null }),
    'due <2026-03-05T09:00:00Z>',
  )
  assert.equal(filled('{order.shipBy-order.paidAt}', [due], SAID), null)
  assert.equal(filled('{order.shipBy} and {order.paidAt}', [due], SAID), null)
  assert.equal(filled('{order.shipBy~}', [item('order.shipBy', 'time', '2026-03-06T09:00:00Z')], SAID), null)
})
