import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MINUTE, SECOND } from '../../src/kernel/instant.ts'
import { Throttle, type Try } from '../../src/modules/access/throttle.ts'
import { connect } from '../../src/platform/database.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { testDatabase } from '../support/database.ts'

const owned = await testDatabase()
const db = await connect({ connection: owned.connection })
after(async () => {
  await db.close()
  await owned.drop()
})
const throttle = new Throttle(db, new Sealer(Buffer.alloc(32, 7)))

const START = 1_800_000_000_000
const begin = (account: string, address: string, at = 0) => throttle.begin({ account, address, now: START + at })
/** ms to wait; 0: it may go on. */
const waitOf = (begun: Try | { wait: number }): number => ('wait' in begun ? begun.wait : 0)

test('five tries are free; then each waits twice as long, up to a quarter of an hour', async () => {
  let at = 0
  const waits: number[] = []
  for (let i = 0; i < 12; i++) {
    const begun = await begin('anna', `10.0.0.${i}`, at)
    assert.equal(waitOf(begun), 0, `try ${i} after its wait`)
    const wait = waitOf(await begin('anna', '10.0.1.1', at))
    waits.push(wait / SECOND)
    at += wait
  }
  // Only what was let through counts as a try, so that asking again and again makes nothing longer.
  assert.deepEqual(waits.slice(0, 3), [0, 0, 30])
  assert.deepEqual(waits.slice(3), [60, 120, 240, 480, 900, 900, 900, 900, 900])
})

test('a success wipes the account clean; an hour without tries does so too', async () => {
  for (let i = 0; i < 4; i++) await begin('ben', '10.1.0.1')
  const good = await begin('ben', '10.1.0.1')
  assert.ok(!('wait' in good))
  await good.succeeded()
  for (let i = 0; i < 5; i++) assert.equal(waitOf(await begin('ben', '10.1.0.1')), 0)
  assert.ok(waitOf(await begin('ben', '10.1.0.1')) > 0)
  assert.equal(waitOf(await begin('ben', '10.1.0.1', 60 * MINUTE)), 0)
})

test('one address that tries many accounts is slowed down; the accounts are not', async () => {
  const waits: number[] = []
  for (let i = 0; i < 45; i++) waits.push(waitOf(await begin(`someone-${i}`, '10.2.0.1')))
  assert.ok(waits.slice(0, 40).every(wait => wait === 0))
  assert.ok(waits.slice(40).every(wait => wait > 0))
  assert.equal(waitOf(await begin('someone-1', '10.2.0.2')), 0)
})

test('many at once are counted one by one', async () => {
  const all = await Promise.all(Array.from({ length: 30 }, (_, i) => begin('carl', `10.3.0.${i}`)))
  assert.equal(all.filter(begun => waitOf(begun) === 0).length, 5)
})

test('accounts and addresses are kept as digests', async () => {
  await begin('someone@example.com', '10.4.0.1')
  const text = JSON.stringify((await db.query(`select encode(digest, 'escape') as d from throttle`)).rows)
  assert.ok(!text.includes('someone@') && !text.includes('10.4.0.1'))
})
