import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { simulatedClock } from '../../src/platform/clock.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { LeaseKeeper } from '../../src/platform/lease-keeper.ts'
import { acquire, type Lease, pulse, release, renew } from '../../src/platform/leases.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let own: TestDatabase
let sql: Database
const ttl = 10_000
const buckets = [0, 32, 64, 96]

before(async () => {
  own = await testDatabase()
  sql = await connect({ connection: own.connection })
})
after(async () => {
  await sql.close()
  await own.drop()
})
beforeEach(async () => {
  await sql.query('delete from lease')
  await sql.query('delete from node')
})

const now = async (): Promise<number> => (await pulse(sql, 'watcher', ttl)).now
const sorted = (leases: readonly Lease[]): Lease[] => [...leases].sort((x, y) => x.bucket - y.bucket)
/** What the passing of time does, without waiting for it. */
const expire = (owner: string) => sql.query('update lease set expires_at = 0 where owner = $1', [owner])

test('a lease is taken once, and again only when it expired', async () => {
  const at = await now()
  const taken = await acquire(sql, { owner: 'a', buckets: [0, 32], now: at, ttl })
  assert.deepEqual(sorted(taken), [
    { bucket: 0, epoch: 1 },
    { bucket: 32, epoch: 1 },
  ])
  assert.deepEqual(await acquire(sql, { owner: 'b', buckets: [0, 32], now: at, ttl }), [])
  await expire('a')
  assert.deepEqual(await acquire(sql, { owner: 'b', buckets: [0], now: at, ttl }), [{ bucket: 0, epoch: 2 }])
})

test('after a take-over the former owner can neither renew nor write', async () => {
  const at = await now()
  const mine = await acquire(sql, { owner: 'a', buckets: [0], now: at, ttl })
  await expire('a')
  await acquire(sql, { owner: 'b', buckets: [0], now: at, ttl })
  assert.deepEqual(await renew(sql, { owner: 'a', leases: mine, now: at, ttl }), [])
  const write = await sql.query(
    `update lease set expires_at = expires_at where bucket = 0 and epoch = $1 and owner = 'a'`,
    [mine[0]?.epoch],
  )
  assert.equal(write.rowCount, 0)
})

test('a restarted node takes its own leases at once, with a new epoch that fences its former self', async () => {
  const at = await now()
  const before = await acquire(sql, { owner: 'a', buckets: [0], now: at, ttl })
  assert.deepEqual(await acquire(sql, { owner: 'a', buckets: [0], now: at, ttl }), [{ bucket: 0, epoch: 2 }])
  assert.deepEqual(await renew(sql, { owner: 'a', leases: before, now: at, ttl }), [])
})

test('a released lease is free at once; a stale release changes nothing', async () => {
  const at = await now()
  const mine = await acquire(sql, { owner: 'a', buckets: [0], now: at, ttl })
  await release(sql, 'a', mine)
  assert.deepEqual(await acquire(sql, { owner: 'b', buckets: [0], now: at, ttl }), [{ bucket: 0, epoch: 2 }])
  await release(sql, 'a', mine)
  assert.deepEqual(await acquire(sql, { owner: 'c', buckets: [0], now: at, ttl }), [])
})

function keeper(owner: string) {
  const log: string[] = []
  const say = (what: string) => (leases: readonly Lease[]) => void log.push(`${what} ${leases.map(l => l.bucket)}`)
  const options = { sql, clock: simulatedClock(0), owner, buckets, ttl }
  const node = new LeaseKeeper({ ...options, gained: say('+'), lost: say('lost'), giveUp: say('-'), failed: () => {} })
  return { node, log }
}

test('one node holds all; with a second node each holds half; what is left when one drains goes to the other', async () => {
  const a = keeper('a')
  const b = keeper('b')
  await a.node.beat()
  assert.deepEqual(a.log, ['+ 0,32,64,96'])
  await b.node.beat()
  assert.deepEqual(b.log, [])
  await a.node.beat()
  await b.node.beat()
  assert.deepEqual([a.log.at(-1), b.log.at(-1)], ['- 64,96', '+ 64,96'])
  await a.node.drain()
  await b.node.beat()
  assert.deepEqual(b.log, ['+ 64,96', '+ 0,32'])
  assert.deepEqual(a.node.held(), [])
})

test('leases whose news could not be told are taken again at the next beat', async () => {
  const told: string[] = []
  const gained = (leases: readonly Lease[]): void => {
    told.push(leases.map(l => `${l.bucket}/${l.epoch}`).join(' '))
    if (told.length === 1) throw new Error('the connection was lost')
  }
  const options = { sql, clock: simulatedClock(0), owner: 'a', buckets, ttl, gained }
  const node = new LeaseKeeper({ ...options, lost: () => {}, giveUp: () => {}, failed: () => {} })
  await assert.rejects(node.beat())
  assert.deepEqual(node.held(), [])
  await node.beat()
  await node.beat()
  assert.deepEqual(told, ['0/1 32/1 64/1 96/1', '0/2 32/2 64/2 96/2'])
})

test('a node that was frozen past its ttl learns at its next beat what it lost', async () => {
  const a = keeper('a')
  const b = keeper('b')
  await a.node.beat()
  await expire('a')
  await sql.query(`delete from node where id = 'a'`)
  await b.node.beat()
  assert.deepEqual(b.log, ['+ 0,32,64,96'])
  await a.node.beat()
  assert.deepEqual(a.log, ['+ 0,32,64,96', 'lost 0,32,64,96'])
})
