import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import type { RuleDef } from '../../src/modules/rules/index.ts'
import { coreRelease, type Harness, type HarnessOptions } from '../support/pipeline.ts'
import { inTime } from '../support/process.ts'
import { type Gate, gateOf, withoutLooks } from './gate.ts'
import { about, openWorld, placed, START, streamOf, until, type World } from './world.ts'

// A change of the rules over open orders: what it does not change is looked at beside the lanes, which do not notice.

const rules = (await coreRelease()).rules
const RULE = 'amount_mismatch'
const without = rules.filter(rule => rule.id !== RULE)
/** It clears and raises what was found under the old name. */
const renamed: RuleDef[] = rules.map(rule => (rule.id === RULE ? { ...rule, version: 2, type: 'wrong_amount' } : rule))

/** One rule that holds as soon as anything was paid. */
const atOnce = (version: number, type: string): RuleDef[] =>
  rules.flatMap(rule =>
    rule.id === RULE ? [{ ...rule, version, type, when: 'has(order.paidAt)', constants: {}, examples: [] }] : [],
  )

/** A world whose lanes can be held. */
async function gated(t: TestContext, more: HarnessOptions = {}): Promise<{ world: World; node: Harness; gate: Gate }> {
  const world = await openWorld({}, t)
  await world.pipeline.stop()
  const gate = gateOf(world)
  const node = await world.node({ node: 'n2', db: gate.db, with: { wallClock: withoutLooks }, ...more })
  return { world, gate, node }
}

const sweepOf = ({ pipeline }: Harness): Promise<void> => inTime(pipeline.ruleWatch.sweep(), 'the sweep')
const drainedOf = ({ pipeline }: Harness): Promise<void> => inTime(pipeline.drained(), 'what the lanes have to do')

const publish = async ({ pipeline }: Harness, world: World, to: readonly RuleDef[], from: number) => {
  await pipeline.references.publish(world.db, to, from)
  await pipeline.references.refresh(world.db)
}
const voucher = (orderNo: string, at: number, amount: number) =>
  about(orderNo, 'payment.received', at, { amount, currency: 'CNY', method: 'voucher' })
const told = async (world: World, orderNo: string) =>
  (await world.facts(streamOf(orderNo)))
    .filter(f => f.type.startsWith('finding.'))
    .map(f => [f.type, f.occurredAt, f.body.type])

test('what a change of the rules leaves as it is passes by no lane; what it changes is decided by one, once', async t => {
  const { world, node, gate } = await gated(t)
  const orders = Array.from({ length: 120 }, (_, i) => `S-${i}`)
  await node.send(orders.map(no => placed(no, START)))
  await node.send([placed('wrong', START), voucher('wrong', START, 1)])
  world.clock.advanceTo(START + 2 * HOUR)
  await drainedOf(node)
  await publish(node, world, renamed, START + 3 * HOUR)
  world.clock.advanceTo(START + 3 * HOUR)
  await drainedOf(node)
  const heads = () => world.rows('select stream, version, clock, wake_at, timer_at from head order by stream')
  const before = await heads()
  gate.shut()
  const swept = sweepOf(node)
  // Only the one that waits for its lane is left.
  await until(() => gate.held > 0)
  assert.deepEqual(await heads(), before)
  gate.open()
  await swept
  await drainedOf(node)
  assert.deepEqual(node.pipeline.ruleWatch.progress?.orders, 121)
  assert.deepEqual(await told(world, 'wrong'), [
    ['finding.raised', START + HOUR + 1, RULE],
    ['finding.cleared', START + 3 * HOUR, RULE],
    ['finding.raised', START + 3 * HOUR, 'wrong_amount'],
  ])
  const other = (rows: readonly object[]) =>
    JSON.stringify(rows.filter(row => !JSON.stringify(row).includes(streamOf('wrong'))))
  assert.equal(other(await heads()), other(before))
})

test('a change that changes nothing is swept while the lanes stand still', async t => {
  const { world, gate, node: first } = await gated(t)
  await first.send([placed('A', START), placed('B', START)])
  await drainedOf(first)
  await inTime(first.pipeline.stop(), 'the first node')
  // Its lanes have nothing in memory: an order that came to one would have to be read there.
  const node = await world.node({ node: 'n3', db: gate.db, with: { wallClock: withoutLooks } })
  await drainedOf(node)
  await publish(node, world, without, START + 1)
  gate.shut()
  world.clock.advanceTo(START + 1)
  await sweepOf(node)
  assert.equal(node.pipeline.ruleWatch.progress?.orders, 2)
  gate.open()
})

test('a message from before the change that is being written when the sweep begins is waited for', async t => {
  const { world, node, gate } = await gated(t)
  await publish(node, world, atOnce(1, RULE), START + 1)
  world.clock.advanceTo(START + 1)
  await sweepOf(node)
  await node.send([placed('A', START + 1)])
  await drainedOf(node)
  await publish(node, world, atOnce(2, 'wrong_amount'), START + 2)
  gate.shut()
  await node.send([voucher('A', START + 1, 1)])
  await until(() => gate.writing > 0)
  world.clock.advanceTo(START + 2)
  const swept = sweepOf(node)
  // Long enough for a sweep that waits for nothing to be over.
  for (let i = 0; i < 50; i++) await world.rows('select count(*) from head')
  assert.equal(node.pipeline.ruleWatch.progress?.endedAt, null)
  gate.open()
  await swept
  await drainedOf(node)
  assert.deepEqual(await told(world, 'A'), [
    ['finding.raised', START + 1, RULE],
    ['finding.cleared', START + 2, RULE],
    ['finding.raised', START + 2, 'wrong_amount'],
  ])
})

test('an order that cannot be read keeps no other from being swept', async t => {
  const { world, node } = await gated(t)
  await node.send([placed('broken', START), placed('wrong', START), voucher('wrong', START, 1)])
  world.clock.advanceTo(START + 2 * HOUR)
  await drainedOf(node)
  const lengthen = (by: number) =>
    world.look.query('update head set version = version + $2 where stream = $1', [streamOf('broken'), by])
  await lengthen(1)
  await publish(node, world, renamed, START + 3 * HOUR)
  world.clock.advanceTo(START + 3 * HOUR)
  await sweepOf(node)
  await drainedOf(node)
  assert.notEqual(node.pipeline.ruleWatch.progress?.endedAt, null)
  assert.equal((await told(world, 'wrong')).length, 3)
  await lengthen(-1)
})

test('a message from before the change that is handled after its sweep: the change is made up for at its instant', async t => {
  const { world, node, gate } = await gated(t, { lanes: 1 })
  await node.send([placed('A', START), placed('B', START)])
  await drainedOf(node)
  await publish(node, world, renamed, START + 2 * HOUR)
  gate.shut()
  await node.send([about('B', 'message.received', START, { text: 'x' })])
  await until(() => gate.writing > 0)
  // Came in time, but its lane is at another order when the sweep begins, and is held before it can write this one.
  await node.send([voucher('A', START, 1)])
  world.clock.advanceTo(START + 3 * HOUR)
  const swept = sweepOf(node)
  gate.openForOne()
  await swept
  assert.notEqual(node.pipeline.ruleWatch.progress?.endedAt, null)
  gate.open()
  await drainedOf(node)
  assert.deepEqual(await told(world, 'A'), [
    ['finding.raised', START + HOUR + 1, RULE],
    ['finding.cleared', START + 2 * HOUR, RULE],
    ['finding.raised', START + 2 * HOUR, 'wrong_amount'],
  ])
  world.clock.advanceTo(START + DAY)
  await drainedOf(node)
})
