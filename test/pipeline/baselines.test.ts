import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/kernel/instant.ts'
import type { RuleDef } from '../../src/modules/rules/index.ts'
import { KEEP_VERSIONS, learnBaselines, readBaselines, readShapes } from '../../src/pipeline/baselines.ts'
import { RULES_SPREAD } from '../../src/pipeline/spread.ts'
import { about, openWorld, placed, streamOf, type World } from './world.ts'

const NAME = { zh: '停留过久', en: 'Stays too long' }
const rule: RuleDef = {
  ...{ id: 'stays_long', version: 1, stage: 'live', name: NAME, reason: NAME, type: 'stays_long' },
  ...{ severity: 'P2', clears: 'auto', scope: 'order', constants: {}, examples: [] },
  when: 'has(node.p95) && has(node.since) && now - node.since > node.p95',
}

/** Orders of a region that were approved and handed over after so many hours, all of them at once. */
async function history(world: World, prefix: string, region: string, hours: readonly number[]): Promise<void> {
  const at = world.clock.now()
  const shipTo = { shipTo: { country: 'BR', region } }
  await world.send(
    hours.flatMap((h, i) => [
      placed(`${prefix}${i}`, at, shipTo),
      about(`${prefix}${i}`, 'order.approved', at),
      about(`${prefix}${i}`, 'parcel.handed_over', at + h * HOUR),
    ]),
    { historical: true },
  )
  await world.pipeline.drained()
}
async function learn(world: World): Promise<number> {
  const { version } = await learnBaselines(world.db, { now: () => world.clock.now() })
  await world.pipeline.references.refresh(world.db)
  return version
}
async function approved(world: World, no: string, region: string): Promise<number> {
  const at = world.clock.now()
  await world.tell(placed(no, at, { shipTo: { country: 'BR', region } }), about(no, 'order.approved', at))
  return at
}
const raised = async (world: World, no: string) =>
  (await world.facts(streamOf(no))).filter(f => f.type === 'finding.raised')

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

test('stays are learned lane by lane, and a rule that reads them raises at their instant', async t => {
  const world = await openWorld({ with: { rules: [rule] } }, t)
  await history(world, 'sp', 'SP', upTo(100))
  // Too few for a lane of their own.
  await history(world, 'rj', 'RJ', [1000, 1000, 1000])
  assert.equal(await learn(world), 1)
  const [{ baselines } = { baselines: [] }] = world.pipeline.references.baselineVersions
  const lanes = baselines.filter(b => b.node === 'approved')
  assert.deepEqual(
    lanes.map(b => [b.lane, b.samples]),
    [
      ['', 103],
      ['shop', 103],
      ['shop/SP', 100],
    ],
  )
  const sp = lanes.find(b => b.lane === 'shop/SP')!
  for (const [told, exact] of [
    [sp.p50, 50],
    [sp.p90, 90],
    [sp.p99, 99],
  ] as const)
    assert.ok(Math.abs(told / (exact * HOUR) - 1) < 0.03, `${told / HOUR} h is not ${exact} h`)
  const shape = (await readShapes(world.db, 1))['approved\tshop/SP']!
  assert.equal(
    shape.reduce((sum, [, n]) => sum + n, 0),
    100,
  )
  await world.pass(RULES_SPREAD)
  const at = await approved(world, 'A', 'SP')
  const elsewhere = await approved(world, 'B', 'RJ')
  await world.pass(60 * DAY)
  const [finding] = await raised(world, 'A')
  assert.equal(finding?.occurredAt, at + sp.p95 + 1)
  assert.deepEqual(finding?.body.evidence, { 'node.p95': sp.p95, 'node.since': at })
  // A lane with too few is judged by the wider one.
  assert.equal((await raised(world, 'B'))[0]?.occurredAt, elsewhere + lanes[1]!.p95 + 1)
})

