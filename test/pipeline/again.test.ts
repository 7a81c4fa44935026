import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { newestVersionOf } from '../../src/contract/events/index.ts'
import { HOUR } from '../../src/kernel/instant.ts'
import type { Pack } from '../../src/pipeline/packs.ts'
import { type ReplayDeps, replayQuarantined } from '../../src/pipeline/replay.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { TEST_MASTER } from '../support/pipeline.ts'
import { about, openWorld, placed, START, streamOf, type World } from './world.ts'

/** A world in which findings cannot be written until it is repaired, with what a replay needs. */
async function brokenWorld(t: TestContext, expected?: RegExp) {
  const state = { broken: true, everything: false }
  const versionOf = (type: string) => {
    if (state.everything) throw new Error('a defect')
    return state.broken && type === 'finding.raised' ? 99_999 : (newestVersionOf(type) ?? 1)
  }
  const world = await openWorld({ with: { versionOf }, expected }, t)
  const deps: ReplayDeps = {
    db: world.db,
    sealer: new Sealer(TEST_MASTER),
    now: () => world.clock.now(),
    ingest: () => Promise.reject(new Error('not at the door')),
    offer: packs => world.pipeline.offer(packs),
  }
  return { world, deps, state }
}

const setAside = (world: World) =>
  world.rows<{ id: string; status: string; at: number }>('select id, status, at from quarantine order by id')

test('what fails again when it is tried again is set aside again, with the time of the last try, and can be tried once more', async t => {
  const { world, deps, state } = await brokenWorld(t)
  await world.tell(placed('A', START), about('A', 'parcel.handed_over', START - 1))
  const [first] = await setAside(world)
  await world.pass(HOUR)
  assert.equal((await replayQuarantined(deps, first!.id)).outcome, 'replayed')
  await world.pipeline.drained()
  assert.deepEqual(await setAside(world), [{ id: first!.id, status: 'open', at: START + HOUR }])
  state.broken = false
  assert.equal((await replayQuarantined(deps, first!.id)).outcome, 'replayed')
  await world.pipeline.drained()
  assert.deepEqual(
    (await setAside(world)).map(row => row.status),
    ['replayed'],
  )
  const types = (await world.facts(streamOf('A'))).map(f => f.type)
  assert.deepEqual(types, ['order.placed', 'parcel.handed_over', 'finding.raised', 'case.opened'])
})

test('two people who try the same row again at the same moment: it takes effect once', async t => {
  const { world, deps, state } = await brokenWorld(t)
  await world.tell(placed('A', START), about('A', 'parcel.handed_over', START - 1))
  state.broken = false
  const [row] = await setAside(world)
  // Both have read the row as open before either marks it.
  const { transaction } = deps.db
  const both = Promise.withResolvers<void>()
  let arrived = 0
  const db = {
    ...deps.db,
    transaction: async <T>(work: Parameters<typeof transaction<T>>[0]) => {
      if (++arrived === 2) both.resolve()
      await both.promise
      return transaction(work)
    },
  }
  const tries = await Promise.all([1, 2].map(() => replayQuarantined({ ...deps, db }, row!.id)))
  assert.deepEqual(tries.map(answer => answer.outcome).toSorted(), ['impossible', 'replayed'])
  await world.pipeline.drained()
  const types = (await world.facts(streamOf('A'))).map(f => f.type)
  assert.deepEqual(types, ['order.placed', 'parcel.handed_over', 'finding.raised', 'case.opened'])
})

test('a row that was thought to begin its stream is tried again when the stream has begun without it', async t => {
  const { world, deps, state } = await brokenWorld(t, /given up/)
  state.everything = true
  await world.tell(placed('A', START))
  assert.deepEqual(await world.rows('select * from head'), [])
  state.everything = false
  await world.tell(placed('A', START), about('A', 'order.confirmed', START))
  await world.pipeline.stop()
  // A node that has never seen the stream has nothing but the row's own word for it.
  const later = await world.node({ node: 'n2' })
  const [row] = await setAside(world)
  // The word is as old as the row: the lane must find out by itself that the stream is there.
  const stale = (pack: Pack): Pack => ({ ...pack, rows: pack.rows.map(kept => ({ ...kept, fresh: true })) })
  const again: ReplayDeps = { ...deps, offer: packs => later.pipeline.offer(packs.map(stale)) }
  assert.equal((await replayQuarantined(again, row!.id)).outcome, 'replayed')
  await later.pipeline.drained()
  const facts = await world.facts(streamOf('A'))
  assert.deepEqual(
    facts.map(f => [f.seq, f.type]),
    [
      [1, 'order.placed'],
      [2, 'order.confirmed'],
      [3, 'order.placed'],
    ],
  )
  assert.deepEqual(
    (await setAside(world)).map(kept => kept.status),
    ['replayed'],
  )
})
