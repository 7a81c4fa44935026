import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GROUPS } from '../../src/kernel/bucket.ts'
import { HOUR, SECOND } from '../../src/kernel/instant.ts'
import type { Harness } from '../support/pipeline.ts'
import { gateOf, nodeClock } from './gate.ts'
import { about, openWorld, paid, placed, START, streamOf, until, type World } from './world.ts'

// Nodes of one process on one database. Each has a wall clock of its own, so that one can stand still while the other
// goes on, and its lanes' connections can be held.
/** What nodes log when groups pass from one to the other. */
const PASSING = /given up|lost to another|another follower moved|groups are behind/
const BEAT = 4 * SECOND

async function settled(world: World, facts: number): Promise<void> {
  await until(async () => (await world.rows<{ n: number }>('select count(*) as n from ledger'))[0]!.n >= facts)
  await until(async () => (await world.rows('select 1 from intake')).length === 0)
}

/** Every event once: no cause stands in the ledger twice with the same type. */
async function onceEach(world: World, count: number): Promise<void> {
  const rows = await world.rows<{ n: number; d: number }>(
    `select count(*) as n, count(distinct (stream, type, occurred_at)) as d from ledger where actor = 'feed:shop'`,
  )
  assert.deepEqual(rows, [{ n: count, d: count }])
}

/** As if the node's machine had been frozen for longer than its leases live. */
async function expire(world: World, node: string): Promise<void> {
  await world.look.query('update lease set expires_at = 0 where owner = $1', [node])
  await world.look.query('delete from node where id = $1', [node])
}

const story = (no: string, at: number): object[] => [
  placed(no, at),
  paid(no, at + 1),
  about(no, 'order.approved', at + 2),
  about(no, 'parcel.handed_over', at + 3),
]

async function twoNodes(t: Parameters<typeof openWorld>[1]) {
  const walls = { a: nodeClock(), b: nodeClock() }
  const world = await openWorld({ node: 'a', with: { wallClock: walls.a }, expected: PASSING }, t)
  const b = await world.node({ node: 'b', with: { wallClock: walls.b } })
  const beat = async (which: 'a' | 'b', holds: () => boolean) => {
    walls[which].jump(BEAT)
    await until(holds)
  }
  return { world, b, beat }
}

test('two nodes share the groups, hand rows to each other, and each event takes effect once', async t => {
  const { world, b, beat } = await twoNodes(t)
  const a = world.pipeline
  assert.deepEqual([a.ownedGroups, b.pipeline.ownedGroups], [GROUPS, 0])
  await beat('a', () => a.ownedGroups === GROUPS / 2)
  await beat('b', () => b.pipeline.ownedGroups === GROUPS / 2)
  const nodes: Pick<Harness, 'send'>[] = [world, b]
  const stories = Array.from({ length: 40 }, (_, i) => story(`O-${i}`, START))
  for (let step = 0; step < 4; step++)
    for (const [i, events] of stories.entries()) await nodes[(i + step) % 2]!.send([events[step]!])
  await settled(world, 160)
  await onceEach(world, 160)
  const heads = await world.rows('select distinct version from head')
  assert.deepEqual(heads, [{ version: 4 }])
})

test('groups change hands while messages come: nothing is lost, nothing doubled', async t => {
  const { world, b, beat } = await twoNodes(t)
  const a = world.pipeline
  const stories = Array.from({ length: 30 }, (_, i) => story(`O-${i}`, START))
  const flow = (async () => {
    for (let step = 0; step < 4; step++) for (const events of stories) await b.send([events[step]!])
  })()
  await beat('a', () => a.ownedGroups === GROUPS / 2)
  await beat('b', () => b.pipeline.ownedGroups === GROUPS / 2)
  await a.stop()
  await beat('b', () => b.pipeline.ownedGroups === GROUPS)
  await flow
  await settled(world, 120)
  await onceEach(world, 120)
})

test('a command given to one node is carried out by the other, and its caller gets the outcome', async t => {
  const { world, b, beat } = await twoNodes(t)
  await world.pipeline.stop()
  await beat('b', () => b.pipeline.ownedGroups === GROUPS)
  await b.send([placed('A', START)])
  await settled(world, 1)
  const command = { stream: streamOf('A'), type: 'order.note', body: { text: 'x' }, actor: 'user:anna' }
  const answer = await world.pipeline.submit({ ...command, idempotencyKey: 'k' })
  assert.deepEqual([answer.status, (await world.facts(streamOf('A'))).length], [200, 2])
})

