import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import type { RuleDef } from '../../src/modules/rules/index.ts'
import { coreRelease, type Harness } from '../support/pipeline.ts'
import { gateOf } from './gate.ts'
import { about, openWorld, placed, START, streamOf, until, type World } from './world.ts'

// A change of the rules over open orders: what it does not change is looked at beside the lanes, which do not notice.

const rules = (await coreRelease()).rules
const RULE = 'amount_mismatch'
const without = rules.filter(rule => rule.id !== RULE)
/** It clears and raises what was found under the old name. */
const renamed: RuleDef[] = rules.map(rule => (rule.id === RULE ? { ...rule, version: 2, type: 'wrong_amount' } : rule))

/** A world whose lanes can be held. */
async function gated(
  t: Parameters<typeof openWorld>[1],
): Promise<{ world: World; node: Harness; gate: ReturnType<typeof gateOf> }> {
  const world = await openWorld({}, t)
  await world.pipeline.stop()
  const gate = gateOf(world.db)
  return { world, gate, node: await world.node({ node: 'n2', db: gate.db }) }
}

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
  await node.pipeline.drained()
  await publish(node, world, renamed, START + 3 * HOUR)
  world.clock.advanceTo(START + 3 * HOUR)
  await node.pipeline.drained()
  const heads = () => world.rows('select stream, version, clock, wake_at, timer_at from head order by stream')
  const before = await heads()
  gate.shut()
  const swept = node.pipeline.ruleWatch.sweep()
  // Only the one that waits for its lane is left.
  await until(() => gate.held > 0)
  assert.deepEqual(await heads(), before)
  gate.open()
  await swept
  await node.pipeline.drained()
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
  const { world, node, gate } = await gated(t)
  await node.send([placed('A', START), placed('B', START)])
  await node.pipeline.drained()
  await publish(node, world, without, START + 1)
  gate.shut()
  world.clock.advanceTo(START + 1)
  await node.pipeline.ruleWatch.sweep()
  assert.equal(node.pipeline.ruleWatch.progress?.orders, 2)
  gate.open()
})

test('a message from before the change that is handled after its sweep: the change is made up for at its instant', async t => {
  const { world, node, gate } = await gated(t)
  await node.send([placed('A', START)])
  await node.pipeline.drained()
  await publish(node, world, renamed, START + 2 * HOUR)
  gate.shut()
  // Came in time, but its lane does not get to it.
  await node.send([voucher('A', START, 1)])
  await until(() => gate.held > 0)
  world.clock.advanceTo(START + 3 * HOUR)
  await node.pipeline.ruleWatch.sweep()
  assert.equal(node.pipeline.ruleWatch.progress?.endedAt !== null, true)
  gate.open()
  await node.pipeline.drained()
  assert.deepEqual(await told(world, 'A'), [
    ['finding.raised', START + HOUR + 1, RULE],
    ['finding.cleared', START + 2 * HOUR, RULE],
    ['finding.raised', START + 2 * HOUR, 'wrong_amount'],
  ])
  world.clock.advanceTo(START + DAY)
  await node.pipeline.drained()
})
