import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { OLIST_SAMPLE } from '../../src/modules/channels/olist/fixtures.ts'
import { olistOracle } from '../support/olist-oracle.ts'

// The judge is judged once by hand: every interval below was worked out from the sample with paper and calendar.
const BY_HAND = [
  'early impossible_sequence 2018-04-10T15:00:00.000Z -',
  'early never_delivered 2018-05-31T03:00:00.001Z -',
  'early transit_at_risk 2018-04-29T03:00:00.001Z -',
  'gap handover_late 2017-10-19T02:20:00.001Z -',
  'gap never_delivered 2017-11-14T03:00:00.001Z -',
  'minutes delivered_late 2018-05-12T15:00:00.000Z -',
  'minutes impossible_sequence 2018-05-09T11:00:00.000Z -',
  'minutes transit_at_risk 2018-05-10T03:00:00.001Z 2018-05-12T15:00:00.000Z',
  'nothing amount_mismatch 2017-11-21T02:59:59.001Z -',
  'nothing never_delivered 2018-01-05T02:00:00.001Z -',
  'nothing no_items 2017-11-21T02:59:59.001Z -',
  'undated delivered_without_date 2017-06-03T13:00:00.000Z -',
]

test('the oracle finds in the sample what a person finds', t => {
  const dir = mkdtempSync(join(tmpdir(), 'olist-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  for (const [file, text] of Object.entries(OLIST_SAMPLE)) writeFileSync(join(dir, file), text)
  const iso = (at: number | null): string => (at === null ? '-' : new Date(at).toISOString())
  const said = olistOracle(dir, Date.UTC(2018, 11, 31))
  assert.deepEqual(said.map(i => `${i.orderId} ${i.rule} ${iso(i.raisedAt)} ${iso(i.clearedAt)}`).sort(), BY_HAND)
  const early = olistOracle(dir, Date.UTC(2018, 4, 11), new Set(['minutes']))
  assert.deepEqual(
    early.map(i => [i.rule, i.clearedAt]),
    [
      ['transit_at_risk', null],
      ['impossible_sequence', null],
    ],
    'nothing happens after the end of the world',
  )
})
