import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, isoOf, MINUTE } from '../../src/kernel/instant.ts'
import { about, openWorld, paid, placed, START, streamOf, type World } from './world.ts'

const promise = (at: number) => ({ promise: { grain: 'instant', to: isoOf(at), zone: 'Asia/Shanghai' } })
const headOf = async (world: World, orderNo: string) =>
  (await world.rows('select wake_at, timer_at, version from head where stream = $1', [streamOf(orderNo)]))[0]!
const findings = async (world: World, orderNo: string) =>
  (await world.facts(streamOf(orderNo))).filter(f => f.type === 'finding.raised')
// `never_delivered` of the core pack: more than 30 days past the promise.
const LONG_PAST = 30 * DAY + 1

test('a deadline that moves away leaves the index alone; the timer fires in vain, then at the new instant', async t => {
  const world = await openWorld({}, t)
  const [first, second] = [START + 10 * DAY, START + 20 * DAY]
  await world.tell(placed('A', START, promise(first)))
  const armed = { wake_at: first + LONG_PAST, timer_at: first + LONG_PAST }
  assert.deepEqual(await headOf(world, 'A'), { ...armed, version: 1 })
  await world.tell(about('A', 'order.promise_changed', START + HOUR, promise(second)))
  assert.deepEqual(await headOf(world, 'A'), { wake_at: second + LONG_PAST, timer_at: first + LONG_PAST, version: 2 })
  await world.pass(first + LONG_PAST - START)
  assert.deepEqual(await headOf(world, 'A'), { wake_at: second + LONG_PAST, timer_at: second + LONG_PAST, version: 2 })
  await world.pass(10 * DAY - 1)
  assert.deepEqual(await findings(world, 'A'), [])
  await world.pass(1)
  const [finding] = await findings(world, 'A')
  assert.deepEqual([finding!.occurredAt, finding!.recordedAt], [second + LONG_PAST, second + LONG_PAST])
})

test('a deadline that comes nearer is met', async t => {
  const world = await openWorld({}, t)
  await world.tell(placed('A', START, promise(START + 20 * DAY)))
  await world.tell(about('A', 'order.promise_changed', START + HOUR, promise(START + 10 * DAY)))
  const at = START + 10 * DAY + LONG_PAST
  assert.deepEqual(await headOf(world, 'A'), { wake_at: at, timer_at: at, version: 2 })
  await world.pass(at - START)
  assert.equal((await findings(world, 'A')).length, 1)
})

test('an order that is done with its deadlines sleeps for good', async t => {
  const world = await openWorld({}, t)
  await world.tell(placed('A', START, promise(START + 10 * DAY)), about('A', 'parcel.delivered', START + DAY))
  await world.pass(100 * DAY)
  assert.deepEqual(await headOf(world, 'A'), { wake_at: null, timer_at: null, version: 2 })
})

test('streams that the node has never seen wake when their time comes, each at its own instant and once', async t => {
  const world = await openWorld({ lanes: 2 }, t)
  const orders = Array.from({ length: 150 }, (_, i) => ({ no: `O-${i}`, at: START + i * MINUTE }))
  // An amount that is wrong becomes a finding an hour after the payment.
  await world.tell(...orders.flatMap(({ no, at }) => [placed(no, at), paid(no, at, 1)]))
  await world.pipeline.stop()
  const cold = await world.node({ node: 'n2', lanes: 3 })
  assert.deepEqual(await world.rows('select 1 from case_row'), [])
  // Half of them in time, half of them late by hours.
  for (const at of [...Array.from({ length: 75 }, (_, i) => START + HOUR + i * MINUTE + 1), START + 9 * HOUR]) {
    world.clock.advanceTo(at)
    await cold.pipeline.drained()
  }
  const rows = await world.rows<{ stream: string; opened_at: number }>(
    `select stream, opened_at from case_row where type = 'amount_mismatch'`,
  )
  const opened = new Map(rows.map(r => [r.stream, r.opened_at]))
  assert.equal(rows.length, orders.length)
  for (const { no, at } of orders) assert.equal(opened.get(streamOf(no)), at + HOUR + 1)
})

test('live, what was due while nobody looked happens at its instant and is recorded when it was written', async t => {
  const world = await openWorld({ with: { simulated: false } }, t)
  await world.tell(placed('A', START), paid('A', START, 1))
  await world.pass(5 * HOUR)
  const [finding] = await findings(world, 'A')
  assert.deepEqual([finding!.occurredAt, finding!.recordedAt], [START + HOUR + 1, START + 5 * HOUR])
})

test('live, timers beyond the window that is held in memory are read when their time comes near', async t => {
  const world = await openWorld({ with: { simulated: false } }, t)
  await world.tell(placed('A', START), paid('A', START, 1))
  for (let i = 0; i < 61; i++) await world.pass(MINUTE)
  const [finding] = await findings(world, 'A')
  assert.deepEqual([finding!.occurredAt, finding!.recordedAt], [START + HOUR + 1, START + HOUR + MINUTE])
})

test('an event at the very instant of a wake finds the wake done', async t => {
  const world = await openWorld({}, t)
  await world.tell(placed('A', START), paid('A', START, 1))
  world.clock.advanceTo(START + HOUR + 1)
  await world.tell(paid('A', START + HOUR + 1, 1999))
  const types = (await world.facts(streamOf('A'))).map(f => f.type)
  assert.deepEqual(types.slice(2), [
    'finding.raised',
    'case.opened',
    'payment.received',
    'finding.cleared',
    'case.cleared',
  ])
})
