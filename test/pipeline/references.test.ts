import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import type { RuleDef } from '../../src/modules/rules/index.ts'
import { coreRelease } from '../support/pipeline.ts'
import { about, openWorld, placed, START, streamOf, type World } from './world.ts'

const rules = (await coreRelease()).rules
const RULE = 'amount_mismatch'
const changed = (change: (rule: RuleDef) => RuleDef): RuleDef[] =>
  rules.map(rule => (rule.id === RULE ? change(rule) : rule))
/** Waits three hours for further payments instead of one. */
const patient = changed(rule => ({
  ...rule,
  version: 2,
  constants: {
    ...rule.constants,
    paymentSettling: { type: 'dur', value: 3 * HOUR, label: rule.constants.paymentSettling!.label },
  },
}))
const without = rules.filter(rule => rule.id !== RULE)

const versions = (world: World) =>
  world.rows<{ version: number; active_from: number }>(
    "select version, active_from from reference where kind = 'rules' order by version",
  )
const told = async (world: World, orderNo: string) =>
  (await world.facts(streamOf(orderNo)))
    .filter(f => f.type.startsWith('finding.'))
    .map(f => [f.type, f.occurredAt, f.body.version])
const wrong = (world: World, orderNo: string) => {
  const at = world.clock.now()
  // A method that no other rule waits for.
  const payment = about(orderNo, 'payment.received', at, { amount: 1, currency: 'CNY', method: 'voucher' })
  return world.tell(placed(orderNo, at), payment)
}
const change = async (world: World, to: readonly RuleDef[], from: number) => {
  await world.pipeline.references.publish(world.db, to, from)
  await world.pipeline.references.refresh(world.db)
}

test('the first rules hold for all of history, and the same rules again are no new version', async t => {
  const world = await openWorld({}, t)
  assert.deepEqual(await versions(world), [{ version: 1, active_from: 0 }])
  await world.pipeline.stop()
  await world.node({ node: 'n2' })
  assert.equal((await versions(world)).length, 1)
})

test('a node with other rules makes a version of them, in force from then on', async t => {
  const world = await openWorld({}, t)
  await world.pass(DAY)
  await world.pipeline.stop()
  await world.node({ node: 'n2', with: { rules: patient } })
  assert.deepEqual(await versions(world), [
    { version: 1, active_from: 0 },
    { version: 2, active_from: START + DAY },
  ])
})

test('a look that finds nothing new is one statement, and one that does reads it', async t => {
  const world = await openWorld({}, t)
  const { references } = world.pipeline
  let asked = 0
  const counted = {
    query: (...given: Parameters<typeof world.db.query>) => {
      asked++
      return world.db.query(...given)
    },
  } as typeof world.db
  await references.refresh(counted)
  assert.equal(asked, 1)
  await references.publish(world.db, patient, world.clock.now() + HOUR)
  await references.refresh(counted)
  assert.equal(references.rules.at(-1)?.activeFrom, world.clock.now() + HOUR)
  asked = 0
  await references.refresh(counted)
  assert.equal(asked, 1)
})

test('a new version decides from its instant on, not earlier; facts say which version it was', async t => {
  const world = await openWorld({}, t)
  await change(world, patient, START + DAY)
  await wrong(world, 'before')
  await world.pass(DAY - HOUR / 2)
  await wrong(world, 'across')
  await world.pass(HOUR / 2)
  await wrong(world, 'after')
  await world.pass(DAY)
  assert.deepEqual(await told(world, 'before'), [['finding.raised', START + HOUR + 1, 1]])
  // Its wake was set by the old version and comes an hour after; the new one is asked then and sets the later one.
  assert.deepEqual(await told(world, 'across'), [['finding.raised', START + DAY + 2.5 * HOUR + 1, 2]])
  assert.deepEqual(await told(world, 'after'), [['finding.raised', START + DAY + 3 * HOUR + 1, 2]])
})

test('late is as punctual across a change of the rules', async t => {
  const late = await openWorld({}, t)
  const punctual = await openWorld({}, t)
  for (const world of [late, punctual]) {
    await change(world, patient, START + DAY)
    await wrong(world, 'A')
    world.clock.advanceTo(START + DAY - HOUR / 2)
    await wrong(world, 'B')
  }
  for (let i = 0; i < 40; i++) await punctual.pass(HOUR / 2)
  await late.pass(20 * HOUR)
  for (const order of ['A', 'B']) assert.deepEqual(await told(late, order), await told(punctual, order))
})

test('open orders are reconsidered when a new version comes into force: what it does not know is cleared', async t => {
  const world = await openWorld({}, t)
  await wrong(world, 'A')
  await world.pass(2 * HOUR)
  const raised = ['finding.raised', START + HOUR + 1, 1]
  assert.deepEqual(await told(world, 'A'), [raised])
  await change(world, without, START + DAY)
  await world.pipeline.ruleWatch.sweep()
  await world.pipeline.drained()
  assert.deepEqual(await told(world, 'A'), [raised])
  await world.pass(DAY)
  await world.pipeline.ruleWatch.sweep()
  await world.pipeline.drained()
  // At the instant of the change, however late the sweep.
  assert.deepEqual(await told(world, 'A'), [raised, ['finding.cleared', START + DAY, 1]])
  assert.deepEqual(await world.rows('select type, status from case_row'), [{ type: RULE, status: 'cleared' }])
})

test('two nodes that publish at once make one version', async t => {
  const world = await openWorld({}, t)
  await Promise.all([1, 2, 3].map(() => world.pipeline.references.publish(world.db, patient, START + DAY)))
  assert.equal((await versions(world)).length, 2)
})

test('what happens to an order between a change and its sweep does not hide the change', async t => {
  const world = await openWorld({}, t)
  await wrong(world, 'A')
  await world.pass(2 * HOUR)
  await change(world, without, START + DAY)
  await world.pass(DAY)
  await world.tell(about('A', 'order.note_added', world.clock.now(), { text: 'later' }))
  const before = await told(world, 'A')
  assert.deepEqual(before.at(-1), ['finding.cleared', START + DAY, 1])
  await world.pipeline.ruleWatch.sweep()
  assert.deepEqual(await told(world, 'A'), before)
  // Swept once: what stands is not looked at again.
  assert.equal(world.pipeline.ruleWatch.progress?.groupsDone, 32)
  await world.pipeline.ruleWatch.sweep()
  assert.equal(world.pipeline.ruleWatch.progress?.endedAt !== null, true)
})

test('history that is imported after a change is decided by what stood at each of its instants', async t => {
  const world = await openWorld({}, t)
  await world.pass(3 * DAY)
  await change(world, patient, START + 2 * DAY)
  await world.pipeline.ruleWatch.sweep()
  const at = START + 2 * DAY - 2 * HOUR
  const payment = about('A', 'payment.received', at, { amount: 1, currency: 'CNY', method: 'voucher' })
  await world.send([placed('A', at), payment], { historical: true })
  await world.pipeline.drained()
  // Two hours before the change by its first version; held by the second until three hours had passed.
  assert.deepEqual(await told(world, 'A'), [
    ['finding.raised', at + HOUR + 1, 1],
    ['finding.cleared', START + 2 * DAY, 1],
    ['finding.raised', at + 3 * HOUR + 1, 2],
  ])
})
