import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import { eventually } from '../support/process.ts'
import { type BadLine, startProxy } from '../support/proxy.ts'
import { type Cluster, type Node, openCluster } from './cluster.ts'
import { type Load, type Plan, planOf, startLoad } from './load.ts'

/** One node behind a bad network: whatever it loses, the client's events take effect exactly once. */
const FULL = process.env.ANDON_FULL === '1'
const ORDERS = FULL ? 2000 : 300

interface World {
  readonly cluster: Cluster
  readonly proxy: BadLine
  readonly node: Node
  readonly plan: Plan
  readonly load: Load
}

/** A node behind a proxy, under load, with a part of it done. */
async function open(t: TestContext, name: string): Promise<World> {
  const cluster = await openCluster(t)
  const proxy = await startProxy(cluster.connection)
  const node = await cluster.node(name, proxy.connection)
  const plan = planOf(name, ORDERS)
  const load = startLoad(plan, () => [node.url], cluster.key)
  t.after(() => load.stop())
  t.after(() => proxy.close())
  await eventually(() => load.acknowledged > ORDERS, 'the load is under way')
  return { cluster, proxy, node, plan, load }
}

async function close(t: TestContext, { cluster, plan, load }: World): Promise<void> {
  await load.done
  await cluster.finish([plan])
  t.diagnostic(
    `PostgreSQL ${cluster.version}; ${load.acknowledged} events acknowledged, ${load.failures.length} sent again`,
  )
}

describe('a bad network between Andon and its database', { concurrency: true }, () => {
  test('answers to COMMIT and to anything else are lost and connections cut: nothing is lost or doubled', async t => {
    const world = await open(t, 'cut')
    world.proxy.loseCommits = 5
    world.proxy.loseChunks = 97
    await world.load.done
    await eventually(async () => (await world.cluster.waiting()) === 0, 'the work is done on a bad line')
    world.proxy.loseCommits = 0
    world.proxy.loseChunks = 0
    t.diagnostic(`${world.proxy.cuts.all} connections cut, ${world.proxy.cuts.atCommit} of them at a COMMIT`)
    assert.ok(world.proxy.cuts.atCommit > 0)
    const listens = `select 1 from pg_stat_activity where query like 'listen %'`
    await eventually(async () => (await world.cluster.db.query(listens)).rowCount === 1, 'the node listens again')
    await close(t, world)
  })

  test('late packets slow everything down and break nothing', async t => {
    const world = await open(t, 'late')
    world.proxy.latency = 30
    await close(t, world)
    assert.deepEqual(world.load.failures, [])
  })

  test('silence, then a cut: goes on at once', async t => {
    const world = await open(t, 'silence')
    world.proxy.swallow({ forNew: true })
    await eventually(() => world.load.failures.length >= 3, 'requests go unanswered')
    world.proxy.swallow({ forNew: false })
    world.proxy.cut()
    await close(t, world)
  })

  const long = FULL ? false : 'takes the time-out of a statement, 35 s: ANDON_FULL=1'
  test('silence without a cut: what carries nothing is given up and replaced', { skip: long }, async t => {
    const world = await open(t, 'hole')
    world.proxy.swallow({ forNew: true })
    await eventually(() => world.load.failures.length >= 3, 'requests go unanswered')
    world.proxy.swallow({ forNew: false })
    const since = systemClock.now()
    await close(t, world)
    t.diagnostic(`recovered after ${systemClock.now() - since} ms`)
  })
})
