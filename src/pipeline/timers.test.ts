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
