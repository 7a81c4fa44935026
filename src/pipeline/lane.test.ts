import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { homeBucketOf } from '../kernel/bucket.ts'
import { GENESIS } from './chain.ts'
import { Lane, type LaneDeps } from './lane.ts'
import { Presence } from './presence.ts'
import { sweepOf } from './reconsider.ts'
import { CLASS, type IntakeRow } from './rows.ts'
import { LOAD_HEADS, READ_INTAKE, READ_POSITIONS, READ_TIMERS } from './sql/load.ts'
import type { LaneSql } from './sql.ts'
import type { GroupLedger } from './write.ts'

const ledger = (epoch = 1): GroupLedger => ({ epoch, nextPos: 1, chainN: 0, chainHash: GENESIS })

/** A lane on a database that answers only when it is told to; what cannot happen in these tests throws. */
function fakeLane() {
  const asked: { text: string; values: readonly unknown[]; answer(rows: object[]): void; fail(error: Error): void }[] =
    []
  const sql = {
    query: (text: string, values: readonly unknown[] = []) =>
      new Promise((resolve, reject) => {
        const answer = (rows: object[]) => resolve({ rows, rowCount: rows.length, command: 'SELECT' })
        asked.push({ text, values, answer, fail: reject })
      }),
    // A connection that carries nothing any more does not end either.
    end: () => new Promise<void>(() => {}),
  }
  const fenced: number[] = []
  const people = new Presence(() => 0)
  const deps: Partial<LaneDeps> = {
    // Only `query` and `end` are used of a lane's connection.
    connect: async () => sql as unknown as LaneSql,
    isRetryable: () => true,
    now: () => 0,
    failed: () => {},
    fenced: groups => void fenced.push(...groups),
    pause: async () => void (await turn()),
    sleepUntil: (at, signal) =>
      at <= 0
        ? Promise.resolve()
        : new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true })),
    timerWindow: 1000,
    // A stream that is not there: loaded as empty, nothing to decide, nothing to write.
    reactorsOf: () => [],
    worldOf: () => ({ reactors: [], refsAt: () => ({}), wakeRecordedAt: at => at, versionOf: () => 1 }),
    ensureMonths: async () => {},
    committed: () => {},
    people,
  }
  const lane = new Lane(deps as LaneDeps)
  /** The next question to the database; fails when the lane asks something else or nothing. */
  const nextOf = async (...texts: string[]) => {
    for (let i = 0; i < 50 && asked.length === 0; i++) await turn()
    const question = asked.shift()
    assert.ok(question && texts.includes(question.text), `asked ${question?.text}`)
    return question
  }
  const next = (text: string) => nextOf(text)
  return { lane, next, nextOf, fenced, people }
}

/** Long after the lane has done what it can without an answer. */
async function atRest(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn()
}

describe('a lane that others wait for', () => {
  test('is idle again after it gave a group away at rest', async () => {
    const { lane, next } = fakeLane()
    for (const group of [0, 1]) lane.adopt(group, ledger())
    lane.start()
    ;(await next(READ_INTAKE)).answer([])
    ;(await next(READ_TIMERS)).answer([])
    await lane.whenIdle()
    await atRest()
    await lane.release(1)
    const timers = await next(READ_TIMERS)
    assert.equal(bucketsIn(timers.values).size, 32)
    timers.answer([])
    await lane.whenIdle()
    void lane.stop()
  })

  test('is not idle after a failure until it has read again what it had taken', async () => {
    const { lane, next } = fakeLane()
    lane.adopt(0, ledger())
    lane.start()
    ;(await next(READ_INTAKE)).answer([])
    ;(await next(READ_TIMERS)).answer([])
    await lane.whenIdle()
    lane.hint([0])
    ;(await next(READ_INTAKE)).fail(new Error('connection lost'))
    await atRest()
    let idle = false
    void lane.whenIdle().then(() => {
      idle = true
    })
    ;(await next(READ_POSITIONS)).answer([
      { bucket: homeBucketOf(0), epoch: 1, next_pos: 1, chain_n: 0, chain_hash: GENESIS },
    ])
    const again = await next(READ_INTAKE)
    assert.ok(!idle)
    again.answer([])
    ;(await next(READ_TIMERS)).answer([])
    await lane.whenIdle()
    void lane.stop()
  })
})

const bucketsIn = (values: readonly unknown[]): Set<unknown> => new Set(values[0] as unknown[])

