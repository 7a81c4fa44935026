import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shipped } from '../../src/app/compose.ts'
import { DAY, HOUR, MINUTE } from '../../src/kernel/instant.ts'
import { caseIdOf } from '../../src/modules/cases/index.ts'
import { KEEPS_MOST, SETTLING } from '../../src/modules/channels/index.ts'
import type { RuleDef } from '../../src/modules/rules/index.ts'
import { Beats } from '../../src/pipeline/beats.ts'
import { keptBack } from '../../src/pipeline/feed-shelf.ts'
import { about, feedOf, message, openWorld, placed, START, streamOf, until, type World } from './world.ts'

const { calendars } = await shipped()
const NAME = { zh: '规则', en: 'Rule' }
const base = { version: 1, stage: 'live', name: NAME, reason: NAME, severity: 'P2', clears: 'auto' } as const
const rule = (id: string, when: string): RuleDef => ({
  ...{ ...base, id, type: id, when, scope: 'order', constants: {}, examples: [] },
})
/** Concluded from the silence of a carrier; from that of the shop; and from no silence at all. */
const rules = [
  rule('no_scan', 'has(order.handedOverAt) && !has(order.deliveredAt) && now - order.handedOverAt > hours(5)'),
  rule('not_paid', '!has(order.paidAt) && has(order.placedAt) && now - order.placedAt > hours(5)'),
  rule('big', 'order.orderTotal > minor(100000)'),
]

const open = (t: Parameters<typeof openWorld>[1]) =>
  openWorld({ with: { rules, calendars, heartbeats: new Beats() } }, t)
const carried = (no: string, type: string, at: number): object =>
  message(type, at, { ref: { channel: 'shop', orderNo: no } }, { source: '/carriers/express' })

/** Eight days in which the shop and the carrier say something every half hour. */
async function learn(world: World): Promise<void> {
  await world.tell(placed('L', world.clock.now()))
  for (let at = START; at < START + 8 * DAY; at += 30 * MINUTE) {
    world.clock.advanceTo(at)
    await world.send([about('L', 'order.note_added', at, { text: 'x' }), carried('L', 'parcel.in_transit', at)])
  }
  await world.pipeline.drained()
  await world.pipeline.ruleWatch.feedsMoved()
}
const shop = (world: World) => world.tell(about('L', 'order.note_added', world.clock.now(), { text: 'x' }))
/** Time passes and the shop goes on. */
async function pass(world: World, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 30 * MINUTE) {
    await world.pass(Math.min(left, 30 * MINUTE))
    await shop(world)
  }
}
const told = async (world: World, stream: string, ...types: string[]) =>
  (await world.facts(stream)).filter(f => types.includes(f.type)).map(f => [f.type, f.body.rule, f.occurredAt])
const FINDINGS = ['finding.raised', 'finding.cleared', 'finding.inhibited', 'finding.lapsed']
const findings = (world: World, no: string) => told(world, streamOf(no), ...FINDINGS)

test('a feed that falls silent is a case of its own, at the instant of its own rhythm', async t => {
  const world = await open(t)
  await learn(world)
  const last = START + 8 * DAY - 30 * MINUTE
  await world.pass(10 * DAY)
  const [raised, ...more] = await told(world, feedOf('express'), 'finding.raised')
  assert.deepEqual(more, [])
  const after = Number(raised![2]) - last
  assert.ok(after >= HOUR && after <= 4 * HOUR, `${after / MINUTE} min after its last word`)
  assert.equal(raised![1], 'feed_silent')
  const cases = await world.rows<{ type: string; status: string }>(
    "select type, status from case_row where type = 'feed_silent'",
  )
  assert.deepEqual(cases, [
    { type: 'feed_silent', status: 'open' },
    { type: 'feed_silent', status: 'open' },
  ])
})

