import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { OLIST_SAMPLE } from '../../src/modules/channels/olist/fixtures.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { type Connection, urlOf } from '../../src/platform/connection.ts'
import { connect } from '../../src/platform/database.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { andon, endedIn, eventually, killHard, scratchDir } from '../support/process.ts'
import { type BadLine, startProxy } from '../support/proxy.ts'
import { type Cluster, type Node, openCluster } from './cluster.ts'
import { type Load, type Plan, planOf, startLoad } from './load.ts'
import { KEY_ENV } from './state.ts'

/** One node behind a bad network: whatever it loses, the client's events take effect exactly once. */
const FULL = process.env.ANDON_FULL === '1'
const ORDERS = FULL ? 2000 : 300
const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')

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
  // At once: a door that is left open would keep the whole file from ending.
  t.after(() => proxy.close())
  const node = await cluster.node(name, proxy.connection)
  const plan = planOf(name, ORDERS)
  const load = startLoad(plan, () => [node.url], cluster.key)
  t.after(() => load.stop())
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

describe('a bad network between Andon and its database', { concurrency: 2 }, () => {
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
    // Of what the client itself did not wait for says nothing: that is how fast the machine is.
    const broken = world.load.failures.filter(failure => !failure.startsWith('TimeoutError'))
    assert.deepEqual(broken, [])
  })

  test('silence, then a cut: goes on at once', async t => {
    const world = await open(t, 'silence')
    world.proxy.swallow({ forNew: true })
    await eventually(() => world.load.failures.length >= 3, 'requests go unanswered')
    world.proxy.swallow({ forNew: false })
    world.proxy.cut()
    await close(t, world)
  })

  for (const verb of ['import', 'replay'])
    test(`${verb} over a silent database ends when it is asked to, and a second one does the rest`, async t => {
      const cluster = await openCluster(t)
      // The hundreds of statements that make the tables do not have to go over the slow line as well.
      const db = await connect({ connection: cluster.connection, poolSize: 1 })
      await migrate(db, { dir: MIGRATIONS, clock: systemClock })
      await db.close()
      const proxy = await startProxy(cluster.connection)
      t.after(() => proxy.close())
      const files = scratchDir(t)
      for (const [file, text] of Object.entries(OLIST_SAMPLE)) writeFileSync(join(files, file), text)
      const args = [verb, 'olist', files, '--data', scratchDir(t), '--json']
      // Of one name, so that the second takes the leases of the first at once.
      const env = (through: Connection) => ({ ...KEY_ENV, DATABASE_URL: urlOf(through), ANDON_NODE_ID: 'importer' })
      const stuck = andon(args, { env: env(proxy.connection) })
      t.after(() => killHard([stuck.pid]))
      // Slow enough that it is caught in the middle.
      proxy.latency = 50
      await eventually(() => stuck.err.includes('groups taken'), `the ${verb} is under way`)
      proxy.swallow({ forNew: true })
      stuck.signal('SIGINT')
      const { code } = await endedIn(90_000, stuck)
      assert.deepEqual([code, JSON.parse(stuck.out.trim().split('\n').at(-1)!).error], [1, 'gave_up'], stuck.err)
      assert.match(stuck.err, /Interrupted while the database did not answer: run it again to go on\./)
      const again = andon(args, { env: env(cluster.connection) })
      const ended = await endedIn(120_000, again)
      assert.equal(ended.code, 0, again.err)
      const { ok, whole, events, accepted, duplicates } = JSON.parse(again.out.trim().split('\n').at(-1)!)
      assert.deepEqual([ok, whole], [true, true])
      if (verb === 'import') assert.equal(accepted + duplicates, events)
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
