import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Instant, isoOf, MINUTE } from '../../src/kernel/instant.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { endedIn, eventually } from '../support/process.ts'
import { type Cluster, type Node, openCluster } from './cluster.ts'
import { stateOf } from './state.ts'

/**
 * A change of the rules is swept over the open orders; the process that does it is killed in the midst of it, again and
 * again. In the end every order was reconsidered once: the ledgers and the cases are those of a sweep that ran through.
 */
const FULL = process.env.ANDON_FULL === '1'
const ORDERS = FULL ? 12_000 : 3_000
const BLOWS = FULL ? 4 : 2
const BATCH = 500
const PATIENCE = 120_000
/** Both runs are given the very same events. */
const NOW = systemClock.now()

/** Every third order is one that the new rule finds. */
const placed = (i: number): object => ({
  ...{ specversion: '1.0', id: `s-${i}`, source: '/channels/shop', type: 'order.placed', time: isoOf(NOW - MINUTE) },
  data: {
    ref: { orderNo: `S-${i}` },
    currency: 'CNY',
    lines: [{ sku: 'A', qty: 1, price: i % 3 === 0 ? 9000 : 1000 }],
  },
})

const NAME = { zh: '被扫到的', en: 'Swept' }
const text = {
  ...{
    name: NAME,
    reason: NAME,
    when: 'order.orderTotal > minor(5000)',
    type: 'swept',
    severity: 'P3',
    clears: 'auto',
  },
  constants: [],
  examples: [9000, 1000].map(orderTotal => ({ now: 1, holds: orderTotal > 5000, facts: { order: { orderTotal } } })),
}

async function post(cluster: Cluster, { url }: Node, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${await cluster.key()}`, 'content-type': 'application/json' }
  const reply = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) })
  assert.ok(reply.ok, `${path}: ${reply.status} ${await reply.clone().text()}`)
  // Safe: our own API answers objects here.
  return (await reply.json()) as Record<string, unknown>
}

/** Orders, and a rule that was just set live; from then on the node sweeps. */
async function begin(cluster: Cluster): Promise<{ node: Node; turn: Instant }> {
  const node = await cluster.node('first')
  for (let from = 0; from < ORDERS; from += BATCH)
    await post(cluster, node, '/v1/events', Array.from({ length: BATCH }, (_, i) => placed(from + i)) as never)
  await eventually(async () => (await cluster.waiting()) === 0, 'all orders are there', PATIENCE)
  await post(cluster, node, '/v1/rules/swept/draft', { text, reason: 'test', seen: null })
  const change = await post(cluster, node, '/v1/rules/swept/move', { version: 1, to: 'live', reason: 'test' })
  return { node, turn: Date.parse(String(change.activeFrom)) }
}

const cases = async ({ db }: Cluster): Promise<number> =>
  (await db.query<{ n: number }>("select count(*) as n from case_row where type = 'swept'")).rows[0]!.n
const groupsDone = async ({ db }: Cluster, turn: Instant): Promise<number> => {
  const asked = "select count(*) as n from follower where name = 'sweep:turns' and pos >= $1"
  return (await db.query<{ n: number }>(asked, [turn])).rows[0]!.n
}

/** Waits until the sweep is over; what every stream says then, with instants counted from the change of the rules. */
async function endOf(cluster: Cluster, node: Node, turn: Instant) {
  await eventually(async () => (await groupsDone(cluster, turn)) === 32, 'every group is swept', PATIENCE)
  await eventually(async () => (await cluster.waiting()) === 0, 'nothing waits any more', PATIENCE)
  node.run.signal('SIGTERM')
  assert.deepEqual(await endedIn(90_000, node.run), { code: 0, signal: null }, node.run.err)
  const { facts } = await stateOf(cluster.connection, 'live')
  const counted = (fact: string) =>
    fact.replace(/\b\d{13}\b/g, at => (Number(at) >= turn ? `turn+${Number(at) - turn}` : at))
  // A feed tells when it was heard of, which is not the same in two runs.
  const orders = [...facts].filter(([stream]) => stream.startsWith('o-'))
  const told = orders.map(([stream, list]) => [stream, list.map(counted)] as const)
  const rows = await cluster.db.query<{ stream: string; type: string; status: string }>(
    "select stream, type, status, reopened from case_row where type = 'swept' order by stream",
  )
  return { facts: new Map(told), cases: rows.rows }
}

async function undisturbed(t: TestContext) {
  const cluster = await openCluster(t)
  const { node, turn } = await begin(cluster)
  return endOf(cluster, node, turn)
}

test('kill -9 in the midst of a sweep, again and again: the same cases, each once, as of a sweep that ran through', async t => {
  const expected = await undisturbed(t)
  assert.equal(expected.cases.length, ORDERS / 3)
  const cluster = await openCluster(t)
  let { node, turn } = await begin(cluster)
  const seen: number[] = []
  for (let blow = 1; blow <= BLOWS; blow++) {
    const enough = Math.floor((ORDERS / 3) * (blow / (BLOWS + 2)))
    await eventually(async () => (await cases(cluster)) > enough, 'the sweep is under way', PATIENCE)
    node.run.signal('SIGKILL')
    await node.run.exited
    seen.push(await cases(cluster))
    assert.ok(seen.at(-1)! < ORDERS / 3, 'the sweep was over before the blow')
    assert.ok((await groupsDone(cluster, turn)) < 32)
    // The same node again, or another one that has to wait for the leases of the dead.
    node = await cluster.node(blow % 2 === 1 ? 'first' : 'second')
  }
  const actual = await endOf(cluster, node, turn)
  assert.deepEqual(actual.cases, expected.cases)
  assert.equal(actual.facts.size, ORDERS)
  for (const [stream, list] of expected.facts) assert.deepEqual(actual.facts.get(stream), list)
  t.diagnostic(`cases at the blows: ${seen.join(', ')} of ${ORDERS / 3}`)
})
