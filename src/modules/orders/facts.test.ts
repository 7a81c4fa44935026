import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventTypes, ORDER_STATUSES } from '../../contract/events/index.ts'
import type { ScalarField } from '../../contract/facts.ts'
import { orderFactSchema, orderFacts } from './facts.ts'
import { factOf, foldAll, LINE, paidAt, parcelAt, placedAt } from './fixtures.ts'
import { NEW_ORDER } from './types.ts'

const KINDS: { readonly [type: string]: string } = { bool: 'boolean', string: 'string' }
const kindOf = ({ type }: ScalarField): string => KINDS[type] ?? 'number'
const all = Object.entries(orderFactSchema).flatMap(([root, { of }]) =>
  Object.entries(of).map(([name, field]) => ({ root, name, field })),
)

const FULL = foldAll([
  placedAt(10, { lines: [{ ...LINE, shipBy: 99, seller: 's' }], promise: { grain: 'instant', to: 500, zone: 'UTC' } }),
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
  const facts = orderFacts(FULL) as { order: object; lines: object[]; parcels: object[] }
  const values = { order: facts.order, lines: facts.lines[0]!, parcels: facts.parcels[0]! }
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
      returnedAt: 21,
      refundedAt: 22,
      promiseEndsAt: 500,
      shipBy: 99,
      lineCount: 1,
      itemsTotal: 2000,
      freightTotal: 0,
      orderTotal: 2000,
      paidTotal: 2000,
      refundedTotal: 5,
      currency: 'CNY',
      sequenceFault: 'approved_after_handover,handover_before_placed,cancelled_after_handover,delivery_of_cancelled',
      lastEventAt: 22,
    },
    lines: [{ ...LINE, shipBy: 99, seller: 's' }],
    parcels: [
      { trackingNo: 'T', carrier: 'sf', lastScanAt: 17, status: 'delivered', handedOverAt: 8, deliveredAt: 11 },
    ],
  })
  assert.ok(ORDER_STATUSES.includes(FULL.status))
})