test('learning again never moves an alarm that is set; only stays that begin later are judged by it', async t => {
  const world = await openWorld({ with: { rules: [rule] } }, t)
  await history(world, 'a', 'SP', upTo(60))
  // It was in its node before anything was known: there is nothing to judge it by.
  await approved(world, 'early', 'SP')
  await learn(world)
  await world.pass(RULES_SPREAD)
  const at = await approved(world, 'before', 'SP')
  const p95 = (): number =>
    world.pipeline.references.baselineVersions
      .at(-1)!
      .baselines.find(b => b.node === 'approved' && b.lane === 'shop/SP')!.p95
  const first = p95()
  await history(
    world,
    'b',
    'SP',
    upTo(60).map(h => h * 100),
  )
  assert.equal(await learn(world), 2)
  assert.ok(p95() > 10 * first)
  await world.pass(HOUR)
  // What happens to it meanwhile does not take it to the new version either.
  await world.tell(about('before', 'order.note_added', world.clock.now(), { text: 'hello' }))
  const later = await approved(world, 'after', 'SP')
  await world.pass(400 * DAY)
  assert.deepEqual(
    (await raised(world, 'before')).map(f => [f.occurredAt, f.body.evidence]),
    [[at + first + 1, { 'node.p95': first, 'node.since': at }]],
  )
  assert.equal((await raised(world, 'after'))[0]?.occurredAt, later + p95() + 1)
  assert.deepEqual(await raised(world, 'early'), [])
})

test('what took long to learn still comes into force after it was stored', async t => {
  const world = await openWorld({}, t)
  await history(world, 'slow', 'SP', upTo(60))
  const begun = world.clock.now()
  // Each group of orders takes a minute.
  const progress = (): void => world.clock.advanceTo(world.clock.now() + MINUTE)
  await learnBaselines(world.db, { now: () => world.clock.now(), progress })
  await world.pipeline.references.refresh(world.db)
  const [version] = world.pipeline.references.baselineVersions
  assert.equal(version?.activeFrom, world.clock.now() + RULES_SPREAD)
  assert.ok(version.activeFrom > begun + 30 * MINUTE)
})

test('two that learn at once make a version each, and two that read at once have each version once', async t => {
  const world = await openWorld({}, t)
  await history(world, 'both', 'SP', upTo(60))
  const now = (): number => world.clock.now()
  const learned = await Promise.all([1, 2, 3].map(() => learnBaselines(world.db, { now })))
  assert.deepEqual(learned.map(l => l.version).sort(), [1, 2, 3])
  const { references } = world.pipeline
  await Promise.all([1, 2, 3, 4].map(() => references.refresh(world.db)))
  assert.deepEqual(
    references.baselineVersions.map(v => v.version),
    [1, 2, 3],
  )
})

test('nothing learned is no version', async t => {
  const world = await openWorld({}, t)
  assert.equal(await learn(world), 0)
  assert.deepEqual(world.pipeline.references.baselineVersions, [])
})

test('a version goes when it is old and no open order is judged by it', async t => {
  const world = await openWorld({ with: { rules: [rule] } }, t)
  const end = world.clock.now()
  await history(world, 'sp', 'SP', upTo(100))
  const delivered = upTo(100).map(n => about(`sp${n - 1}`, 'parcel.delivered', end + 200 * HOUR))
  await world.send(delivered, { historical: true })
  await world.pipeline.drained()
  const versions = async () => (await readBaselines(world.db)).map(v => v.version)
  // A stay from before the first version is judged by none, and pins none.
  await approved(world, 'before', 'SP')
  await learn(world)
  await world.pass(RULES_SPREAD + DAY)
  await learn(world)
  await world.pass(RULES_SPREAD)
  const at = await approved(world, 'pins', 'SP')
  await world.pass(DAY)
  await learn(world)
  await world.pass(KEEP_VERSIONS - 2 * DAY)
  assert.equal(await learn(world), 4)
  assert.deepEqual(await versions(), [1, 2, 3, 4])
  await world.pass(10 * DAY)
  assert.equal(await learn(world), 5)
  // The second was in force when the order that is still open came to its node.
  assert.deepEqual(await versions(), [2, 3, 4, 5])
  assert.deepEqual(await readShapes(world.db, 1), {})
  const [finding] = await raised(world, 'pins')
  assert.equal((finding?.body.evidence as { 'node.since': number } | undefined)?.['node.since'], at)
  await world.tell(about('pins', 'parcel.delivered', world.clock.now()))
  await world.pass(DAY)
  await learn(world)
  // Those that are not old enough stay: 3 and 4 were followed within the time that back-tests reach back.
  assert.deepEqual(await versions(), [3, 4, 5, 6])
})
