import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE, SECOND } from '../../kernel/instant.ts'
import { binOf, countAbove, endOfBin, quantileOf } from './core-bins.ts'
import { caseCells, orderCells, splitDimension, staysOf } from './core-cells.ts'
import { individualsLimits, isOutside } from './core-control.ts'
import { deltasOf, packCells, unpackCells } from './core-deltas.ts'
import type { CaseFigures, Cell, OrderFigures } from './types.ts'

const order: OrderFigures = {
  ...{ channel: 'web', currency: 'CNY', total: 9800, placedAt: 10 * HOUR, promiseEndsAt: 50 * HOUR, deliveredAt: null },
  ...{ cancelled: false, touched: false, arrived: false, nodes: { placed: 10 * HOUR } },
}
const one: CaseFigures = {
  ...{ channel: 'web', type: 'late', severity: 'P1', currency: 'CNY', amount: 9800, openedAt: 10 * HOUR },
  ...{ acknowledgedAt: null, resolvedAt: null, endedAt: null, over: false, cleared: false, reopened: 0, pausedMs: 0 },
}
const shown = (cells: readonly Cell[]) => cells.map(c => [c.measure, c.hour, c.dimension])

describe('what an order counts as', () => {
  it('placed, and its promise in the hour in which that ends', () => {
    assert.deepEqual(shown(orderCells(order)), [
      ['order.placed', 10, ''],
      ['promise', 50, 'open'],
    ])
    const touched = orderCells({ ...order, touched: true, cancelled: true })
    assert.deepEqual(shown(touched), [
      ['order.placed', 10, ''],
      ['order.touched', 10, ''],
    ])
    assert.deepEqual(orderCells({ ...order, placedAt: null, promiseEndsAt: null }), [])
  })

  it('a promise is kept up to its last millisecond', () => {
    const at = (deliveredAt: number | null, arrived = false) =>
      orderCells({ ...order, deliveredAt, arrived }).find(c => c.measure === 'promise')!.dimension
    assert.deepEqual(
      [at(50 * HOUR - 1), at(50 * HOUR), at(null), at(null, true)],
      ['kept', 'broken', 'open', 'undated'],
    )
  })

  it('stays from each node to the next that was reached, in the hour in which the stage was left', () => {
    const nodes = { placed: HOUR, approved: 2 * HOUR, handedOver: 5 * HOUR, delivered: 4 * HOUR }
    assert.deepEqual(staysOf(nodes), [
      { stage: 'placed', enteredAt: HOUR, leftAt: 2 * HOUR },
      { stage: 'approved', enteredAt: 2 * HOUR, leftAt: 5 * HOUR },
    ])
    const stays = orderCells({ ...order, nodes }).filter(c => c.measure === 'stay')
    assert.deepEqual(shown(stays), [
      ['stay', 2, `placed/${binOf(HOUR)}`],
      ['stay', 5, `approved/${binOf(3 * HOUR)}`],
    ])
  })
})

describe('what a case counts as', () => {
  it('open until it is over, with times since its opening', () => {
    assert.deepEqual(shown(caseCells(one)), [
      ['case.opened', 10, 'P1/late'],
      ['case.open', null, 'P1/late'],
    ])
    const done = { ...one, acknowledgedAt: 11 * HOUR, resolvedAt: 13 * HOUR, endedAt: 14 * HOUR, over: true }
    assert.deepEqual(
      caseCells(done).map(c => [c.measure, c.hour, c.ms / HOUR, c.amount]),
      [
        ['case.opened', 10, 0, 9800],
        ['case.acknowledged', 11, 1, 9800],
        ['case.resolved', 13, 3, 9800],
        ['case.ended', 14, 4, 9800],
      ],
    )
    const back = caseCells({ ...done, reopened: 1, pausedMs: 2 * HOUR }).find(c => c.measure === 'case.resolved')
    assert.equal(back?.ms, HOUR, 'what was before it came back does not count')
    const gone = { ...one, resolvedAt: 13 * HOUR, endedAt: 13 * HOUR, over: true, cleared: true }
    assert.deepEqual(
      caseCells(gone).map(c => c.measure),
      ['case.opened', 'case.ended'],
    )
    assert.deepEqual(splitDimension('P1/late'), { severity: 'P1', type: 'late' })
  })
})

