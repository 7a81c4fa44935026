import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Mailbox } from './mailbox.ts'
import { CLASS, type IntakeRow, type WakeRow, type Work } from './rows.ts'

const row = (stream: string, id: string, more: Partial<IntakeRow> = {}): IntakeRow => ({
  ...{ bucket: 1, class: CLASS.event, id, stream, kind: 'order', what: 'event', type: 'order.placed', v: 1 },
  ...{ actor: 'feed:shop', occurredAt: 1, recordedAt: 1, knownAt: 1, historical: false, body: {}, stored: '{}' },
  ...more,
})
const wake = (stream: string, more: Partial<WakeRow> = {}): WakeRow => ({
  ...{ what: 'wake', bucket: 1, class: CLASS.event, id: `w:${stream}`, stream, upTo: 9 },
  ...more,
})
const taken = (work: Map<string, Work[]>): string[] =>
  [...work].map(([stream, rows]) => `${stream}: ${rows.map(r => r.id).join(' ')}`)

/** Everything there is, step by step; a mailbox that holds rows but gives none would turn a lane for ever. */
function emptied(mailbox: Mailbox, limit: number): Map<string, Work[]>[] {
  const steps: Map<string, Work[]>[] = []
  while (mailbox.depth > 0) {
    const step = mailbox.take(limit)
    assert.ok(step.size > 0, `${mailbox.depth} rows wait and none is given`)
    steps.push(step)
  }
  return steps
}

