import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fact } from '../../../contract/stream.ts'
import { factOf, foldAll, LINE, paidAt, parcelAt, placedAt } from '../fixtures.ts'
import type { OrderState } from '../types.ts'
import { MOVES_KEPT, NEW_ORDER, PARCELS_KEPT } from '../types.ts'
import { evolve } from './evolve.ts'
import { lastPaidAt, paymentMethodOf } from './money-moves.ts'
import { handedOverAtOf, outboundOf, parcelStatusOf } from './parcels.ts'
import { isCancelled, parcelMilestones } from './status.ts'
import { totalsOf } from './totals.ts'

const reported = (at: number, status: OrderState['status'] | 'completed' | 'unavailable' | 'processing') =>
  factOf('order.status_reported', at, { status })
const cancelled = factOf('order.cancelled', 60, {})

const STATUSES: [why: string, facts: Fact[], status: string][] = [
  ['nothing but the order', [placedAt(1)], 'placed'],
  ['paid is no rung', [placedAt(1), paidAt(2, 5)], 'placed'],
  ['each rung', [placedAt(1), factOf('order.approved', 2, {})], 'approved'],
  ['', [placedAt(1), factOf('order.allocated', 3, {})], 'allocated'],
  ['', [placedAt(1), factOf('fulfilment.picking_started', 3, {})], 'picking'],
  ['', [placedAt(1), factOf('fulfilment.packed', 3, {})], 'packed'],
  ['', [placedAt(1), parcelAt('parcel.handed_over', 4)], 'handed_over'],
  ['collected proves the hand-over', [placedAt(1), parcelAt('parcel.collected', 4, 'T')], 'handed_over'],
  ['', [placedAt(1), parcelAt('parcel.customs', 5, 'T')], 'in_transit'],
  ['', [placedAt(1), parcelAt('parcel.out_for_delivery', 6, 'T')], 'out_for_delivery'],
  ['', [placedAt(1), parcelAt('parcel.delivered', 7, 'T')], 'delivered'],
  ['', [placedAt(1), factOf('return.received', 9, {})], 'returned'],
  ['only some came back', [placedAt(1), factOf('return.received', 9, { partial: true })], 'placed'],
  [
    'the furthest rung, not the newest',
    [parcelAt('parcel.in_transit', 5, 'T'), factOf('order.approved', 9, {})],
    'in_transit',
  ],
  ['one of two delivered', [parcelAt('parcel.delivered', 7, 'T'), parcelAt('parcel.in_transit', 5, 'U')], 'in_transit'],
  ['both delivered', [parcelAt('parcel.delivered', 7, 'T'), parcelAt('parcel.delivered', 5, 'U')], 'delivered'],
  [
    'one delivered, one sent back',
    [parcelAt('parcel.delivered', 7, 'T'), parcelAt('parcel.returned_to_sender', 9, 'U')],
    'delivered',
  ],
  ['all sent back', [parcelAt('parcel.returned_to_sender', 9, 'U')], 'returned'],
  ['the whole order delivered', [parcelAt('parcel.in_transit', 7, 'T'), parcelAt('parcel.delivered', 9)], 'delivered'],
  ['cancelled beats all', [placedAt(1), cancelled, parcelAt('parcel.delivered', 70)], 'cancelled'],
  ['reported as cancelled', [placedAt(1), reported(2, 'cancelled')], 'cancelled'],
  ['a later report takes it back', [placedAt(1), reported(2, 'cancelled'), reported(3, 'approved')], 'approved'],
  ['a report lifts', [placedAt(1), reported(2, 'delivered')], 'delivered'],
  ['', [placedAt(1), reported(2, 'completed')], 'delivered'],
  ['', [placedAt(1), reported(2, 'processing')], 'approved'],
  [
    'a report never lowers',
    [placedAt(1), parcelAt('parcel.in_transit', 5, 'T'), reported(9, 'approved')],
    'in_transit',
  ],
  ['what is no rung changes nothing', [placedAt(1), reported(2, 'unavailable')], 'placed'],
]

test('the status that facts prove', () => {
  for (const [why, facts, status] of STATUSES) assert.equal(foldAll(facts).status, status, why || facts.at(-1)!.type)
})

