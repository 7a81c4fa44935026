import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { groupOf, homeBucketOf } from '../../src/kernel/bucket.ts'
import { monthOf } from '../../src/kernel/instant.ts'
import { GENESIS } from '../../src/pipeline/chain.ts'
import { decideStream } from '../../src/pipeline/decide.ts'
import { eventRow, newMemo, reactor, STREAM, worldOf } from '../../src/pipeline/fixtures.ts'
import { Months } from '../../src/pipeline/months.ts'
import type { Memo, Stored } from '../../src/pipeline/rows.ts'
import { TAKE_POSITIONS } from '../../src/pipeline/sql/load.ts'
import { BY_KEY } from '../../src/pipeline/sql/write.ts'
import { Fenced, type GroupLedger, Stale, type StepWrite, writeStep } from '../../src/pipeline/write.ts'
import { connect } from '../../src/platform/database.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { testDatabase } from '../support/database.ts'

// One stream, written by hand: each guard of a step by itself, where no other guard would have noticed.
const owned = await testDatabase()
const db = await connect({ connection: owned.connection })
const lane = await db.dedicated({ pipeline: true, prepare: true })
after(async () => {
  await lane.end()
  await db.close()
  await owned.drop()
})

const sealer = new Sealer(Buffer.alloc(32, 7))
const JANUARY = Date.UTC(2026, 0, 5)
const FEBRUARY = Date.UTC(2026, 1, 5)
const world = worldOf([reactor({ slice: 'n', initial: 0 })])
const start = newMemo(world.reactors)
const group = groupOf(start.bucket)
const epoch = 3

await new Months(db).ensure(new Set([monthOf(JANUARY), monthOf(FEBRUARY)]))
await db.query(TAKE_POSITIONS, [JSON.stringify([{ b: homeBucketOf(group), e: epoch }])])
let ledger: GroupLedger = { epoch, nextPos: 1, chainN: 0, chainHash: GENESIS }

/** A step of one event on a stream as it is remembered. */
function stepOf(memo: Memo, from: Stored | null, at: number, known: GroupLedger = ledger): StepWrite {
  const decision = decideStream(memo, [eventRow(memo.version + 1, at, 'order.confirmed')], world)
  const facts = decision.facts.map(f => ({ ...f, stored: '{}' }))
  const to: Stored = {
    version: decision.after.version,
    timerAt: null,
    bornMonth: monthOf(JANUARY),
    blobVersion: 0,
    stateBound: 0,
  }
  const rows = { orders: [], moved: [], cases: [], findings: [] }
  const stream = { decision: { ...decision, facts }, from, to, blob: null, rows }
  return { at, sealer, streams: [stream], quarantined: [], ledgers: new Map([[group, known]]), signals: [], packs: [] }
}
const storedOf = (version: number): Stored => ({
  version,
  timerAt: null,
  bornMonth: monthOf(JANUARY),
  blobVersion: 0,
  stateBound: 0,
})
const memoOf = (version: number): Memo => ({ ...start, version, clock: JANUARY })
const counts = async () => {
  const { rows } = await db.query(
    `select (select count(*) from ledger) as facts, (select count(*) from chain) as links,
       (select max(version) from head) as version, (select next_pos from position where bucket = $1) as next`,
    [homeBucketOf(group)],
  )
  return rows[0]
}

test('steps follow one another, each by its keys and in one flight', async () => {
  const sent: string[] = []
  const unheard = db.onQuery(text => sent.push(text))
  const written = writeStep(lane, stepOf(start, null, JANUARY))
  assert.deepEqual([sent[0], sent[1], sent.at(-1)], ['begin', BY_KEY, 'commit'], 'before anything was answered')
  unheard()
  ledger = (await written).get(group)!
  ledger = (await writeStep(lane, stepOf(memoOf(1), storedOf(1), JANUARY))).get(group)!
  assert.deepEqual([ledger.nextPos, ledger.chainN], [3, 2])
  assert.deepEqual(await counts(), { facts: 2, links: 2, version: 2, next: 3 })
})

test('a memory that is older than the head is stale, also where the keys of the ledger would not collide', async () => {
  const before = await counts()
  // The same seq in another month is another key.
  await assert.rejects(writeStep(lane, stepOf(memoOf(1), storedOf(1), FEBRUARY)), Stale)
  assert.deepEqual(await counts(), before)
})

test('an epoch that is not the newest is fenced', async () => {
  const before = await counts()
  await assert.rejects(
    writeStep(lane, stepOf(memoOf(2), storedOf(2), FEBRUARY, { ...ledger, epoch: epoch - 1 })),
    Fenced,
  )
  assert.deepEqual(await counts(), before)
})

test('a position that somebody has moved is fenced', async () => {
  const before = await counts()
  await assert.rejects(writeStep(lane, stepOf(memoOf(2), storedOf(2), FEBRUARY, { ...ledger, nextPos: 2 })), Fenced)
  assert.deepEqual(await counts(), before)
})

test('a group that is not ours is not written to', async () => {
  const step = { ...stepOf(memoOf(2), storedOf(2), JANUARY), ledgers: new Map() }
  await assert.rejects(writeStep(lane, step), Fenced)
})

test('a step without facts is fenced all the same', async () => {
  const quarantined = [
    {
      bucket: start.bucket,
      id: 'q',
      stage: 'step',
      source: 's',
      type: 't',
      stream: STREAM,
      code: 'c',
      error: {},
      at: 1,
      row: {},
    },
  ]
  const old = new Map([[group, { ...ledger, epoch: epoch - 1 }]])
  await assert.rejects(
    writeStep(lane, { at: 1, sealer, streams: [], quarantined, ledgers: old, signals: [], packs: [] }),
    Fenced,
  )
  assert.deepEqual((await db.query('select * from quarantine')).rows, [])
})

test('messages that somebody else has handled, or a part of them, make a step stale', async () => {
  const before = await counts()
  const rows = [eventRow(7, JANUARY, 'order.confirmed'), eventRow(8, JANUARY, 'order.confirmed')]
  const pack = { id: rows[0]!.id, class: rows[0]!.class, group, rows }
  for (const left of [[], rows.slice(1)]) {
    const step = { ...stepOf(memoOf(2), storedOf(2), FEBRUARY), packs: [{ key: 'k', pack, held: 2, left }] }
    await assert.rejects(writeStep(lane, step), Stale)
  }
  assert.deepEqual(await counts(), before)
})

test('after each refusal the connection is good for the next step', async () => {
  ledger = (await writeStep(lane, stepOf(memoOf(2), storedOf(2), FEBRUARY))).get(group)!
  assert.deepEqual(await counts(), { facts: 3, links: 3, version: 3, next: 4 })
})

test('a fact whose text could not be read again is no fact: the step is refused before anything is sent', async () => {
  const before = await counts()
  const step = stepOf(memoOf(3), storedOf(3), JANUARY)
  for (const stored of ['{"a":"\\u0000"}', '{"a":"\\\\\\ud800"}']) {
    const [stream] = step.streams
    const facts = stream!.decision.facts.map(f => ({ ...f, stored }))
    const streams = [{ ...stream!, decision: { ...stream!.decision, facts } }]
    await assert.rejects(writeStep(lane, { ...step, streams }), { code: '22P05' })
  }
  assert.deepEqual(await counts(), before)
})
