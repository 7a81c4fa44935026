import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/kernel/instant.ts'
import { rebuildReadRows } from '../../src/pipeline/rebuild.ts'
import { followed } from '../support/followed.ts'
import { about, caseOf, impossible, loadDeps, message, openWorld, paid, placed, START, streamOf } from './world.ts'

const world = await openWorld()
const hour = Math.floor(START / HOUR)

/** The sums by measure, hour from the start on, and dimension, without those that are zero. */
async function sums(): Promise<Record<string, string>> {
  await world.pipeline.drained()
  await followed(world.db)
  const hours = await world.rows<{ k: string; v: string }>(
    `select measure || ' ' || coalesce(nullif(hour - ${hour}, null)::text, '') || ' ' || dimension as k,
       sum(n) || ' ' || sum(amount) || ' ' || sum(ms) as v
     from rollup_hour group by measure, hour, dimension having sum(n) <> 0
     union all
     select measure || ' now ' || dimension, sum(n) || ' ' || sum(amount) from rollup_level
     group by measure, dimension having sum(n) <> 0
     union all
     select 'stay ' || hour - ${hour} || ' ' || stage, sum(n)::text from rollup_stay
     group by hour, stage having sum(n) <> 0`,
  )
  return Object.fromEntries(hours.map(r => [r.k, r.v]).toSorted())
}
const stays = () => world.rows('select stage, entered_at, left_at from stay_row order by stage')
const poke = async () => {
  world.pipeline.projector.poke()
  return sums()
}

test('an order and its case are counted in their hours, and every correction is taken back', async () => {
  const promise = { grain: 'instant', to: new Date(START + 3 * HOUR).toISOString(), zone: 'UTC' }
  await world.tell(placed('T-1', START, { promise }))
  assert.deepEqual(await poke(), { 'order.placed 0 ': '1 2000 0', 'promise 3 open': '1 0 0' })
  await world.tell(about('T-1', 'order.approved', START + 30 * MINUTE), paid('T-1', START + 10 * MINUTE))
  assert.deepEqual(await poke(), {
    'order.placed 0 ': '1 2000 0',
    'promise 3 open': '1 0 0',
    'stay 0 paid': '1',
    'stay 0 placed': '1',
  })
  // A late message: it was approved before, so the stay was shorter.
  await world.tell(about('T-1', 'order.approved', START + 20 * MINUTE))
  await poke()
  assert.deepEqual(await stays(), [
    { stage: 'paid', entered_at: START + 10 * MINUTE, left_at: START + 20 * MINUTE },
    { stage: 'placed', entered_at: START, left_at: START + 10 * MINUTE },
  ])
  await world.tell(about('T-1', 'parcel.handed_over', START + HOUR), about('T-1', 'parcel.delivered', START + 2 * HOUR))
  const delivered = await poke()
  assert.deepEqual(
    ['promise 3 kept', 'promise 3 open', 'order.delivered 2 ', 'stay 2 handedOver'].map(k => delivered[k]),
    ['1 0 0', undefined, '1 0 0', '1'],
  )
  // A correction of the instant breaks the promise after all.
  await world.tell(about('T-1', 'parcel.delivered', START + 4 * HOUR, { correction: true }))
  const late = await poke()
  assert.deepEqual(
    ['promise 3 kept', 'promise 3 broken', 'order.delivered 4 '].map(k => late[k]),
    [undefined, '1 0 0', '1 0 0'],
  )
})

test('cases open, are worked on and end; touched orders are those of people', async () => {
  await world.tell(...impossible('T-2', START + 10 * HOUR))
  const id = caseOf('T-2', 'impossible_sequence')
  const key = 'P2/impossible_sequence'
  const found = await poke()
  const [severity] = Object.keys(found)
    .filter(k => k.startsWith('case.open now') && k.endsWith('impossible_sequence'))
    .map(k => k.split(' ')[2])
  const dimension = severity ?? key
  const at = (k: string) => found[k]
  assert.deepEqual([at(`case.open now ${dimension}`), at(`case.opened 10 ${dimension}`)], ['1 2000', '1 2000 0'])
  const command = (type: string, body: object = {}) =>
    world.pipeline.submit({
      ...{ stream: streamOf('T-2'), type, body: { case: id, ...body }, actor: 'user:anna' },
      idempotencyKey: `${type} ${JSON.stringify(body)}`,
    })
  world.clock.advanceTo(START + 12 * HOUR)
  await command('case.acknowledge')
  const taken = await poke()
  assert.equal(taken[`case.acknowledged 12 ${dimension}`], `1 2000 ${2 * HOUR}`)
  assert.equal(taken['order.touched 10 '], '1 0 0')
  await command('case.close', { cause: 'other', result: 'r', override: { reason: 'r' } })
  const closed = await poke()
  assert.deepEqual(
    [closed[`case.open now ${dimension}`], closed[`case.ended 12 ${dimension}`]],
    [undefined, `1 2000 ${2 * HOUR}`],
  )
  await command('case.reopen', { reason: 'again' })
  const again = await poke()
  assert.deepEqual([again[`case.open now ${dimension}`], again[`case.ended 12 ${dimension}`]], ['1 2000', undefined])
})

test('a rebuild gives the same sums', async () => {
  await world.tell(...Array.from({ length: 60 }, (_, i) => placed(`R-${i}`, START + i * HOUR)))
  await world.tell(message('order.cancelled', START + 70 * HOUR, { ref: { orderNo: 'R-3' } }))
  const before = await poke()
  const [staysBefore, countedBefore] = [
    await stays(),
    await world.rows('select stream, cells::text from counted order by stream'),
  ]
  await world.pipeline.stop()
  await rebuildReadRows(world.db, loadDeps())
  assert.deepEqual(await world.rows('select * from rollup_hour'), [])
  const node = await world.node({ node: 'n1' })
  await followed(node.db)
  const after = await world.rows<{ k: string; v: string }>(
    `select measure || ' ' || (hour - ${hour}) || ' ' || dimension as k, sum(n) || ' ' || sum(amount) || ' ' || sum(ms) as v
     from rollup_hour group by measure, hour, dimension having sum(n) <> 0`,
  )
  for (const { k, v } of after) assert.equal(before[k], v, k)
  assert.ok(after.length > 60)
  assert.deepEqual(
    [await stays(), await world.rows('select stream, cells::text from counted order by stream')],
    [staysBefore, countedBefore],
  )
})