test('a node that was frozen in the middle of a step and wakes up after others took over writes nothing', async t => {
  const walls = { a: nodeClock(), b: nodeClock() }
  const world = await openWorld({ node: 'b', with: { wallClock: walls.b }, expected: PASSING }, t)
  await world.pipeline.stop()
  const gate = gateOf(world)
  const zombie = await world.node({ node: 'a', db: gate.db, with: { wallClock: walls.a } })
  const orders = Array.from({ length: 20 }, (_, i) => `O-${i}`)
  // An hour later each of them is a finding: wakes go over to the new owner as well.
  await zombie.send(orders.flatMap(no => [placed(no, START), paid(no, START, 1)]))
  await zombie.pipeline.drained()
  gate.shut()
  walls.a.freeze()
  world.beforeEnd(() => walls.a.thaw(0))
  await zombie.send(orders.map(no => about(no, 'order.approved', START + 2)))
  await until(() => gate.held > 0)
  await expire(world, 'a')
  const heir = await world.node({ node: 'c', with: { wallClock: walls.b } })
  assert.equal(heir.pipeline.ownedGroups, GROUPS)
  await settled(world, 60)
  world.clock.advanceTo(START + 2 * HOUR)
  await heir.pipeline.drained()
  const before = await world.rows('select * from ledger order by bucket, stream, seq')
  gate.open()
  await until(() => zombie.warnings.some(line => line.includes('given up')))
  walls.a.thaw(10 * BEAT)
  await until(() => zombie.pipeline.ownedGroups === 0)
  assert.deepEqual(await world.rows('select * from ledger order by bucket, stream, seq'), before)
  await onceEach(world, 60)
  const cases = await world.rows(`select type, count(*) as n from case_row group by type`)
  assert.deepEqual(cases, [{ type: 'amount_mismatch', n: 20 }])
})

test('the epoch alone keeps a zombie out: also when its heir has done nothing yet', async t => {
  const world = await openWorld({ expected: PASSING }, t)
  await world.pipeline.stop()
  const [wall, gate, heirs] = [nodeClock(), gateOf(world), gateOf(world)]
  const zombie = await world.node({ node: 'a', db: gate.db, with: { wallClock: wall } })
  await zombie.send([placed('A', START)])
  await zombie.pipeline.drained()
  gate.shut()
  wall.freeze()
  world.beforeEnd(() => wall.thaw(0))
  await zombie.send([about('A', 'order.approved', START + 1)])
  await until(() => gate.held > 0)
  await expire(world, 'a')
  heirs.shut()
  const heir = await world.node({ node: 'b', db: heirs.db })
  assert.equal(heir.pipeline.ownedGroups, GROUPS)
  gate.open()
  await until(() => zombie.warnings.some(line => line.includes('given up')))
  assert.equal((await world.facts(streamOf('A'))).length, 1)
  heirs.open()
  await heir.pipeline.drained()
  await onceEach(world, 2)
  wall.thaw(10 * BEAT)
})

test('a pack that is offered again after it was handled has no effect', async t => {
  const world = await openWorld({ expected: /given up/ }, t)
  const offered: Parameters<typeof world.pipeline.offer>[0][] = []
  const offer = world.pipeline.offer.bind(world.pipeline)
  world.pipeline.offer = packs => {
    offered.push(packs)
    offer(packs)
  }
  await world.tell(...story('A', START), ...story('B', START))
  for (const packs of offered.splice(0)) offer(packs)
  await world.pipeline.drained()
  assert.ok(world.warnings.length > 0)
  await onceEach(world, 8)
  assert.deepEqual(await world.rows('select * from quarantine'), [])
})

for (const what of ['commit', 'answer'] as const)
  test(`a connection that is lost at the commit, its ${what} gone: the step counts once`, async t => {
    const world = await openWorld({ expected: /given up/ }, t)
    await world.pipeline.stop()
    const gate = gateOf(world)
    const node = await world.node({ node: 'n2', lanes: 1, db: gate.db })
    for (let round = 0; round < 4; round++) {
      gate.loseNext(what)
      await node.send(Array.from({ length: 5 }, (_, i) => story(`O-${round}-${i}`, START)).flat())
      await node.pipeline.drained()
    }
    assert.ok(node.warnings.length >= 4)
    await onceEach(world, 80)
    const command = { stream: streamOf('O-0-0'), type: 'order.note', body: { text: 'x' }, actor: 'user:anna' }
    gate.loseNext(what)
    assert.equal((await node.pipeline.submit({ ...command, idempotencyKey: 'k' })).status, 200)
    await node.pipeline.drained()
    const notes = (await world.facts(streamOf('O-0-0'))).filter(f => f.type === 'order.note_added')
    assert.equal(notes.length, 1)
  })

test('a command that nobody takes in time is answered with 202 and carried out later, once', async t => {
  const world = await openWorld({}, t)
  await world.tell(placed('A', START))
  await world.pipeline.stop()
  const command = { stream: streamOf('A'), type: 'order.note', body: { text: 'x' }, actor: 'user:anna' }
  const early = await world.pipeline.submit({ ...command, idempotencyKey: 'k' })
  assert.equal(early.status, 202)
  const next = await world.node({ node: 'n2' })
  await next.pipeline.drained()
  const later = await next.pipeline.submit({ ...command, idempotencyKey: 'k' })
  assert.deepEqual([later.status, later.id], [200, early.id])
  assert.equal((await world.facts(streamOf('A'))).length, 2)
})
