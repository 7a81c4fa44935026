import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { nodeViews } from './nodes.ts'
import { factsUntil, shareOf, step, ticksOf } from './past.ts'
import { stagesOf } from './stages.ts'

const HOUR = 3_600_000
const T0 = Date.parse('2026-11-11T00:00:00.000Z')
const iso = (hours: number): string => new Date(T0 + hours * HOUR).toISOString()

const money = { minor: 0, currency: 'CNY' }
const order = (hours: Readonly<Record<string, number>>, more: Partial<OrderDetail> = {}): OrderDetail => ({
  ...{ id: 'o-1', version: 1, channel: 'web', orderNo: 'A', status: 'placed', reportedStatus: null, historical: false },
  nodes: Object.fromEntries(Object.entries(hours).map(([node, h]) => [node, iso(h)])),
  ...{
    corrected: [],
    promise: null,
    lines: [],
    lineCount: 0,
    units: 0,
    paymentMethod: null,
    payments: [],
    refunds: [],
  },
  totals: { items: money, freight: money, order: money, paid: money, refunded: money },
  ...{
    parcels: [],
    customer: { masked: null, id: null, tier: null },
    erasedAt: null,
    shipTo: { country: null, region: null, city: null },
  },
  ...{ cases: [], nextWakeAt: null, lastEventAt: null },
  ...more,
})
const promise = (hours: number): OrderDetail['promise'] => ({
  ...{ grain: 'instant', to: iso(hours), zone: 'Asia/Shanghai', endsAt: iso(hours) },
})
const shipBy = (hours: number): OrderDetail['lines'] => [{ sku: 'A', qty: 1, price: 1, shipBy: iso(hours) }]

describe('nodes', () => {
  test('what is known is done, what was passed over says so, the next one is current', () => {
    const views = nodeViews(order({ placed: 0, paid: 1, allocated: 3 }), T0 + 10 * HOUR)
    assert.deepEqual(
      views.map(v => v.state),
      ['passed', 'done', 'passed', 'done', 'current', 'expected', 'expected', 'expected', 'expected', 'expected'],
    )
    assert.deepEqual([views[1]!.took, views[3]!.took], [HOUR, 2 * HOUR])
  })

  test('a current node is late from the promise on, a done one by how much it missed it', () => {
    const given = { lines: shipBy(10), promise: promise(72) }
    const picked = { placed: 0, paid: 1, picking: 2 }
    assert.equal(nodeViews(order(picked, given), T0 + 9 * HOUR)[5]!.late, null)
    assert.equal(nodeViews(order(picked, given), T0 + 15 * HOUR)[5]!.late, 5 * HOUR)
    const ended = order({ ...picked, handedOver: 8, delivered: 80 }, { ...given, status: 'delivered' })
    const views = nodeViews(ended, T0 + 100 * HOUR)
    assert.deepEqual([views[5]!.late, views[9]!.late], [-2 * HOUR, 8 * HOUR])
  })

  test('nothing is expected of an order that is over', () => {
    const views = nodeViews(order({ placed: 0, paid: 1 }, { status: 'cancelled' }), T0 + 10 * HOUR)
    assert.ok(views.every(v => v.state !== 'current'))
  })
})

const barsOf = (given: OrderDetail, now: number) =>
  Object.fromEntries(
    stagesOf(given, T0 + now * HOUR)!.rows.map(row => [
      row.stage,
      row.bars.map(b => [b.kind, (b.from - T0) / HOUR, (b.to - T0) / HOUR]),
    ]),
  )

describe('stages', () => {
  test('a stage runs from the end of the one before it; a start of its own parts waiting from work', () => {
    const bars = barsOf(order({ placed: 0, approved: 1, allocated: 2, picking: 5, packed: 6, handedOver: 9 }), 10)
    assert.deepEqual(bars.approve, [['actual', 0, 1]])
    assert.deepEqual(bars.pick, [
      ['queue', 2, 5],
      ['actual', 5, 6],
    ])
    assert.deepEqual(bars.ship, [['actual', 6, 9]])
    assert.deepEqual(bars.collect, [['queue', 9, 10]])
    assert.deepEqual(bars.haul, [])
  })

  test('where the order stands beyond what was promised, the bar says stop from then on', () => {
    const given = order({ placed: 0, approved: 1, allocated: 2, picking: 3, packed: 4 }, { lines: shipBy(10) })
    assert.deepEqual(barsOf(given, 8).ship, [
      ['planned', 0, 10],
      ['queue', 4, 8],
    ])
    assert.deepEqual(barsOf(given, 14).ship, [
      ['planned', 0, 10],
      ['queue', 4, 10],
      ['stop', 10, 14],
    ])
    assert.equal(stagesOf(given, T0 + 14 * HOUR)!.rows[3]!.standing, 10 * HOUR)
  })

  test('history with few nodes shows what it knows and invents nothing', () => {
    const told = order(
      { placed: 0, approved: 1, handedOver: 30, delivered: 90 },
      { status: 'delivered', promise: promise(100) },
    )
    const bars = barsOf(told, 5000)
    assert.deepEqual(bars.allocate, [])
    assert.deepEqual(bars.ship, [['actual', 1, 30]])
    assert.deepEqual(bars.deliver, [
      ['planned', 30, 100],
      ['actual', 30, 90],
    ])
    assert.equal(stagesOf(order({}), T0), null)
  })
})

describe('the past', () => {
  const facts = [
    { seq: 1, type: 'order.placed', occurredAt: iso(0), knownAt: iso(5) },
    { seq: 2, type: 'order.approved', occurredAt: iso(2), knownAt: iso(5) },
    { seq: 3, type: 'parcel.delivered', occurredAt: iso(1), knownAt: iso(9) },
  ]
  test('ticks stand in the order in which things happened, or became known', () => {
    assert.deepEqual(
      ticksOf(facts, 'occurred').map(t => t.seq),
      [1, 3, 2],
    )
    assert.equal(factsUntil(ticksOf(facts, 'known'), T0 + 5 * HOUR), 2)
  })
  test('one steps from fact to fact, from now into the past and back', () => {
    const ticks = ticksOf(facts, 'occurred')
    const back = step(ticks, null, 'before')
    assert.equal(back, T0 + 2 * HOUR)
    assert.equal(step(ticks, back, 'before'), T0 + HOUR)
    assert.equal(step(ticks, T0, 'before'), T0)
    assert.equal(step(ticks, T0, 'after'), T0 + HOUR)
    assert.equal(step(ticks, T0 + 2 * HOUR, 'after'), null)
  })
  test('shares lie between 0 and 1', () => {
    assert.deepEqual([shareOf(5, 0, 10), shareOf(-5, 0, 10), shareOf(50, 0, 10), shareOf(1, 1, 1)], [0.5, 0, 1, 1])
  })
})
