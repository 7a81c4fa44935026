import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestVersionOf } from '../../src/contract/events/index.ts'
import { HOUR, SECOND } from '../../src/kernel/instant.ts'
import { replayQuarantined } from '../../src/pipeline/replay.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { incoming, TEST_MASTER } from '../support/pipeline.ts'
import { nodeClock } from './gate.ts'
import { about, impossible, openWorld, paid, placed, START, streamOf, until } from './world.ts'

// What a reactor adds cannot be written: the failure comes from the statement, not from deciding.
const tooLarge = (type: string) => (type === 'finding.raised' ? 99_999 : (newestVersionOf(type) ?? 1))

interface Kept {
  id: string
  stage: string
  source: string
  type: string
  stream: string
  code: string
  status: string
  at: number
  row: string
}

for (const lanes of [1, 3])
  test(`one row that the database refuses is set aside, the others of its batch take effect (lanes: ${lanes})`, async t => {
    const world = await openWorld({ lanes, with: { versionOf: tooLarge } }, t)
    const orders = ['A', 'B', 'C', 'D']
    await world.tell(...orders.map(order => placed(order, START)))
    const events = Array.from({ length: 20 }, (_, i) => about(orders[i % 4]!, 'order.confirmed', START + i))
    // Handed over before it was placed: a finding, and findings cannot be written here.
    events[9] = about('B', 'parcel.handed_over', START - 1)
    const receipts = await world.pipeline.ingest(events.map(raw => incoming(raw, { now: START })))
    await world.pipeline.drained()
    const written = await world.rows<{ cause: string }>(`select cause from ledger where type <> 'order.placed'`)
    const expected = receipts.map(r => r.row!).filter((_, i) => i !== 9)
    assert.deepEqual(written.map(r => r.cause).toSorted(), expected.toSorted())
    const [kept, ...more] = await world.rows<Kept>('select * from quarantine')
    assert.deepEqual(more, [])
    const { id, stage, source, type, stream, code, status, at } = kept!
    assert.deepEqual(
      { id, stage, source, type, stream, code, status, at },
      {
        ...{ id: receipts[9]!.row, stage: 'step', source: 'feed:shop', type: 'parcel.handed_over' },
        ...{ stream: streamOf('B'), code: '22003', status: 'open', at: START },
      },
    )
    // Everything that a replay needs.
    const row = JSON.parse(kept!.row)
    assert.deepEqual([row.occurredAt, row.recordedAt, row.v], [START - 1, START, 1])
    assert.deepEqual(JSON.parse(row.stored), { ref: { orderNo: 'B', channel: 'shop' } })
    for (const order of orders) {
      const seqs = (await world.facts(streamOf(order))).map(f => f.seq)
      assert.deepEqual(
        seqs,
        seqs.map((_, i) => i + 1),
      )
    }
  })

test('a stream whose first row is set aside never came to be, and may come later', async t => {
  let broken = true
  const versionOf = (type: string) => {
    if (broken) throw new Error('a defect')
    return newestVersionOf(type) ?? 1
  }
  const world = await openWorld({ with: { versionOf } }, t)
  await world.tell(placed('A', START), placed('A', START))
  assert.deepEqual(await world.rows('select * from head'), [])
  broken = false
  await world.tell(placed('A', START))
  assert.deepEqual(
    (await world.facts(streamOf('A'))).map(f => f.seq),
    [1],
  )
})

test('a wake that cannot be written is set aside once and does not fire for ever; the next event arms it anew', async t => {
  let broken = true
  const versionOf = (type: string) => (broken && type === 'finding.raised' ? 99_999 : (newestVersionOf(type) ?? 1))
  const world = await openWorld({ with: { versionOf } }, t)
  await world.tell(placed('A', START), paid('A', START, 1))
  await world.pass(2 * HOUR)
  const kept = await world.rows('select stage, source, type, stream, code from quarantine')
  const expected = { stage: 'step', source: 'wake', type: 'tick', stream: streamOf('A'), code: '22003' }
  assert.deepEqual(kept, [expected])
  assert.deepEqual(await world.rows('select wake_at, timer_at from head'), [{ wake_at: null, timer_at: null }])
  broken = false
  await world.tell(about('A', 'order.confirmed', START))
  assert.deepEqual(await world.rows('select type, status from case_row'), [{ type: 'amount_mismatch', status: 'open' }])
})

test('a fact of a version that this release does not know stops the lane: nothing is skipped, nothing set aside', async t => {
  const world = await openWorld({ expected: /given up|order.placed version 9/ }, t)
  await world.tell(placed('A', START))
  await world.pipeline.stop()
  await world.look.query('update ledger set v = 9')
  const wallClock = nodeClock()
  const later = await world.node({ node: 'n2', with: { wallClock } })
  await later.send([about('A', 'order.confirmed', START)])
  // It tries again, and again in vain.
  await until(() => {
    wallClock.jump(10 * SECOND)
    return later.warnings.length > 2
  })
  assert.deepEqual(await world.rows('select type from quarantine'), [])
  assert.equal((await world.rows('select * from intake')).length, 1)
  // The release that knows it.
  await world.look.query('update ledger set v = 1')
  wallClock.jump(10 * SECOND)
  await later.pipeline.drained()
  assert.deepEqual(
    (await world.facts(streamOf('A'))).map(f => f.type),
    ['order.placed', 'order.confirmed'],
  )
})

test('what was set aside takes effect when it is tried again after the repair, once, and from then on', async t => {
  let broken = true
  const versionOf = (type: string) => (broken && type === 'finding.raised' ? 99_999 : (newestVersionOf(type) ?? 1))
  const world = await openWorld({ with: { versionOf } }, t)
  await world.tell(
    placed('A', START),
    about('A', 'parcel.handed_over', START - 1),
    about('A', 'order.confirmed', START),
  )
  const [kept] = await world.rows<{ id: string }>('select id from quarantine')
  const deps = {
    db: world.db,
    sealer: new Sealer(TEST_MASTER),
    now: () => world.clock.now(),
    ingest: () => Promise.reject(new Error('not at the door')),
    offer: (packs: Parameters<typeof world.pipeline.offer>[0]) => world.pipeline.offer(packs),
  }
  broken = false
  await world.pass(HOUR)
  assert.equal((await replayQuarantined(deps, kept!.id)).outcome, 'replayed')
  await world.pipeline.drained()
  assert.equal((await replayQuarantined(deps, kept!.id)).outcome, 'impossible')
  assert.equal((await replayQuarantined(deps, 'no-such')).outcome, 'missing')
  await world.pipeline.drained()
  const facts = await world.facts(streamOf('A'))
  assert.deepEqual(
    facts.map(f => [f.type, f.occurredAt]),
    [
      ['order.placed', START],
      ['order.confirmed', START],
      ['parcel.handed_over', START - 1],
      ['finding.raised', START + HOUR],
      ['case.opened', START + HOUR],
    ],
  )
  assert.deepEqual(await world.rows('select status from quarantine'), [{ status: 'replayed' }])
})

test('a failure that speaks of the database and not of a row sets nothing aside: all of it waits and then takes effect', async t => {
  const world = await openWorld({ expected: /given up/ }, t)
  await world.look.query('alter table finding_row rename to away')
  await world.send(impossible('A', START))
  await until(() => world.warnings.length > 0)
  await world.look.query('alter table away rename to finding_row')
  await world.pipeline.drained()
  assert.deepEqual(await world.rows('select type, code from quarantine'), [])
  assert.deepEqual(await world.rows('select count(*) as n from finding_row'), [{ n: 1 }])
})
