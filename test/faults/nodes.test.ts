import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { GROUPS } from '../../src/kernel/bucket.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { urlOf } from '../../src/platform/connection.ts'
import { type Andon, endedIn, eventually, scratchDir } from '../support/process.ts'
import { type Cluster, type Node, openCluster } from './cluster.ts'
import { type Load, type Plan, planOf, startLoad } from './load.ts'
import { begin, PATIENCE, undisturbed } from './olist-run.ts'
import { assertKept, assertSame, stateOf } from './state.ts'

/** Two processes on one database: one is killed, one is frozen and comes back. Their work is done once. */
const FULL = process.env.ANDON_FULL === '1'
const ORDERS = FULL ? 3000 : 400
/**
 * The lease lives ten seconds without renewal; then a beat of the other node, every third of it, takes over. The rest is
 * for a machine that has much else to do.
 */
const TAKE_OVER = 10_000 + 5_000 + 60_000

/** In the middle of the load, with some of it acknowledged and some to come. */
const underWay = (load: Load, of: Plan): Promise<void> =>
  eventually(() => load.acknowledged > of.orders, 'the load is under way')

const owns = (cluster: Cluster, name: string, groups: number): Promise<void> =>
  eventually(async () => (await cluster.owners())[name] === groups, `${name} owns ${groups} groups`, TAKE_OVER)

// Most of the time is spent waiting for a lease to end, so they may run at once.
describe('two nodes', { concurrency: true }, () => {
  test('one is killed: the other takes over, and everything is done once', async t => {
    const cluster = await openCluster(t)
    const [one, two] = [await cluster.node('one'), await cluster.node('two')]
    await owns(cluster, 'two', GROUPS / 2)
    const plan = planOf('kill', ORDERS)
    let urls = [one.url, two.url]
    const load = startLoad(plan, () => urls, cluster.key)
    t.after(() => load.stop())
    await underWay(load, plan)
    one.run.signal('SIGKILL')
    const killed = systemClock.now()
    urls = [two.url]
    await owns(cluster, 'two', GROUPS)
    t.diagnostic(`PostgreSQL ${cluster.version}; taken over after ${systemClock.now() - killed} ms`)
    await load.done
    await cluster.finish([plan])
    t.diagnostic(`${load.acknowledged} events acknowledged, ${load.failures.length} requests sent again`)
  })

  for (const inStep of FULL ? [true, false] : [true]) {
    const when = inStep ? 'while the server is in the middle of its step' : 'with work at hand'
    test(`one is frozen ${when} for longer than its lease: it writes nothing when it wakes, and goes on as a good node`, async t => {
      const cluster = await openCluster(t)
      const [one, two] = [await cluster.node('one'), await cluster.node('two')]
      await owns(cluster, 'two', GROUPS / 2)
      const plan = planOf('freeze', ORDERS)
      let urls = [one.url, two.url]
      const load = startLoad(plan, () => urls, cluster.key)
      t.after(() => load.stop())
      await underWay(load, plan)
      await (inStep ? freezeInStep(cluster, one) : freeze(cluster, one))
      const frozen = systemClock.now()
      urls = [two.url]
      await owns(cluster, 'two', GROUPS)
      t.diagnostic(`taken over after ${systemClock.now() - frozen} ms`)
      await load.done
      await eventually(async () => (await cluster.waiting()) === 0, 'the other node has done all of the work')
      const before = await written(cluster)
      one.run.signal('SIGCONT')
      await owns(cluster, 'one', GROUPS / 2)
      assert.deepEqual(await written(cluster), before, 'the frozen node wrote nothing')
      const more = planOf('after', 40)
      await startLoad(more, () => [one.url], cluster.key).done
      await cluster.finish([plan, more])
      t.diagnostic(`${load.acknowledged} events acknowledged, ${load.failures.length} requests sent again`)
    })
  }

  test('two imports of one folder at once; one is killed: the other brings it to the same end', async t => {
    const cluster = await openCluster(t)
    const { state: expected } = await undisturbed('import')
    const env = { DATABASE_URL: urlOf(cluster.connection) }
    const dir = scratchDir(t)
    const [one, two] = ['one', 'two'].map(name =>
      begin('import', { dataDir: join(dir, name), lanes: 2, env: { ...env, ANDON_NODE_ID: name } }),
    ) as [Andon, Andon]
    await eventually(() => one.acknowledged.length > 1 && two.acknowledged.length > 1, 'both are under way')
    one.signal('SIGKILL')
    assert.deepEqual(await endedIn(PATIENCE, two), { code: 0, signal: null }, two.err)
    const state = await stateOf(cluster.connection, 'live')
    assertKept(state, [...one.acknowledged, ...two.acknowledged].flat())
    assertSame(state, expected)
  })
})

/** Stops the process dead when it has work in memory. */
async function freeze(cluster: Cluster, node: Node): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    node.run.signal('SIGSTOP')
    if ((await waitingFor(cluster, node)) > 0) return
    node.run.signal('SIGCONT')
    await delay(tries % 7)
  }
  throw new Error('the node was never caught at work')
}

const HOLD = `select 1 from position p join lease l on l.bucket = p.bucket and l.owner = $1 for update of p`
const HELD = `select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%update position%'`

/** Stops the process dead when one of its steps is on the server and waits there for a row; the row is then let go. */
async function freezeInStep({ db }: Cluster, node: Node): Promise<void> {
  await db.transaction(async tx => {
    await tx.query(HOLD, [node.name])
    const isHeld = async () => (await db.query<{ n: number }>(HELD)).rows[0]!.n > 0
    await eventually(isHeld, 'a step waits for its position')
    node.run.signal('SIGSTOP')
  })
}

async function waitingFor({ db }: Cluster, { name }: Node): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    'select count(*) as n from intake i join lease l on l.bucket / 32 = i.bucket / 32 where l.owner = $1',
    [name],
  )
  return rows[0]?.n ?? 0
}

/** All that the step writes. */
async function written({ db }: Cluster): Promise<unknown> {
  const groups = 'select bucket / 32 as g, count(*) as n, max(pos) as last from ledger group by 1 order by 1'
  const ledger = await db.query(groups)
  const heads = await db.query('select sum(version) as versions, count(*) as n from head')
  const rows = await db.query('select sum(version) as versions, count(*) as n from order_row')
  return [ledger.rows, heads.rows, rows.rows]
}
