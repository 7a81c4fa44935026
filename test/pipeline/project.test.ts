import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketOf, groupOf, homeBucketOf } from '../../src/kernel/bucket.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { apply, storyOf } from '../../src/pipeline/backtest/story.ts'
import { storyIn } from '../../src/pipeline/backtest/story-text.ts'
import { followersBehind, ledgerEnds } from '../../src/pipeline/queries/waiting.ts'
import { orderFold } from '../../src/pipeline/reactors.ts'
import { queryTokens } from '../../src/pipeline/search.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { followed } from '../support/followed.ts'
import { type Harness, TEST_MASTER } from '../support/pipeline.ts'
import { about, impossible, openWorld, paid, placed, START, streamOf, until, type World } from './world.ts'

const caughtUp = (node: Pick<Harness, 'db'>) => followed(node.db)

interface Cell {
  day: number
  measure: string
  dimension: string
  n: number
}

const rollups = (world: World) =>
  world.rows<Cell>(
    `select day, measure, dimension, sum(n)::bigint as n from rollup_day group by 1, 2, 3 order by day, measure, dimension`,
  )

/** What the roll-ups must be, counted in the ledger. */
const counted = (world: World) =>
  world.rows<Cell>(`
    select (occurred_at / ${DAY})::integer as day, type as measure,
      coalesce(case when type like 'case.%' then body ->> 'type' when type like 'finding.%' then body ->> 'rule' end, '') as dimension,
      count(*) as n
    from ledger
    where type like 'case.%' and type <> 'case.noted' or type like 'finding.%'
      or type = 'order.placed' and seq = (select min(seq) from ledger l where l.stream = ledger.stream and l.type = 'order.placed')
    group by 1, 2, 3 order by day, measure, dimension`)

/** The follower stands behind the last row of every group. */
async function nothingLeft(world: World): Promise<void> {
  const rows = await world.rows(
    `select p.bucket, p.next_pos - 1 as last, coalesce(f.pos, 0) as read from position p
     left join follower f on f.bucket = p.bucket and f.name = 'project' where coalesce(f.pos, 0) <> p.next_pos - 1`,
  )
  assert.deepEqual(rows, [])
}

/** Orders with findings, cases and ends, some of them twice placed or with their messages in disorder. */
async function live(node: Pick<Harness, 'send' | 'pipeline' | 'clock'>, prefix: string, count = 12): Promise<void> {
  for (let i = 0; i < count; i++) {
    const [no, at] = [`${prefix}-${i}`, node.clock.now()]
    const parts = [placed(no, at), paid(no, at, i % 3 === 0 ? 1 : 2000), ...(i % 4 === 0 ? impossible(no, at) : [])]
    await node.send(i % 2 === 0 ? parts : parts.toReversed())
    if (i % 5 === 0) await node.send([about(no, 'order.cancelled', at)])
    if (i % 5 === 1) await node.send([about(no, 'parcel.delivered', at + HOUR)])
    node.clock.advanceTo(at + HOUR / 2)
  }
  await node.pipeline.drained()
}

test('roll-ups are what one counts in the ledger, each fact once, through restarts in between', async t => {
  const world = await openWorld({ lanes: 3 }, t)
  await live(world, 'A')
  // In the middle of its work, caught up or not.
  await world.pipeline.stop()
  for (let n = 2; n < 5; n++) {
    const node = await world.node({ node: `n${n}`, lanes: n })
    await live(node, `${n}`)
    if (n < 4) await node.pipeline.stop()
    else await caughtUp(node)
  }
  await nothingLeft(world)
  const cells = await rollups(world)
  assert.ok(cells.reduce((sum, c) => sum + c.n, 0) > 48 + 20)
  assert.deepEqual(cells, await counted(world))
})

test('an order is counted once, whatever comes before it and however often it is placed', async t => {
  const world = await openWorld({}, t)
  await world.tell(paid('A', START), placed('A', START))
  await world.tell(placed('A', START))
  await world.tell(paid('B', START))
  await world.tell(placed('B', START))
  await caughtUp(world)
  assert.deepEqual(await rollups(world), [{ day: START / DAY, measure: 'order.placed', dimension: '', n: 2 }])
})

test('orders are found by number, code, place and person; a person only by those who can compute the token', async t => {
  const world = await openWorld({}, t)
  const customer = { name: '欧阳千寻', phone: '13912345678' }
  await world.tell(placed('NO-77', START, { customer, shipTo: { city: '上海市', country: 'CN' } }), placed('B', START))
  await world.tell(about('NO-77', 'parcel.handed_over', START, { ref: { orderNo: 'NO-77', trackingNo: 'SF 123' } }))
  await caughtUp(world)
  const sealer = new Sealer(TEST_MASTER)
  const blind = (text: string) => `~${sealer.blind('search', text).toString('base64url')}`
  const found = async (query: string, tokens = { blind }) => {
    const hits = new Set<string>()
    for (const grams of queryTokens(query, tokens).filter(reading => reading.length > 0))
      for (const row of await world.rows<{ stream: string }>('select stream from search_row where grams @> $1', [
        grams,
      ]))
        hits.add(row.stream)
    return [...hits]
  }
  for (const query of ['no-77', ' NO-77 ', 'SF123', '上海', '海', '13912345678', '欧阳千寻'])
    assert.deepEqual(await found(query), [streamOf('NO-77')], query)
  for (const query of ['no-78', '北京', '欧阳', '1391234567']) assert.deepEqual(await found(query), [], query)
  const stranger = new Sealer(Buffer.alloc(32, 9))
  const guess = (text: string) => `~${stranger.blind('search', text).toString('base64url')}`
  assert.deepEqual(await found('13912345678', { blind: guess }), [])
})

