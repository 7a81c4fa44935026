import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventTypes, ORDER_STATUSES } from '../../contract/events/index.ts'
import type { ScalarField } from '../../contract/facts.ts'
import { orderFacts } from './core/values.ts'
import { orderFactSchema } from './facts.ts'
import { factOf, foldAll, LINE, paidAt, parcelAt, placedAt } from './fixtures.ts'
import { NEW_ORDER } from './types.ts'

const KINDS: { readonly [type: string]: string } = { bool: 'boolean', string: 'string' }
const kindOf = ({ type }: ScalarField): string => KINDS[type] ?? 'number'
const all = Object.entries(orderFactSchema).flatMap(([root, { of }]) =>
  Object.entries(of).map(([name, field]) => ({ root, name, field })),
)

const FULL = foldAll([
  placedAt(10, {
    lines: [{ ...LINE, shipBy: 99, seller: 's', discount: 100 }],
    discount: 50,
    promise: { grain: 'instant', to: 500, zone: 'UTC' },
    customer: { tier: 'vip' },
    shipTo: { country: 'CN', region: 'ZJ', city: 'Hangzhou' },
  }),
  paidAt(11, 2000),
  factOf('order.approved', 12, {}),
  factOf('order.allocated', 13, {}),
  factOf('fulfilment.picking_started', 14, {}),
  factOf('fulfilment.packed', 15, {}),
  ...(['handed_over', 'in_transit', 'out_for_delivery', 'delivered'] as const).map((n, i) =>
    parcelAt(`parcel.${n}`, 8 + i, 'T'),
  ),
  factOf('parcel.in_transit', 17, { ref: { trackingNo: 'T', carrier: 'sf' } }),
  factOf('order.cancelled', 20, {}),
  factOf('return.received', 21, {}),
  factOf('payment.refunded', 22, { amount: 5, currency: 'CNY' }),
  factOf('order.confirmed', 11, {}),
  parcelAt('parcel.collected', 8, 'T'),
  parcelAt('parcel.delivery_attempted', 9, 'T'),
  parcelAt('parcel.delivery_attempted', 10, 'T'),
  factOf('parcel.ready_for_pickup', 10, { ref: { trackingNo: 'T' }, until: 70 }),
  factOf('parcel.customs', 9, { ref: { trackingNo: 'T' }, stage: 'cleared', eta: 60, place: { name: 'Hub' } }),
  factOf('parcel.exception', 10, { ref: { trackingNo: 'T' }, code: 'damaged' }),
  ...[1, 2, 3].map(n => factOf('payment.failed', n, {})),
  factOf('payment.refund_failed', 5, {}),
  factOf('payment.disputed', 6, {}),
  factOf('fulfilment.short', 7, {}),
  factOf('order.cancel_requested', 19, {}),
  factOf('order.edited', 9, {}),
  factOf('order.promise_changed', 8, { promise: { grain: 'instant', to: 400, zone: 'UTC' } }),
  factOf('return.requested', 20, {}),
  factOf('return.approved', 20, {}),
  factOf('message.received', 12, {}),
  factOf('message.received', 13, {}),
  factOf('review.received', 14, { score: 2 }),
  factOf('sensor.reading', 15, { measure: 'temperature', value: 8.5, unit: 'Cel' }),
])

test('every declared field has both names, an example of its type, a unit where it needs one, and writers that exist', () => {
  const known = Object.keys(eventTypes)
  for (const { root, name, field } of all) {
    const where = `${root}.${name}`
    assert.match(field.label.zh, /\p{Script=Han}|^SKU$/u, where)
    assert.match(field.label.en, /^[A-Z]/, where)
    assert.equal(typeof field.example, kindOf(field), where)
    assert.equal(field.unit !== undefined, ['money', 'time', 'dur', 'num'].includes(field.type), where)
    for (const from of field.from)
      assert.ok(
        known.some(type => type === from || (from.endsWith('*') && type.startsWith(from.slice(0, -1)))),
        `${where}: ${from}`,
      )
  }
})

test('a full order gives every declared field with its declared type, and no other', () => {
  const facts = orderFacts(FULL) as { order: object; lines: object[]; parcels: object[]; readings: object[] }
  const values = {
    ...{ order: facts.order, lines: facts.lines[0]!, parcels: facts.parcels[0]!, readings: facts.readings[0]! },
  }
  for (const [root, object] of Object.entries(values)) {
    const declared = all.filter(f => f.root === root)
    assert.deepEqual(Object.keys(object).sort(), declared.map(f => f.name).sort(), root)
    for (const { name, field } of declared)
      assert.equal(typeof Reflect.get(object, name), kindOf(field), `${root}.${name}`)
  }
})

test('an order of which nothing is known gives exactly the fields that are not optional', () => {
  const { order } = orderFacts(NEW_ORDER) as { order: object }
  const must = all.filter(f => f.root === 'order' && !f.field.optional).map(f => f.name)
  assert.deepEqual(Object.keys(order).sort(), must.sort())
})

test('the values themselves', () => {
  assert.deepEqual(orderFacts(FULL), {
    order: {
      channel: 'shop',
      orderNo: 'A-1',
      status: 'cancelled',
      placedAt: 10,
      paidAt: 11,
      paymentMethod: 'card',
      approvedAt: 12,
      allocatedAt: 13,
      pickedAt: 14,
      packedAt: 15,
      handedOverAt: 8,
      inTransitAt: 9,
      outForDeliveryAt: 10,
      deliveredAt: 11,
      deliveredReported: false,
      cancelledAt: 20,
      cancelled: true,
      onHold: false,
      returnedAt: 21,
      refundedAt: 22,
      promiseEndsAt: 500,
      shipBy: 99,
      lineCount: 1,
      itemsTotal: 1850,
      freightTotal: 0,
      orderTotal: 1850,
      paidTotal: 2000,
      refundedTotal: 5,
      currency: 'CNY',
      sequenceFault: 'approved_after_handover,handover_before_placed,cancelled_after_handover,delivery_of_cancelled',
      lastEventAt: 22,
      confirmedAt: 11,
      collectedAt: 8,
      cancelRequestedAt: 19,
      paymentFailedAt: 3,
      paymentFailures: 3,
      paymentCount: 1,
      refundFailedAt: 5,
      disputedAt: 6,
      shortAt: 7,
      editedAt: 9,
      edits: 1,
      promiseChangedAt: 8,
      promiseChanges: 1,
      returnRequestedAt: 20,
      returnApprovedAt: 20,
      messageAt: 13,
      messages: 2,
      reviewedAt: 14,
      reviewScore: 2,
      units: 2,
      discountTotal: 50,
      parcelCount: 1,
      customerTier: 'vip',
      country: 'CN',
      region: 'ZJ',
      city: 'Hangzhou',
    },
    lines: [{ ...LINE, shipBy: 99, seller: 's', discount: 100 }],
    parcels: [
      {
        ...{ trackingNo: 'T', carrier: 'sf', lastScanAt: 17, status: 'delivered', handedOverAt: 8, deliveredAt: 11 },
        ...{ collectedAt: 8, outForDeliveryAt: 10, statusAt: 17, place: 'Hub', placeAt: 9, customsStage: 'cleared' },
        ...{ exceptionCode: 'damaged', exceptionAt: 10, attempts: 2, attemptedAt: 10, etaAt: 60, pickupUntil: 70 },
      },
    ],
    readings: [{ measure: 'temperature', value: 8.5, unit: 'Cel', at: 15 }],
    node: { name: 'delivered', since: 11 },
  })
  assert.ok(ORDER_STATUSES.includes(FULL.status))
})