test('a node keeps the earliest instant; the correction known last beats it', () => {
  const approved = (at: number, knownAt = at, correction?: true) =>
    factOf('order.approved', at, { correction }, knownAt)
  const at = (...facts: Fact[]) => foldAll(facts).nodes.at.approved
  assert.equal(at(approved(20), approved(10), approved(30)), 10)
  assert.equal(at(approved(20), approved(50, 60, true), approved(10)), 50)
  assert.equal(at(approved(50, 60, true), approved(40, 61, true), approved(45, 59, true)), 40)
  assert.equal(at(approved(50, 60, true), approved(40, 60, true)), 40)
})

test('newer content replaces older, and older never newer', () => {
  const edited = factOf('order.edited', 20, { lines: [LINE, LINE, LINE], freight: 50, shipTo: { city: '达州市' } })
  const first = placedAt(10, { freight: 70, discount: 100, tax: 30, shipTo: { city: '成都市', region: '四川省' } })
  for (const facts of [
    [first, edited],
    [edited, first],
  ]) {
    const state = foldAll(facts)
    assert.equal(state.basket?.lines, 3)
    assert.equal(state.lines.length, 3)
    assert.deepEqual(state.shipTo, { at: 20, city: '达州市' })
    assert.deepEqual(totalsOf(state), { currency: 'CNY', items: 5930, freight: 50, order: 5980, paid: 0, refunded: 0 })
  }
})

test('sums over lines: quantity times price less discounts, freight of lines and order, the earliest limit', () => {
  const lines = [
    { sku: 'A', qty: 3, price: 100, discount: 50, freight: 7, shipBy: 90 },
    { sku: 'B', qty: 1, price: 10, freight: 1, shipBy: 80 },
  ]
  const state = foldAll([placedAt(1, { lines, freight: 2 })])
  assert.deepEqual(state.basket, { at: 1, lines: 2, units: 4, items: 260, freight: 8, shipBy: 80 })
  assert.equal(totalsOf(state).order, 270)
  assert.equal(totalsOf(foldAll([placedAt(1, { lines, discount: 9999 })])).items, 0)
})

test('an order without lines and a payment before the order', () => {
  const state = foldAll([paidAt(5, 100, { currency: 'EUR' })])
  assert.deepEqual(totalsOf(state), { currency: 'EUR', items: 0, freight: 0, order: 0, paid: 100, refunded: 0 })
  assert.deepEqual(totalsOf(foldAll([placedAt(1, { lines: [] })], state)).paid, 0)
})

test('payments are known by id and sequence, else by instant, method and amount', () => {
  const ref = { orderNo: 'A-1', paymentId: 'P' }
  const state = foldAll([
    paidAt(10, 300, { sequence: 1 }),
    paidAt(10, 300, { sequence: 2 }),
    paidAt(11, 300, { sequence: 2 }),
    paidAt(12, 500, { ref, method: 'slip' }),
    paidAt(12, 500, { ref, method: 'slip' }),
    paidAt(13, 40, { method: 'voucher' }),
    paidAt(13, 40, { method: 'voucher' }),
    paidAt(14, 7, { currency: 'EUR' }),
    paidAt(99, 450, { ref, method: 'slip', correction: true }),
  ])
  assert.deepEqual(
    state.payments.map(p => p.amount),
    [300, 300, 450, 40, 7],
  )
  assert.equal(totalsOf(state).paid, 1090)
  assert.equal(paymentMethodOf(state), 'slip')
  assert.equal(lastPaidAt(state.payments), 99)
  assert.equal(state.nodes.at.paid, 99)
})

test('the declared method counts until something is paid', () => {
  const state = foldAll([placedAt(1, { paymentMethod: 'slip' })])
  assert.equal(paymentMethodOf(state), 'slip')
  assert.equal(paymentMethodOf(foldAll([paidAt(2, 0, { method: 'voucher' })], state)), 'voucher')
  assert.equal(paymentMethodOf(NEW_ORDER), undefined)
})