test('an order that ended has one story: what rules could read of it and when; what comes later joins it, a restart changes nothing', async t => {
  const world = await openWorld({}, t)
  const stories = () => world.rows<{ stream: string; version: number; body: Buffer }>('select * from story')
  await world.tell(placed('A', START), placed('B', START), paid('A', START))
  await caughtUp(world)
  assert.deepEqual(await stories(), [])
  await world.tell(about('A', 'parcel.delivered', START + HOUR, { signedBy: '冯婆婆' }))
  await caughtUp(world)
  const [story, ...more] = await stories()
  assert.deepEqual([story!.stream, story!.version, more.length], [streamOf('A'), 3, 0])
  const told = storyIn(story!.body.toString())
  const facts = (await world.facts(streamOf('A'))).filter(f => f.seq <= 3)
  assert.deepEqual(told, storyOf(facts, orderFold))
  const values = {}
  for (const frame of told.f) apply(values, frame)
  assert.deepEqual(values, orderFold.values(facts.reduce(orderFold.evolve, orderFold.initial)))
  assert.ok(!story!.body.toString().includes('冯婆婆'))
  await world.pipeline.stop()
  const next = await world.node({ node: 'n2' })
  await caughtUp(next)
  assert.deepEqual(await stories(), [story])
  // What is said after the end belongs to it.
  await next.send([about('A', 'order.note_added', START + 2 * HOUR, { text: 'thanks' })])
  await next.pipeline.drained()
  await caughtUp(next)
  assert.deepEqual(
    (await stories()).map(s => s.version),
    [4],
  )
})

test('a story that an earlier release told is told anew', async t => {
  const world = await openWorld({}, t)
  await world.tell(placed('A', START), about('A', 'parcel.delivered', START + HOUR))
  await caughtUp(world)
  const [story] = await world.rows<{ form: number; body: Buffer }>('select * from story')
  await world.pipeline.stop()
  await world.look.query(`update story set form = 1, body = 'old'`)
  const next = await world.node({ node: 'n2' })
  await until(async () => (await world.rows<{ form: number }>('select form from story'))[0]!.form !== 1)
  assert.deepEqual(await world.rows('select * from story'), [story])
  await next.pipeline.drained()
})

test('a follower that failed takes up again where it stood: nothing is missed, nothing counted twice', async t => {
  const world = await openWorld({ expected: /the follower fell back/ }, t)
  await live(world, 'A', 6)
  await caughtUp(world)
  await world.look.query('alter table rollup_day rename to away')
  await live(world, 'B', 6)
  await until(() => world.warnings.length > 0)
  // Whoever waits for the follower must not be told that it is done.
  await assert.rejects(followed(world.db, 200))
  await world.look.query('alter table away rename to rollup_day')
  world.pipeline.projector.poke()
  await caughtUp(world)
  await nothingLeft(world)
  assert.deepEqual(await rollups(world), await counted(world))
})

test('a follower that lost its group to another one writes nothing', async t => {
  const world = await openWorld({ expected: /the follower fell back/, with: { project: false } }, t)
  await live(world, 'A', 6)
  const { projector } = world.pipeline
  // Two of them over the same groups, both with the same page in hand before either writes.
  const { transaction } = world.db
  const barrier = Promise.withResolvers<void>()
  Object.assign(world.db, {
    transaction: async <T>(work: Parameters<typeof transaction<T>>[0]) => {
      await barrier.promise
      return transaction(work)
    },
  })
  const rounds = [projector.round(), projector.round()]
  const looks = await world.rows('select 1 from follower')
  assert.deepEqual(looks, [])
  barrier.resolve()
  await Promise.allSettled(rounds)
  assert.ok(world.warnings.some(line => line.includes('another follower moved group')))
  while ((await projector.round()) > 0);
  await nothingLeft(world)
  assert.deepEqual(await rollups(world), await counted(world))
})

test('a page that cannot be read keeps its own group behind and no other; nobody is told that all is read', async t => {
  const world = await openWorld({ expected: /the follower fell back/ }, t)
  await live(world, 'A', 12)
  await caughtUp(world)
  await world.pipeline.stop()
  const later = await world.node({ node: 'n2', with: { project: false } })
  await live(later, 'B', 12)
  // What a newer release wrote into one group.
  const unread = groupOf(bucketOf(streamOf('B-0')))
  await world.look.query('update ledger set v = 9 where stream = $1', [streamOf('B-0')])
  const { projector } = later.pipeline
  while ((await projector.round().catch(() => 0)) > 0);
  await assert.rejects(projector.round(), /1 groups are behind/)
  const behind = await world.rows<{ bucket: number }>(
    `select p.bucket from position p left join follower f on f.bucket = p.bucket and f.name = 'project'
     where coalesce(f.pos, 0) <> p.next_pos - 1`,
  )
  assert.deepEqual(
    behind.map(row => groupOf(row.bucket)),
    [unread],
  )
  await world.look.query('update ledger set v = 1 where stream = $1', [streamOf('B-0')])
  while ((await projector.round()) > 0);
  await nothingLeft(world)
  assert.deepEqual(await rollups(world), await counted(world))
})

test('followers are behind until they have come to the ends that were asked for, whoever runs them', async t => {
  const world = await openWorld({}, t)
  await world.tell(placed('E-1', START))
  const ends = await ledgerEnds(world.look)
  await until(async () => (await followersBehind(world.look, ends)) === 0)
  // As if a process that died had written one fact more.
  const home = homeBucketOf(groupOf(bucketOf(streamOf('E-1'))))
  const ahead = ends.filter(end => end.b === home).map(end => ({ ...end, p: end.p + 1 }))
  assert.equal(await followersBehind(world.look, ahead), 2)
  await world.tell(paid('E-1', START))
  await until(async () => (await followersBehind(world.look, ahead)) === 0)
})