describe('mailbox', () => {
  test('streams come by the lowest class of their rows, then by age, each with its earlier rows', () => {
    const mailbox = new Mailbox()
    mailbox.push([
      row('backfill', '01', { class: CLASS.backfill }),
      row('older', '02'),
      row('urgent', '03'),
      row('signalled', '04', { class: CLASS.signal }),
      row('urgent', '05', { class: CLASS.command, what: 'command' }),
      row('newer', '06'),
    ])
    assert.deepEqual(taken(mailbox.take(100)), ['urgent: 03 05'], 'a command is not kept waiting by others')
    assert.deepEqual(taken(mailbox.take(100)), ['signalled: 04', 'older: 02', 'newer: 06', 'backfill: 01'])
    assert.equal(mailbox.depth, 0)
  })

  test('rows of a stream come by id, whatever their order of arrival and their class', () => {
    const mailbox = new Mailbox()
    mailbox.push([row('s', '3'), row('s', '1'), row('s', '2', { class: CLASS.command, what: 'command' })])
    assert.deepEqual(taken(mailbox.take(10)), ['s: 1 2 3'])
  })

  test('rows of a stream come as they were written down: a command does not overtake by its id', () => {
    const mailbox = new Mailbox()
    mailbox.push([
      row('s', 'z', { recordedAt: 1 }),
      row('s', 'a', { recordedAt: 2, class: CLASS.command }),
      row('s', 'b'),
    ])
    assert.deepEqual(taken(mailbox.take(10)), ['s: b z a'])
  })

  test('a wake comes behind the rows of its stream and gives it a place in the queue', () => {
    const mailbox = new Mailbox()
    mailbox.pushWake(wake('sleeper'))
    mailbox.pushWake(wake('s'))
    mailbox.push([row('s', 'z'), row('t', 'a')])
    assert.deepEqual(taken(mailbox.take(10)), ['sleeper: w:sleeper', 's: z w:s', 't: a'])
  })

  test('what waits already is not taken in twice, and may come again once it was taken', () => {
    const mailbox = new Mailbox()
    mailbox.push([row('s', '1'), row('s', '1')])
    mailbox.pushWake(wake('s'))
    mailbox.pushWake(wake('s', { upTo: 99 }))
    assert.equal(mailbox.depth, 2)
    mailbox.take(10)
    mailbox.push([row('s', '1')])
    assert.deepEqual(taken(mailbox.take(10)), ['s: 1'])
  })

  test('a step is about as long as asked for, and a stream gives at most 64 rows to it', () => {
    const mailbox = new Mailbox()
    const ids = Array.from({ length: 150 }, (_, i) => String(i).padStart(4, '0'))
    mailbox.push(ids.map(id => row('long', id)))
    mailbox.push([row('next', 'a'), row('last', 'b')])
    const steps = emptied(mailbox, 65)
    assert.deepEqual(
      steps.map(step => [...step].map(([stream, rows]) => `${stream} ${rows.length}`)),
      [['long 64', 'next 1'], ['last 1', 'long 64'], ['long 22']],
    )
    assert.deepEqual(
      steps.flatMap(step => step.get('long') ?? []).map(r => r.id),
      ids,
    )
  })

  test('while people are at work, a step takes fewer of the streams that time woke; of a sweep it always does', () => {
    const mailbox = new Mailbox()
    for (let n = 0; n < 200; n++) mailbox.pushWake(wake(`s${n}`))
    assert.equal(mailbox.take(64).size, 64)
    assert.equal(mailbox.take(64, { isLively: true }).size, 16)
    assert.equal(mailbox.take(200).size, 120)
    for (let n = 0; n < 64; n++) mailbox.pushWake(wake(`t${n}`, { sweep: true }))
    assert.equal(mailbox.take(64).size, 16)
  })

  test('a wake that had to wait runs until it is taken: a later timer of its stream was dropped meanwhile', () => {
    const mailbox = new Mailbox()
    const upTos = (work: Map<string, Work[]>) => [...work.values()].flat().map(r => (r.what === 'wake' ? r.upTo : r.id))
    mailbox.push([row('s', '1')])
    mailbox.pushWake(wake('s', { upTo: 9 }))
    mailbox.pushWake(wake('s', { upTo: 12 }))
    mailbox.pushWake(wake('t', { upTo: 9, sweep: true }))
    assert.deepEqual([mailbox.depth, mailbox.wakes], [3, 1])
    assert.deepEqual(upTos(mailbox.take(64, { upTo: 15 })), ['1', 15, 9])
    assert.equal(mailbox.wakes, 0)
  })

  test('one stream alone with more rows than fit is worked off to the end', () => {
    const mailbox = new Mailbox()
    mailbox.push(Array.from({ length: 130 }, (_, i) => row('s', String(i).padStart(4, '0'))))
    assert.deepEqual(
      emptied(mailbox, 512).map(step => step.get('s')!.length),
      [64, 64, 2],
    )
  })

  test('forgets the buckets that are not kept, and takes them again later', () => {
    const mailbox = new Mailbox()
    mailbox.push([row('mine', '1', { bucket: 1 }), row('gone', '2', { bucket: 2 })])
    mailbox.pushWake(wake('gone', { bucket: 2 }))
    mailbox.retain(bucket => bucket === 1)
    assert.equal(mailbox.depth, 1)
    mailbox.push([row('gone', '2', { bucket: 2 })])
    assert.deepEqual(taken(mailbox.take(10)), ['mine: 1', 'gone: 2'])
  })

  const work = fc.record({
    stream: fc.constantFrom('a', 'a', 'a', 'a', 'b', 'c'),
    class: fc.constantFrom(0, 1, 2, 3),
    wake: fc.boolean(),
  })
  const script = fc.array(fc.oneof({ arbitrary: work, weight: 9 }, { arbitrary: fc.nat(90), weight: 1 }), {
    maxLength: 400,
    size: 'max',
  })

  test('whatever happens, nothing is lost, doubled or out of order within a stream', () => {
    fc.assert(
      fc.property(script, steps => {
        const mailbox = new Mailbox()
        const pushed: string[] = []
        const got: Work[] = []
        steps.forEach((step, i) => {
          if (typeof step === 'number') got.push(...[...mailbox.take(step + 1).values()].flat())
          else if (step.wake) mailbox.pushWake(wake(step.stream))
          else {
            const id = String(i).padStart(5, '0')
            pushed.push(id)
            mailbox.push([row(step.stream, id, { class: step.class })])
          }
        })
        got.push(...emptied(mailbox, 70).flatMap(step => [...step.values()].flat()))
        const rows = got.filter(w => w.what !== 'wake')
        assert.deepEqual(rows.map(r => r.id).toSorted(), pushed)
        for (const ofStream of Map.groupBy(rows, r => r.stream).values()) {
          const ids = ofStream.map(r => r.id)
          assert.deepEqual(ids, ids.toSorted())
        }
      }),
      { numRuns: 200 },
    )
  })
})
