import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR } from '../../kernel/instant.ts'
import { histogramOf } from './histogram.ts'

const of = (...values: number[]) => histogramOf(Float64Array.from(values).sort())

describe('how durations are spread', () => {
  it('counts what ended in each step, with an edge where the harm is', () => {
    const bars = of(-2 * HOUR + 1, -30, 0, 1, HOUR, 20 * HOUR, 30 * HOUR)
    assert.deepEqual(bars.slice(0, 4), [
      { from: -2 * HOUR, upTo: -HOUR, n: 1 },
      { from: -HOUR, upTo: 0, n: 2 },
      { from: 0, upTo: HOUR, n: 2 },
      { from: HOUR, upTo: 2 * HOUR, n: 0 },
    ])
    assert.deepEqual(bars.at(-1), { from: 29 * HOUR, upTo: 30 * HOUR, n: 1 })
  })

  it('is not flattened by a strange order: it is in the last bar', () => {
    const bars = of(...Array.from({ length: 500 }, (_, i) => i * 6 * 60_000), 5000 * DAY)
    assert.ok(bars.length > 20, `${bars.length} bars`)
    assert.equal(bars.at(-1)!.upTo, 5000 * DAY)
  })

  it('has an edge at the harm however few came after it, or before it', () => {
    const early = Array.from({ length: 500 }, (_, i) => 20 * DAY + i * HOUR)
    assert.deepEqual(of(-3 * HOUR, ...early)[0], { from: -3 * HOUR, upTo: 0, n: 1 })
    const late = early.map(value => -value)
    assert.deepEqual(of(3 * HOUR, ...late).at(-1), { from: 0, upTo: 3 * HOUR, n: 1 })
  })

  it('says nothing of nothing', () => assert.deepEqual(of(), []))

  it('has every value in exactly one of at most 40 bars without a hole between them', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.integer({ min: -900 * DAY, max: 9000 * DAY }), fc.integer({ min: -3 * HOUR, max: 9 * HOUR })),
          { minLength: 1 },
        ),
        values => {
          const bars = of(...values)
          assert.ok(bars.length <= 40, `${bars.length} bars`)
          assert.equal(
            bars.reduce((sum, bar) => sum + bar.n, 0),
            values.length,
          )
          if (values.some(v => v < 0) && values.some(v => v > 0)) assert.ok(bars.some(bar => bar.upTo === 0))
          for (const [i, bar] of bars.entries()) {
            assert.ok(bar.from < bar.upTo)
            if (i > 0) assert.equal(bar.from, bars[i - 1]!.upTo)
            const within = values.filter(v => v <= bar.upTo && (v > bar.from || (i === 0 && v >= bar.from)))
            assert.equal(bar.n, within.length)
          }
        },
      ),
    )
  })
})
