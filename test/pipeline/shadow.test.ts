import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shipped } from '../../src/app/compose.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { bodyOf, moveRules, type RuleBody, readVersions, saveDraft } from '../../src/modules/rules/index.ts'
import { rebuildReadRows } from '../../src/pipeline/rebuild.ts'
import { followed } from '../support/followed.ts'
import { loadDeps, openWorld, paid, placed, START, streamOf, until, type World } from './world.ts'

const { rules } = await shipped()
const live = rules.find(rule => rule.id === 'amount_mismatch')!

const limit = { type: 'dur', value: HOUR / 2, label: { zh: '半小时', en: 'Half an hour' } } as const
/** Waits for half an hour instead of one. */
const QUICKER: RuleBody = { ...bodyOf(live), constants: { ...live.constants, paymentSettling: limit } }

/** Runs a text beside the live one, as the next version of the rule. */
async function shadow(world: World, from: number, body = QUICKER): Promise<number> {
  const seen = (await readVersions(world.db, live.id)).at(-1)!.hash
  const asked = { rule: live.id, body, by: 'user:anna', reason: 'quicker', at: world.clock.now(), seen }
  const { version } = await saveDraft(world.db, asked)
  await move(world, version, 'shadow', from)
  return version
}
async function move(world: World, version: number, to: 'shadow' | 'live' | 'draft', from: number): Promise<void> {
  const moves = [{ rule: live.id, version, to }]
  await moveRules(world.db, { moves, by: 'user:anna', reason: 'x', at: world.clock.now(), activeFrom: from })
  await world.pipeline.references.refresh(world.db)
}
const wrong = (world: World, no: string) => world.tell(placed(no, world.clock.now()), paid(no, world.clock.now(), 1))
const told = async (world: World, no: string) =>
  (await world.facts(streamOf(no)))
    .filter(f => f.type.startsWith('finding.') || f.type.startsWith('shadow.') || f.type.startsWith('case.'))
    .filter(f => f.body.rule === live.id)
    .map(f => [f.type, f.occurredAt - START, f.body.version])
const caughtUp = (world: World) => followed(world.db)
const listed = async (world: World) => {
  await caughtUp(world)
  return world.rows(`select stream, rule, rule_version, raised_at - ${START} as raised_at, cleared_at - ${START} as cleared_at
    from shadow_row order by raised_at, stream`)
}

test('a version in shadow says what it would have found at its own instants, and opens no case', async t => {
  const world = await openWorld({}, t)
  const version = await shadow(world, START + 1)
  await world.pass(HOUR)
  await wrong(world, 'A')
  await world.pass(HOUR / 2 + 1)
  assert.deepEqual(await told(world, 'A'), [['shadow.raised', 1.5 * HOUR + 1, version]])
  assert.deepEqual(await world.rows('select * from case_row'), [])
  await world.pass(HOUR)
  // The live version raises at its hour, and only that opens a case.
  assert.deepEqual(await told(world, 'A'), [
    ['shadow.raised', 1.5 * HOUR + 1, version],
    ['finding.raised', 2 * HOUR + 1, 1],
    ['case.opened', 2 * HOUR + 1, 1],
  ])
  assert.deepEqual(await world.rows('select rule_version, status from case_row'), [{ rule_version: 1, status: 'open' }])
  assert.deepEqual(await world.rows('select * from outbox'), [])
  await world.tell(paid('A', world.clock.now(), 1999))
  const [raised] = await listed(world)
  assert.deepEqual(raised, {
    ...{ stream: streamOf('A'), rule: live.id, rule_version: version },
    ...{ raised_at: 1.5 * HOUR + 1, cleared_at: 2.5 * HOUR + 1 },
  })
  await world.pipeline.stop()
  await rebuildReadRows(world.db, loadDeps())
  await world.node({ node: 'n2' })
  await until(async () => (await world.rows('select * from shadow_row')).length === 1)
  assert.deepEqual(await listed(world), [raised])
})

test('open orders are looked at when a shadow begins and when it ends; live, its findings are its own', async t => {
  const world = await openWorld({}, t)
  await wrong(world, 'A')
  await world.pass(3 * HOUR)
  const version = await shadow(world, START + DAY)
  await world.pass(DAY)
  await world.pipeline.ruleWatch.sweep()
  assert.deepEqual((await told(world, 'A')).at(-1), ['shadow.raised', DAY, version])
  await move(world, version, 'live', START + 2 * DAY)
  await world.pass(DAY)
  await world.pipeline.ruleWatch.sweep()
  // The finding goes on, the shadow of it ends; nothing is opened twice.
  assert.deepEqual((await told(world, 'A')).slice(-2), [
    ['shadow.raised', DAY, version],
    ['shadow.cleared', 2 * DAY, version],
  ])
  assert.equal((await world.rows(`select * from case_row where rule = '${live.id}'`)).length, 1)
})

test('the next version in shadow is watched for itself', async t => {
  const world = await openWorld({}, t)
  await wrong(world, 'A')
  const first = await shadow(world, START + 2 * HOUR)
  await world.pass(3 * HOUR)
  await world.pipeline.ruleWatch.sweep()
  const second = await shadow(world, START + 5 * HOUR, { ...QUICKER, severity: 'P1' })
  await world.pass(3 * HOUR)
  await world.pipeline.ruleWatch.sweep()
  assert.deepEqual(
    (await told(world, 'A')).filter(([type]) => String(type).startsWith('shadow.')),
    [
      ['shadow.raised', 2 * HOUR, first],
      ['shadow.cleared', 5 * HOUR, first],
      ['shadow.raised', 5 * HOUR, second],
    ],
  )
  await move(world, second, 'draft', START + 7 * HOUR)
  await world.pass(3 * HOUR)
  await world.pipeline.ruleWatch.sweep()
  assert.deepEqual((await told(world, 'A')).at(-1), ['shadow.cleared', 7 * HOUR, second])
})
