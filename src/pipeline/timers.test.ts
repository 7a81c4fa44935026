import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Timer, Timers } from './timers.ts'

const timer = (at: number, stream = `s${at}`): Timer => ({ at, stream, bucket: 0 })

describe('timers', () => {
  test('gives what is due, earliest first, and no more than asked for', () => {
    const timers = new Timers()
    for (const at of [50, 10, 40, 20, 30]) timers.add(timer(at))
    assert.equal(timers.next(), 10)
    assert.deepEqual(
      timers.due(40, 3).map(t => t.at),
      [10, 20, 30],
    )
    assert.deepEqual(
      timers.due(40, 3).map(t => t.at),
      [40],
    )
    assert.deepEqual(timers.due(49, 3), [])
    assert.equal(timers.size, 1)
  })

  test('cleared, it knows nothing and says so', () => {
    const timers = new Timers()
    timers.add(timer(1))
    timers.windowEnd = 100
    timers.clear()
    assert.equal(timers.next(), null)
    assert.equal(timers.windowEnd, Number.NEGATIVE_INFINITY)
  })

  const windowOf = (read: Timer[], until: number, most: number): number => {
    const timers = new Timers()
    timers.fill(read, until, most)
    assert.equal(timers.size, read.length)
    return timers.windowEnd
  }
  const of = (bucket: number, ...ats: number[]): Timer[] => ats.map(at => ({ at, stream: `s${at}`, bucket }))

  test('a window ends where the first bucket may hold more than was read', () => {
    assert.equal(windowOf([], 100, 3), 100)
    assert.equal(windowOf([...of(1, 10, 20), ...of(2, 5)], 100, 3), 100)
    assert.equal(windowOf([...of(1, 50, 60, 70), ...of(2, 5, 90)], 100, 3), 70)
    assert.equal(windowOf([...of(1, 70, 60, 50), ...of(2, 10, 30, 20)], 100, 3), 30, 'in whatever order they come')
  })

  test('whatever waits, all that is due before the end of the window was read, and reading on finds the rest', () => {
    const waiting = fc.array(fc.record({ bucket: fc.nat(3), at: fc.nat(40) }), { maxLength: 60 })
    fc.assert(
      fc.property(waiting, fc.integer({ min: 1, max: 5 }), (all, most) => {
        let left = all.map(({ bucket, at }, i): Timer => ({ bucket, at, stream: `s${i}` }))
        for (let reads = 0; left.length > 0; reads++) {
          assert.ok(reads <= all.length, 'each read gets on')
          const timers = new Timers()
          const buckets = Map.groupBy(left, t => t.bucket).values()
          const read = [...buckets].flatMap(b => b.toSorted((x, y) => x.at - y.at).slice(0, most))
          timers.fill(read, 50, most)
          const due = new Set(timers.due(timers.windowEnd, all.length))
          for (const timer of left) assert.ok(timer.at >= timers.windowEnd || due.has(timer))
          left = left.filter(timer => !due.has(timer))
        }
      }),
    )
  })

  const step = fc.oneof(
    { arbitrary: fc.record({ at: fc.nat(60) }), weight: 3 },
    { arbitrary: fc.record({ now: fc.nat(60), limit: fc.nat(5) }), weight: 1 },
  )

  test('behaves as a sorted list would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), steps => {
        const timers = new Timers()
        let list: number[] = []
        for (const s of steps) {
          if ('at' in s) {
            timers.add(timer(s.at))
            list = [...list, s.at].toSorted((a, b) => a - b)
          } else {
            const due = list.filter(at => at <= s.now).slice(0, s.limit)
            assert.deepEqual(
              timers.due(s.now, s.limit).map(t => t.at),
              due,
            )
            list = list.slice(due.length)
          }
          assert.equal(timers.next(), list[0] ?? null)
          assert.equal(timers.size, list.length)
        }
      }),
    )
  })
})
