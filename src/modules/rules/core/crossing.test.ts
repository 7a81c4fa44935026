import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { crossing } from './crossing.ts'
import { ordered } from './temporal-frame.ts'

const OPS = ['<', '<=', '>', '>=', '==', '!='] as const

describe('crossing', () => {
  it('is the first tick at which the comparison changes, for any slope', () => {
    const slope = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.constantFrom(1e-9, -1e-9),
    )
    fc.assert(
      fc.property(fc.constantFrom(...OPS), fc.integer({ min: -200, max: 200 }), slope, fc.nat(60), (op, c, k, now) => {
        const at = crossing(op, { c, k }, now)
        assert.ok(at > now)
        const holds = ordered(op, c + k * now, 0)
        const end = Math.min(at, now + 400)
        for (let t = now; t < end; t++) assert.equal(ordered(op, c + k * t, 0), holds, `${op} ${c} ${k} at ${t}`)
        if (at < now + 400) assert.notEqual(ordered(op, c + k * at, 0), holds, `${op} ${c} ${k} at ${at}`)
      }),
      { seed: 101, numRuns: 2000 },
    )
  })

  it('ends, whatever the numbers are', () => {
    const any = fc.double()
    fc.assert(
      fc.property(fc.constantFrom(...OPS), any, any, fc.integer({ min: 0, max: 8e15 }), (op, c, k, now) => {
        const at = crossing(op, { c, k }, now)
        assert.ok(at > now && (at === Number.POSITIVE_INFINITY || Number.isSafeInteger(at)))
        if (at < 8e15) assert.notEqual(ordered(op, c + k * at, 0), ordered(op, c + k * (at - 1), 0))
      }),
      { seed: 102, numRuns: 3000 },
    )
  })
})