test('what depends on a silent feed is kept back, the rest is not; on return it is looked at before it is said', async t => {
  const world = await open(t)
  await learn(world)
  const at = world.clock.now()
  const large = { lines: [{ sku: 'A', qty: 1, price: 200_000 }] }
  await world.tell(placed('A', at, large), carried('A', 'parcel.handed_over', at))
  await world.tell(placed('B', at), carried('B', 'parcel.handed_over', at))
  // The carrier says nothing more; the shop goes on.
  await pass(world, 8 * HOUR)
  const [silent] = await told(world, feedOf('express'), 'finding.raised')
  assert.ok(Number(silent![2]) < at + 5 * HOUR)
  const quiet = [
    ['finding.inhibited', 'no_scan', at + 5 * HOUR + 1],
    ['finding.raised', 'not_paid', at + 5 * HOUR + 1],
  ]
  assert.deepEqual(await findings(world, 'A'), [['finding.raised', 'big', at], ...quiet])
  assert.deepEqual(await findings(world, 'B'), quiet)
  assert.deepEqual(await world.rows("select * from case_row where type = 'no_scan' and order_no <> 'L'"), [])

  // It comes back with what it had held up: one of the two was delivered meanwhile.
  const back = world.clock.now()
  await world.tell(carried('B', 'parcel.delivered', back - HOUR))
  assert.deepEqual((await findings(world, 'B')).at(-1), ['finding.lapsed', 'no_scan', back])
  await world.pass(SETTLING - 1)
  assert.deepEqual(await world.rows("select * from case_row where type = 'no_scan' and order_no <> 'L'"), [])
  await world.pass(1)
  await until(async () => (await findings(world, 'A')).length === 4)
  assert.deepEqual((await findings(world, 'A')).at(-1), ['finding.raised', 'no_scan', back + SETTLING])
  assert.deepEqual(await told(world, feedOf('express'), 'finding.cleared'), [
    ['finding.cleared', 'feed_silent', back + SETTLING],
  ])
  assert.deepEqual(await world.rows("select stream from part where kind = 'inhibited'"), [])
  assert.equal(
    (await world.rows("select * from case_row where type = 'no_scan' and order_no <> 'L' and status = 'open'")).length,
    1,
  )
})

test('a shop that is silent keeps back only what concerns its own orders', async t => {
  const world = await open(t)
  await learn(world)
  const at = world.clock.now()
  const other = { source: '/channels/other' }
  await world.tell(
    placed('C', at),
    message(
      'order.placed',
      at,
      { ref: { orderNo: 'D' }, currency: 'CNY', lines: [{ sku: 'A', qty: 1, price: 1 }] },
      other,
    ),
  )
  await world.pass(6 * HOUR)
  assert.deepEqual(await findings(world, 'C'), [['finding.inhibited', 'not_paid', at + 5 * HOUR + 1]])
  const d = await world.rows<{ stream: string }>("select stream from order_row where channel = 'other'")
  assert.deepEqual(await told(world, d[0]!.stream, ...FINDINGS), [['finding.raised', 'not_paid', at + 5 * HOUR + 1]])
})

test('without heartbeats nothing is listened for', async t => {
  const world = await openWorld({ with: { rules, calendars } }, t)
  await world.tell(placed('E', START))
  await world.pass(30 * DAY)
  assert.deepEqual(await world.facts(feedOf('shop')), [])
})

/** An order that the carrier handed over, and one that it never spoke of; then the carrier is gone. */
async function silenced(world: World): Promise<number> {
  await learn(world)
  const at = world.clock.now()
  await world.tell(placed('F', at), carried('F', 'parcel.handed_over', at))
  await world.tell(placed('G', at), about('G', 'parcel.handed_over', at))
  await pass(world, 6 * HOUR)
  return at
}
const late = async (world: World, no: string) => (await findings(world, no)).filter(f => f[1] === 'no_scan')

test('a carrier keeps back only what it spoke of, and not for ever', async t => {
  const world = await open(t)
  const at = await silenced(world)
  assert.deepEqual(await late(world, 'F'), [['finding.inhibited', 'no_scan', at + 5 * HOUR + 1]])
  assert.deepEqual(await late(world, 'G'), [['finding.raised', 'no_scan', at + 5 * HOUR + 1]])
  await world.pass(KEEPS_MOST)
  await world.pipeline.ruleWatch.feedsMoved()
  await world.pipeline.drained()
  assert.deepEqual(
    (await late(world, 'F')).map(f => f[0]),
    ['finding.inhibited', 'finding.raised'],
  )
})

test('closing the case of a silence ends what is kept back for it', async t => {
  const world = await open(t)
  await silenced(world)
  const stream = feedOf('express')
  const override = { reason: 'the carrier is gone' }
  const body = { case: caseIdOf(stream, 'feed_silent', ''), cause: 'carrier', result: 'contract ended', override }
  const command = { stream, type: 'case.close', body, actor: 'user:anna', idempotencyKey: 'k1' }
  assert.equal((await world.pipeline.submit(command)).status, 200)
  await until(async () => (await late(world, 'F')).length === 2)
  assert.deepEqual(
    (await late(world, 'F')).map(f => f[0]),
    ['finding.inhibited', 'finding.raised'],
  )
})

