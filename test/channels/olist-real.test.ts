import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { parseEvent } from '../../src/contract/events/index.ts'
import { promiseEndsAt } from '../../src/contract/promise.ts'
import { accountTable, openOlist } from '../../src/modules/channels/index.ts'
import { type OracleRule, olistOracle } from '../support/olist-oracle.ts'

// The whole folder, where it is at hand: it may not be shipped with the product.
const DIR = fileURLToPath(new URL('../../../shared/data/olist', import.meta.url))
const skip = existsSync(DIR) ? false : 'no ../shared/data/olist beside the repository: the real folder is not tested'
const WORLD_END = Date.UTC(2019, 0, 1)

const opened = skip ? null : openOlist(DIR)
async function real(): Promise<Awaited<ReturnType<typeof openOlist>>> {
  assert.ok(opened)
  return opened
}

test('real folder: used + reported is what another parser counts, file by file', { skip }, async t => {
  const { accounts, reports } = await real()
  t.diagnostic(`\n${accountTable(accounts)}`)
  const counted = Object.fromEntries(
    readdirSync(DIR)
      .filter(file => file.endsWith('.csv.gz'))
      .map(file => [file, parse(gunzipSync(readFileSync(join(DIR, file)))).length - 1]),
  )
  assert.deepEqual(Object.fromEntries(accounts.map(a => [a.file, a.used + a.reported])), counted)
  assert.deepEqual(Object.fromEntries(accounts.map(a => [a.file, a.rows])), counted)
  assert.equal(
    reports.reduce((n, r) => n + r.count, 0),
    accounts.reduce((n, a) => n + a.reported, 0),
  )
})

test('real folder: every row of an order is in an event; reported is only what has no order or no use', {
  skip,
}, async () => {
  const { accounts } = await real()
  const codes = new Set(accounts.flatMap(a => Object.keys(a.codes)))
  assert.deepEqual([...codes].sort(), ['no_order_row', 'not_needed', 'not_referenced'])
  for (const { file, reported } of accounts)
    if (/^olist_(orders|order_.*|customers)_dataset/.test(file)) assert.equal(reported, 0, file)
})

test('real folder: every event parses, no id comes twice', { skip }, async t => {
  const { events, eventCount } = await real()
  const types: Record<string, number> = {}
  const ids = new Set<string>()
  for (const { event, occurredAt } of events('by-order')) {
    const parsed = parseEvent(event, { now: 0 })
    assert.ok(parsed.ok, JSON.stringify([event, parsed]))
    assert.equal(parsed.event.occurredAt, occurredAt)
    types[event.type] = (types[event.type] ?? 0) + 1
    ids.add(event.id)
  }
  t.diagnostic(JSON.stringify(types))
  assert.equal(ids.size, eventCount)
})

test('real folder: by time and by order give the same events', { skip }, async () => {
  const { events } = await real()
  const ids = new Set([...events('by-order')].map(e => e.event.id))
  let last = 0
  for (const { event, occurredAt } of events('by-time')) {
    assert.ok(occurredAt >= last, event.id)
    assert.ok(ids.delete(event.id), event.id)
    last = occurredAt
  }
  assert.equal(ids.size, 0)
})

// What the oracle says without any clock can be told from the events alone, so times, zones and joins are checked here
// against its own reading of the same files; the rules themselves are compared where they run.
test('real folder: the events tell the same late and undated deliveries as the oracle', { skip }, async () => {
  const late = new Set<string>()
  const undated = new Set<string>()
  for (const { orderKey, events } of (await real()).orders()) {
    let ends: number | null = null
    for (const { event, occurredAt } of events) {
      const parsed = parseEvent(event, { now: 0 })
      assert.ok(parsed.ok)
      const { promise, status } = parsed.event.body as Told
      if (promise) ends = promiseEndsAt(promise)
      if (event.type === 'parcel.delivered' && ends !== null && occurredAt >= ends)
        late.add(`${orderKey} ${occurredAt}`)
      if (status === 'delivered') undated.add(`${orderKey} ${occurredAt}`)
    }
  }
  const said = olistOracle(DIR, WORLD_END)
  const of = (rule: OracleRule) => new Set(said.filter(i => i.rule === rule).map(i => `${i.orderId} ${i.raisedAt}`))
  assert.deepEqual(late, of('delivered_late'))
  assert.deepEqual(undated, of('delivered_without_date'))
})
/** What two types of event may hold; a checked body has it in this form. */
interface Told {
  readonly promise?: Parameters<typeof promiseEndsAt>[0]
  readonly status?: string
}

test('real folder: the oracle finds as many quirks as the README of the set counts', { skip }, () => {
  const said = olistOracle(DIR, WORLD_END)
  for (const { raisedAt, clearedAt } of said) assert.ok(clearedAt === null || clearedAt > raisedAt)
  const count = (rule: OracleRule): number => said.filter(i => i.rule === rule).length
  // Of all 45,736 orders 574 + 79 + 9 + 6 + 75 are impossible and 8 undated; 70 % of the orders are here.
  assert.ok(count('impossible_sequence') > 300 && count('impossible_sequence') < 743)
  assert.ok(count('delivered_without_date') > 0 && count('delivered_without_date') <= 8)
})