test('beyond what is kept, payments become a sum and parcels stay in the ledger', () => {
  const payments = Array.from({ length: MOVES_KEPT + 10 }, (_, i) => paidAt(i, 10, { sequence: i }))
  const state = foldAll([placedAt(0), ...payments])
  assert.equal(totalsOf(state).paid, (MOVES_KEPT + 10) * 10)
  assert.equal(state.payments.length, MOVES_KEPT + 1)
  const parcels = Array.from({ length: PARCELS_KEPT + 5 }, (_, i) => parcelAt('parcel.in_transit', i, `T${i}`))
  assert.equal(foldAll(parcels).parcels.length, PARCELS_KEPT)
})

test('a parcel: newest scan, place and trouble; delivery holds against late scans, the way back undoes it', () => {
  const inTransit = factOf('parcel.arrived_at_hub', 20, {
    ref: { trackingNo: 'T', carrier: 'sf' },
    place: { city: '达州市' },
  })
  const broken = factOf('parcel.exception', 15, {
    ref: { trackingNo: 'T' },
    code: 'damaged',
    place: { name: '集散中心' },
  })
  const facts = [inTransit, broken, parcelAt('parcel.delivered', 30, 'T')]
  const [parcel] = foldAll(facts).parcels
  assert.deepEqual(parcel, {
    id: 'T',
    trackingNo: 'T',
    carrier: 'sf',
    nodes: { at: { inTransit: 20, delivered: 30 } },
    status: 'delivered',
    statusAt: 30,
    lastScanAt: 30,
    place: { at: 20, name: '达州市' },
    exception: { at: 15, code: 'damaged' },
  })
  const late = foldAll([...facts, parcelAt('parcel.departed_hub', 40, 'T')]).parcels[0]!
  assert.equal(parcelStatusOf(late), 'delivered')
  assert.equal(late.lastScanAt, 40)
  assert.equal(parcelStatusOf(foldAll([...facts, parcelAt('parcel.returning', 50, 'T')]).parcels[0]!), 'returning')
  assert.equal(
    parcelStatusOf(foldAll([...facts, parcelAt('parcel.returned_to_sender', 50, 'T')]).parcels[0]!),
    'returned',
  )
})

test('label and hand-over are not scans of the carrier', () => {
  const [parcel] = foldAll([parcelAt('parcel.label_created', 5, 'T'), parcelAt('parcel.handed_over', 6, 'T')]).parcels
  assert.equal(parcel?.lastScanAt, undefined)
  assert.equal(parcel?.status, 'handed_over')
  assert.equal(handedOverAtOf(parcel!), 6)
})

test('what is said of the whole order is said of each parcel once parcels have names', () => {
  const state = foldAll([
    parcelAt('parcel.handed_over', 5),
    parcelAt('parcel.in_transit', 8, 'T'),
    parcelAt('parcel.in_transit', 9, 'U'),
  ])
  assert.deepEqual(
    outboundOf(state.parcels).map(p => [p.id, handedOverAtOf(p)]),
    [
      ['T', 5],
      ['U', 5],
    ],
  )
  assert.equal(parcelMilestones(state).handedOver, 5)
})

test('a return shipment tells of the way back, in whichever order its messages come', () => {
  const shipped = factOf('return.shipped', 40, { ref: { orderNo: 'A-1', trackingNo: 'R' } })
  const back = [parcelAt('parcel.collected', 41, 'R'), parcelAt('parcel.delivered', 45, 'R')]
  const there = [parcelAt('parcel.in_transit', 10, 'T')]
  for (const facts of [
    [...there, shipped, ...back],
    [...back, shipped, ...there],
  ]) {
    const state = foldAll(facts)
    assert.equal(state.status, 'in_transit')
    const { inTransit, collected, delivered } = parcelMilestones(state)
    assert.deepEqual([inTransit, collected, delivered], [10, undefined, undefined])
    assert.deepEqual(
      outboundOf(state.parcels).map(p => p.id),
      ['T'],
    )
  }
})

test('the newest promise holds', () => {
  const zone = 'Asia/Shanghai'
  const day = (to: string) => ({ grain: 'day' as const, to, zone })
  const changed = factOf('order.promise_changed', 20, { promise: day('2026-11-30') })
  const first = placedAt(10, { promise: day('2026-11-25') })
  for (const facts of [
    [first, changed],
    [changed, first],
  ])
    assert.equal(foldAll(facts).promise?.endsAt, Date.UTC(2026, 10, 30, 16))
})