describe('corrections', () => {
  const cell = fc.record(
    {
      measure: fc.constantFrom('order.placed', 'case.open', 'stay'),
      hour: fc.constantFrom(1, 2, null),
      channel: fc.constantFrom('a', 'b'),
      dimension: fc.constantFrom('', 'x/y'),
      currency: fc.constant('CNY'),
      amount: fc.nat(100),
      ms: fc.nat(100),
    },
    { noNullPrototype: true },
  ) as fc.Arbitrary<Cell>
  const states = fc.array(fc.array(cell, { maxLength: 6 }), { minLength: 1, maxLength: 8 })
  const sum = (deltas: ReturnType<typeof deltasOf>) => {
    const sums = new Map<string, number[]>()
    for (const d of deltas) {
      const key = [d.measure, d.hour, d.channel, d.dimension].join()
      const [n = 0, amount = 0, ms = 0] = sums.get(key) ?? []
      sums.set(key, [n + d.n, amount + d.amount, ms + d.ms])
    }
    return new Map([...sums].filter(([, s]) => s.some(x => x !== 0)).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  it('whatever a stream was meanwhile, the sums are those of what it is now', () => {
    fc.assert(
      fc.property(states, all => {
        const steps = all.flatMap((after, i) => deltasOf(all[i - 1] ?? [], after))
        assert.deepEqual(sum(steps), sum(deltasOf([], all.at(-1)!)))
      }),
    )
  })

  it('nothing changes what is the same, and cells survive being stored', () => {
    fc.assert(
      fc.property(states, ([cells]) => {
        assert.deepEqual(deltasOf(cells!, cells!), [])
        assert.deepEqual(unpackCells(packCells(cells!)), cells)
      }),
    )
  })
})

describe('histograms', () => {
  it('a value is taken for the end of its bin, a twentieth too long at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1001, max: 90 * 24 * HOUR }), ms => {
        const bin = binOf(ms)
        assert.ok(endOfBin(bin) >= ms && endOfBin(bin - 1) < ms && endOfBin(bin) < ms * 1.051)
      }),
    )
    assert.deepEqual([binOf(0), binOf(SECOND), binOf(SECOND + 1)], [0, 0, 1])
  })

  it('quantiles and counts above', () => {
    const bins = [MINUTE, HOUR, 10 * HOUR].map((ms, i) => ({ bin: binOf(ms), n: [90, 9, 1][i]! }))
    const near = (ms: number | null, wanted: number) => assert.ok(Math.abs(ms! / wanted - 1) < 0.06, String(ms))
    near(quantileOf(bins, 0.5), MINUTE)
    near(quantileOf(bins, 0.95), HOUR)
    near(quantileOf(bins, 1), 10 * HOUR)
    assert.equal(quantileOf([], 0.5), null)
    assert.deepEqual(
      [countAbove(bins, 2 * HOUR), countAbove(bins, 2 * MINUTE), countAbove(bins, 20 * HOUR)],
      [1, 10, 0],
    )
  })
})

describe('control limits', () => {
  it('are those of an individuals chart: the example of the NIST handbook, 6.3.2.2', () => {
    const flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    const limits = individualsLimits(flow)!
    assert.deepEqual(
      [limits.mean, limits.upper, limits.lower].map(x => Math.round(x * 1000) / 1000),
      [50.81, 55.804, 45.816],
    )
    assert.deepEqual(
      [56, 50, 45].map(x => isOutside(x, limits)),
      [true, false, true],
    )
  })

  it('of counts are never below zero, and of few values not at all', () => {
    assert.equal(individualsLimits([1, 2, 3, 4, 5, 6, 7]), null)
    assert.equal(individualsLimits([0, 9, 0, 9, 0, 9, 0, 9])?.lower, 0)
    assert.deepEqual(individualsLimits(Array(8).fill(4)), { mean: 4, upper: 4, lower: 4 })
  })
})