test('after an outage of our own no feed is silent for what we did not hear; what it held up is waited for', async t => {
  const world = await open(t)
  await learn(world)
  const at = world.clock.now()
  await world.tell(placed('F', at), carried('F', 'parcel.handed_over', at))
  await world.pipeline.stop()
  // Its limit of five hours passes while nobody is there.
  const back = at + 6 * HOUR
  world.clock.advanceTo(back)
  const node = await world.node({ node: 'n2' })
  await node.pipeline.drained()
  for (const feed of ['shop', 'express']) assert.deepEqual(await told(world, feedOf(feed), 'finding.raised'), [])
  assert.deepEqual(await world.rows("select type from case_row where type = 'feed_silent'"), [])
  const late = async () => (await findings(world, 'F')).filter(f => f[1] === 'no_scan')
  assert.deepEqual(await late(), [['finding.inhibited', 'no_scan', at + 5 * HOUR + 1]])
  // What it had held up comes with its first words: nothing was late.
  await node.send([carried('F', 'parcel.delivered', at + HOUR), about('L', 'order.note_added', back, { text: 'x' })])
  await node.pipeline.drained()
  world.clock.advanceTo(back + SETTLING)
  await node.pipeline.ruleWatch.feedsMoved()
  await node.pipeline.drained()
  assert.deepEqual(
    (await late()).map(f => f[0]),
    ['finding.inhibited', 'finding.lapsed'],
  )
  // A feed that says nothing from then on is silent, by the time since.
  world.clock.advanceTo(back + DAY)
  await node.pipeline.drained()
  const [[, , silent]] = (await told(world, feedOf('express'), 'finding.raised')) as [[string, string, number]]
  assert.ok(silent > back + HOUR && silent < back + 4 * HOUR, `${(silent - back) / HOUR} h`)
})

test('a process that died is missed from its last sign of life on', async t => {
  const world = await open(t)
  await learn(world)
  const at = world.clock.now()
  await world.pipeline.stop()
  await world.rows("delete from world where name = 'left_at'")
  await world.rows("insert into node (id, seen_at) values ('dead', $1)", [at])
  world.clock.advanceTo(at + 6 * HOUR)
  const node = await world.node({ node: 'n2' })
  await node.pipeline.drained()
  const heard = (await world.facts(feedOf('express'))).filter(f => f.type === 'feed.unheard').map(f => f.body)
  assert.deepEqual(heard, [{ feed: 'express', from: at, until: at + 6 * HOUR }])
  assert.deepEqual(await told(world, feedOf('express'), 'finding.raised'), [])
})

test('a message that is sent again is a sign of life', async t => {
  const world = await open(t)
  const same = placed('H', START)
  await world.tell(same)
  for (const minutes of [5, 10]) {
    world.clock.advanceTo(START + minutes * MINUTE)
    await world.tell(same)
  }
  const heard = (await world.facts(feedOf('shop'))).filter(f => f.type === 'feed.heard').map(f => f.occurredAt)
  assert.deepEqual(heard, [START, START + 5 * MINUTE, START + 10 * MINUTE])
})

test('an order that two feeds keep back is found under both, also at the end of a page', async t => {
  const world = await openWorld({ with: { rules, calendars } }, t)
  await world.rows(
    "insert into part (bucket, stream, kind, part, body) select 7, 'o-' || n / 2, 'inhibited', 'f' || n % 2, '{}' from generate_series(1, 700) as n",
  )
  const seen: string[] = []
  for await (const page of keptBack(world.db, [7])) seen.push(...page.map(row => `${row.stream} ${row.feed}`))
  assert.equal(new Set(seen).size, 700)
  await world.rows("delete from part where kind = 'inhibited'")
})

test('looks for what is kept back that are asked for together are one', async t => {
  const world = await open(t)
  const asked: string[] = []
  world.db.onQuery(text => void asked.push(text))
  const { ruleWatch } = world.pipeline
  await Promise.all(Array.from({ length: 20 }, () => ruleWatch.feedsMoved()))
  const looks = asked.filter(text => text.includes("kind = 'inhibited'")).length
  assert.ok(looks >= 1 && looks <= 3, `${looks} statements`)
})