test('nobody is named in the state', () => {
  const customer = { id: 'c-1', name: '李小芳', phone: '13800138000', email: 'fang@example.com' }
  const shipTo = { name: '李小芳', line1: '竹海路 1 号', postcode: '635100', city: '达州市', region: '四川省' }
  const state = foldAll([
    placedAt(1, { customer, shipTo, note: '门口' }),
    factOf('message.received', 2, { text: '李小芳' }),
  ])
  assert.deepEqual(state.customer, { at: 1, masked: '李*芳', id: 'c-1' })
  assert.doesNotMatch(JSON.stringify(state), /李小芳|1380|example|竹海路|635100|门口/)
})

test('flags keep the newest instant, and news without a node only says when something was heard', () => {
  const state = foldAll([
    placedAt(1),
    factOf('payment.failed', 9, {}),
    factOf('payment.failed', 5, {}),
    factOf('sensor.reading', 12, {}),
  ])
  assert.deepEqual(state.flags, { paymentFailed: 9 })
  assert.equal(state.lastEventAt, 12)
  assert.equal(state.lastEvent, 'sensor.reading')
})

test("a note and other rooms' facts leave the very same state", () => {
  const state = foldAll([placedAt(1)])
  const other = (type: string): Fact => ({ ...placedAt(5), type, body: {} })
  for (const type of ['order.note_added', 'finding.raised', 'case.opened', 'command.refused', 'constructor'])
    assert.equal(evolve(state, other(type)), state, type)
  assert.equal(isCancelled(state), false)
})

test('a typical order keeps to about 1 KB, the largest to 64 KB', () => {
  const long = 'x'.repeat(128)
  const lines = Array.from({ length: 1000 }, (_, i) => ({
    ...LINE,
    lineNo: `${i}`.padEnd(64, 'y'),
    sku: long,
    seller: long,
    shipBy: 1e12,
    freight: 1e12,
    discount: 1e3,
  }))
  const ref = (i: number, trackingNo: string) => ({
    orderNo: 'A-1',
    trackingNo: `${trackingNo}${i}`.padEnd(64, 'z'),
    carrier: 'c'.repeat(64),
  })
  const parcels = Array.from({ length: 60 }, (_, i) =>
    factOf('parcel.arrived_at_hub', 1e12, { ref: ref(i, 'T'), place: { name: 'p'.repeat(200) } }),
  )
  const moves = Array.from({ length: 80 }, (_, i) =>
    paidAt(1e12, 1e12, { ref: { paymentId: `${i}`.padEnd(128, 'q') }, sequence: i }),
  )
  const refunds = Array.from({ length: 80 }, (_, i) =>
    factOf('payment.refunded', 1e12, { amount: 1, currency: 'CNY', refundId: `${i}`.padEnd(128, 'q') }),
  )
  const state = foldAll([placedAt(1e12, { lines }), ...parcels, ...moves, ...refunds])
  assert.equal(state.basket?.lines, 1000)
  assert.ok(JSON.stringify(state).length < 64 * 1024, `${JSON.stringify(state).length}`)
})

test('warehouses that any message names, whole or line by line, in whatever order they come', () => {
  const facts = [
    placedAt(1, { lines: [{ ...LINE, warehouse: 'w2' }, LINE] }),
    factOf('order.allocated', 2, { warehouse: 'w1' }),
    factOf('fulfilment.scanned', 3, { warehouse: 'w1' }),
    factOf('fulfilment.short', 4, { warehouse: 'w3', lines: [] }),
  ]
  for (const order of [facts, facts.toReversed()]) assert.deepEqual(foldAll(order).warehouses, ['w1', 'w2', 'w3'])
  assert.equal(foldAll([placedAt(1)]).warehouses, undefined)
})

test('an order is touched once a person did anything with it, also with its case', () => {
  const untouched = foldAll([placedAt(1)])
  const by = (actor: string): Fact => ({ ...placedAt(2), type: 'case.noted', actor, body: {} })
  for (const actor of ['feed:shop', 'rule:late@1', 'system', 'key:crm', 'team:east'])
    assert.equal(foldAll([by(actor)], untouched).touched, undefined, actor)
  assert.equal(foldAll([by('user:anna'), by('system')], untouched).touched, true)
  assert.equal(foldAll([by('key:crm for user:anna'), placedAt(3)], untouched).touched, true)
})