describe('a lane that gets more groups while it asks the database', () => {
  test('about timers: it asks again, with the new ones', async () => {
    const { lane, next } = fakeLane()
    lane.adopt(0, ledger())
    lane.start()
    ;(await next(READ_INTAKE)).answer([])
    const first = await next(READ_TIMERS)
    assert.equal(bucketsIn(first.values).size, 32)
    lane.adopt(1, ledger())
    first.answer([{ bucket: 0, stream: 'o-1', at: 500 }])
    ;(await next(READ_INTAKE)).answer([])
    const second = await next(READ_TIMERS)
    assert.equal(bucketsIn(second.values).size, 64)
    second.answer([])
    await lane.whenIdle()
    void lane.stop()
  })

  test('about positions, after a failure: the new ones are not taken for lost', async () => {
    const { lane, next, fenced } = fakeLane()
    lane.adopt(0, ledger())
    lane.adopt(1, ledger())
    lane.start()
    ;(await next(READ_INTAKE)).fail(new Error('connection lost'))
    const positions = await next(READ_POSITIONS)
    lane.adopt(2, ledger())
    // Group 1 came back to us meanwhile under a new epoch; group 0 belongs to somebody else now.
    lane.adopt(1, ledger(7))
    positions.answer([])
    await next(READ_INTAKE)
    assert.deepEqual(fenced, [0])
    assert.deepEqual(
      [0, 1, 2].map(group => lane.owns(homeBucketOf(group))),
      [false, true, true],
    )
    const stopped = lane.stop()
    void stopped
  })
})

const rowOf = (n: number): IntakeRow => ({
  ...{
    bucket: 0,
    class: CLASS.event,
    id: `e-${n}`,
    stream: `o-${n}`,
    kind: 'order',
    what: 'event',
    type: 'order.noted',
  },
  ...{ v: 1, actor: 'feed:a', occurredAt: 0, recordedAt: 0, knownAt: 0, historical: false, body: {}, stored: '{}' },
})

describe('a lane under pressure', () => {
  test('queues what is due however much waits: an alarm is not kept waiting until the backlog is gone', async () => {
    const { lane, next } = fakeLane()
    lane.mailbox.push(Array.from({ length: 5000 }, (_, n) => rowOf(n)))
    lane.adopt(0, ledger())
    lane.start()
    ;(await next(READ_TIMERS)).answer([{ bucket: 0, stream: 'o-late', at: 0 }])
    await next(LOAD_HEADS)
    assert.ok(lane.mailbox.has('w:o-late'))
    void lane.stop()
  })

  test('queues all that is due within some steps, however much waits before it', async () => {
    const { lane, nextOf } = fakeLane()
    const before = Array.from({ length: 5000 }, (_, n) => ({ bucket: 0, stream: `o-${n}` }))
    for (const one of before) lane.mailbox.pushWake({ ...sweepOf(one, 0), class: CLASS.event })
    lane.adopt(0, ledger())
    lane.start()
    const due = Array.from({ length: 2000 }, (_, n) => ({ bucket: n % 32, stream: `o-late-${n}`, at: -n - 1 }))
    let steps = 0
    let isRead = false
    while (lane.mailbox.wakes < due.length && steps < 50) {
      const question = await nextOf(READ_INTAKE, READ_TIMERS, LOAD_HEADS)
      if (question.text === LOAD_HEADS) steps++
      question.answer(question.text === READ_TIMERS && !isRead ? due : [])
      isRead ||= question.text === READ_TIMERS
    }
    assert.ok(steps <= 10, `${lane.mailbox.wakes} of them after ${steps} steps`)
    void lane.stop()
  })

  test('works off the timers that it has read before it reads more', async () => {
    const { lane, next, nextOf, people } = fakeLane()
    people.seen()
    lane.adopt(0, ledger())
    lane.start()
    ;(await next(READ_INTAKE)).answer([])
    // As many as one read gives, all of them due, so that more may be.
    const full = Array.from({ length: 1024 }, (_, n) => ({ bucket: n % 32, stream: `o-${n}`, at: -1 }))
    ;(await next(READ_TIMERS)).answer(full)
    let woken = 0
    let readAfter: number | null = null
    while (readAfter === null) {
      const question = await nextOf(LOAD_HEADS, READ_TIMERS)
      if (question.text === READ_TIMERS) readAfter = woken
      else woken += JSON.parse(String(question.values[0])).length
      question.answer([])
    }
    // Some of them still stand in the mailbox, and are told again by the read.
    assert.ok(readAfter >= full.length - 256, `read more after ${readAfter}`)
    while (woken < full.length) {
      const question = await next(LOAD_HEADS)
      woken += JSON.parse(String(question.values[0])).length
      question.answer([])
    }
    await lane.whenIdle()
    void lane.stop()
  })
})

describe('a sweep', () => {
  const streams = [{ bucket: 0, stream: 'o-1' }]

  test('is done when its streams were reconsidered', async () => {
    const { lane, next } = fakeLane()
    lane.adopt(0, ledger())
    lane.start()
    ;(await next(READ_INTAKE)).answer([])
    ;(await next(READ_TIMERS)).answer([])
    const done = lane.sweep(0, streams, 0)
    ;(await next(LOAD_HEADS)).answer([])
    assert.equal(await done, true)
    void lane.stop()
  })

  test('is not done when the lane forgot what it had to do meanwhile', async () => {
    const { lane, next } = fakeLane()
    lane.adopt(0, ledger())
    lane.start()
    ;(await next(READ_INTAKE)).answer([])
    ;(await next(READ_TIMERS)).answer([])
    const done = lane.sweep(0, streams, 0)
    ;(await next(LOAD_HEADS)).fail(new Error('connection lost'))
    assert.equal(await done, false)
    void lane.stop()
  })
})
