import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveBatch } from '../../src/pipeline/live.ts'
import { about, openWorld, placed, START, streamOf, until } from './world.ts'

const world = await openWorld()

/** Collects what a follower tells. */
async function follow(pipeline: typeof world.pipeline) {
  const batches: LiveBatch[] = []
  const { mark, stop } = await pipeline.live.listen(batch => batches.push(batch))
  return { mark, stop, batches, facts: () => batches.flatMap(b => b.facts) }
}

test('every fact is told once and in the order of its stream, however many there are', async () => {
  const here = await follow(world.pipeline)
  const many = Array.from({ length: 700 }, (_, i) => placed(`M-${i}`, START))
  await world.tell(...many, about('M-0', 'order.approved', START + 1))
  await until(() => here.facts().length >= 701)
  const mine = here.facts().filter(f => f.stream === streamOf('M-0'))
  assert.deepEqual(
    mine.map(f => [f.seq, f.type]),
    [
      [1, 'order.placed'],
      [2, 'order.approved'],
    ],
  )
  assert.equal(new Set(here.facts().map(f => `${f.stream} ${f.seq}`)).size, here.facts().length)
  const missed = await world.pipeline.live.since(here.mark)
  assert.equal(missed?.facts.length, here.facts().length)
  assert.equal(missed?.orders.find(o => o.stream === streamOf('M-0'))?.version, 2)
  here.stop()
})

test('another node hears of it by a hint', async () => {
  const other = await world.node({ node: 'n2' })
  const there = await follow(other.pipeline)
  // Alone a node tells nobody; it learns of another one by its next beat.
  await until(() => other.pipeline.ownedGroups > 0)
  await world.tell(placed('X-1', START))
  // Less than the time after which it would look by itself.
  await until(() => there.facts().some(f => f.stream === streamOf('X-1')), 1500)
  const back = await other.pipeline.live.since(there.batches.at(-1)!.mark)
  assert.deepEqual(back?.facts, [])
  there.stop()
})
