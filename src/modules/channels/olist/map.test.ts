import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseEvent } from '../../../contract/events/index.ts'
import { csvSplitter, isFault } from '../files/core-csv.ts'
import { cellReader, readItem, readOrder, readPayment, readReview } from './core-rows.ts'
import { mapOrder, type OrderRows } from './map.ts'

/** A row of a table as its reader makes it, from cells given by name. */
const row = <R>(read: (cells: ReturnType<typeof cellReader>) => R, cells: Record<string, string>, line = 2): R => {
  const reader = cellReader(new Map(Object.keys(cells).map((name, i) => [name, i])), Object.values(cells), {
    file: `${read.name}.csv`,
    row: line,
  })
  const made = read(reader)
  assert.equal(reader.fault(), null)
  return made
}

const ORDER = {
  order_id: 'o1',
  customer_id: 'c1',
  order_status: 'delivered',
  order_purchase_timestamp: '2018-05-07 11:30:00',
  order_approved_at: '2018-05-07 12:00:00',
  order_delivered_carrier_date: '2018-05-08 16:20:00',
  order_delivered_customer_date: '2018-05-12 12:00:00',
  order_estimated_delivery_date: '2018-05-20 00:00:00',
}
const PAYMENT = {
  order_id: 'o1',
  payment_sequential: '1',
  payment_type: 'credit_card',
  payment_installments: '1',
  payment_value: '10.00',
}
const ITEM = {
  order_id: 'o1',
  order_item_id: '1',
  product_id: 'p1',
  seller_id: 's1',
  shipping_limit_date: '2018-05-10 11:30:00',
  price: '58.9',
  freight_value: '13.29',
}
const REVIEW = {
  review_id: 'r1',
  order_id: 'o1',
  review_score: '4',
  review_comment_title: '',
  review_comment_message: '',
  review_creation_date: '2018-05-13 00:00:00',
  review_answer_timestamp: '2018-05-14 10:00:00',
}

const rowsOf = (order: Partial<typeof ORDER>, more: Partial<OrderRows> = {}): OrderRows => ({
  order: row(readOrder, { ...ORDER, ...order }),
  items: [],
  payments: [],
  reviews: [],
  products: new Map(),
  translations: new Map(),
  ...more,
})

/** `kind time`, in Brazilian winter time as the file has it. */
const story = (rows: OrderRows): string[] =>
  mapOrder(rows).events.map(({ event, occurredAt }) => {
    const local = new Date(occurredAt - 3 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
    return `${event.id.split(':').slice(2).join(':')} ${local}`
  })

const QUIRKS: [name: string, rows: OrderRows, is: string[]][] = [
  [
    'a plain order',
    rowsOf({}, { payments: [row(readPayment, PAYMENT)], reviews: [row(readReview, REVIEW)] }),
    [
      'placed 05-07 11:30',
      'payment:1 05-07 11:30',
      'approved 05-07 12:00',
      'handed_over 05-08 16:20',
      'delivered 05-12 12:00',
      'review:r1 05-14 10:00',
    ],
  ],
  [
    'minute precision: all at one instant, in the order of the process',
    rowsOf(
      {
        order_approved_at: '2018-05-07 11:30:00',
        order_delivered_carrier_date: '2018-05-07 11:30:00',
        order_delivered_customer_date: '2018-05-07 11:30:00',
        order_status: 'canceled',
      },
      { payments: [row(readPayment, PAYMENT)] },
    ),
    ['placed', 'payment:1', 'approved', 'handed_over', 'delivered', 'cancelled'].map(kind => `${kind} 05-07 11:30`),
  ],
  [
    'approved after hand-over: the times stand as they are',
    rowsOf({ order_approved_at: '2018-05-09 08:00:00', order_delivered_customer_date: '', order_status: 'shipped' }),
    ['placed 05-07 11:30', 'handed_over 05-08 16:20', 'approved 05-09 08:00', 'status 05-09 08:00'],
  ],
  [
    'handed over before the purchase',
    rowsOf({ order_delivered_carrier_date: '2018-05-07 07:00:00' }),
    ['handed_over 05-07 07:00', 'placed 05-07 11:30', 'approved 05-07 12:00', 'delivered 05-12 12:00'],
  ],
  [
    'delivered without a date',
    rowsOf({ order_delivered_customer_date: '' }),
    ['placed 05-07 11:30', 'approved 05-07 12:00', 'handed_over 05-08 16:20', 'status 05-08 16:20'],
  ],
  [
    'unavailable, without items and without more',
    rowsOf({
      order_status: 'unavailable',
      order_delivered_carrier_date: '',
      order_delivered_customer_date: '',
    }),
    ['placed 05-07 11:30', 'approved 05-07 12:00', 'status 05-07 12:00'],
  ],
  [
    'canceled: at the last instant of its own row',
    rowsOf({ order_status: 'canceled', order_delivered_customer_date: '' }, { reviews: [row(readReview, REVIEW)] }),
    [
      'placed 05-07 11:30',
      'approved 05-07 12:00',
      'handed_over 05-08 16:20',
      'cancelled 05-08 16:20',
      'review:r1 05-14 10:00',
    ],
  ],
  [
    'a review without an answer is told when the survey was made',
    rowsOf({}, { reviews: [row(readReview, { ...REVIEW, review_answer_timestamp: '' })] }),
    [
      'placed 05-07 11:30',
      'approved 05-07 12:00',
      'handed_over 05-08 16:20',
      'delivered 05-12 12:00',
      'review:r1 05-13 00:00',
    ],
  ],
]
for (const [name, rows, is] of QUIRKS) test(name, () => assert.deepEqual(story(rows), is))

const METHODS = { credit_card: 'card', boleto: 'slip', voucher: 'voucher', debit_card: 'debit', not_defined: 'other' }
for (const [type, method] of [
  ...Object.entries({ ...METHODS, pix: 'other', constructor: 'other' }),
  ['__proto__', 'other'],
] as const)
  test(`payment type ${type} is ${method}, also for nothing`, () => {
    const payment = row(readPayment, { ...PAYMENT, payment_type: type, payment_value: '0.0' })
    const paid = mapOrder(rowsOf({}, { payments: [payment] })).events[1]?.event.data
    assert.deepEqual(paid, {
      ref: { orderNo: 'o1', paymentId: 'o1-1' },
      amount: 0,
      currency: 'BRL',
      method,
      sequence: 1,
      installments: 1,
    })
  })

const REPORTED: [status: string, is: string][] = [
  ['created', 'placed'],
  ['approved', 'approved'],
  ['invoiced', 'processing'],
  ['processing', 'processing'],
  ['shipped', 'handed_over'],
  ['unavailable', 'unavailable'],
]
for (const [status, is] of REPORTED)
  test(`status ${status} is reported as ${is} and kept in the source's words`, () => {
    const last = mapOrder(rowsOf({ order_status: status })).events.at(-1)?.event
    assert.deepEqual([last?.type, last?.data.status, last?.data.sourceStatus], ['order.status_reported', is, status])
  })

test('lines come by number, amounts in minor units, and the category stands for the name', () => {
  const items = [row(readItem, { ...ITEM, order_item_id: '2' }, 3), row(readItem, ITEM)]
  const products = new Map([['p1', { file: 'p', row: 2, productId: 'p1', category: 'perfumaria', weightG: 225 }]])
  const translations = new Map([['perfumaria', { file: 't', row: 2, category: 'perfumaria', english: 'perfumery' }]])
  const { events } = mapOrder(rowsOf({}, { items, products, translations }))
  const first = { lineNo: '1', sku: 'p1', name: 'perfumery', qty: 1, price: 5890, freight: 1329 }
  assert.deepEqual(events[0]?.event.data, {
    ref: { orderNo: 'o1' },
    currency: 'BRL',
    lines: [first, { ...first, lineNo: '2' }].map(l => ({ ...l, shipBy: '2018-05-10T14:30:00.000Z', seller: 's1' })),
    promise: { grain: 'day', to: '2018-05-20', zone: 'America/Sao_Paulo' },
  })
  assert.equal(events.find(e => e.event.type === 'parcel.handed_over')?.event.data.weightG, 450)
})

test('a review that covers several orders has an id of its own in each', () => {
  const idIn = (orderId: string): string | undefined => {
    const review = row(readReview, { ...REVIEW, order_id: orderId })
    const { events } = mapOrder(rowsOf({ order_id: orderId }, { reviews: [review] }))
    return events.at(-1)?.event.id
  }
  assert.deepEqual([idIn('o1'), idIn('o2')], ['olist:o1:review:r1', 'olist:o2:review:r1'])
})

test('of twins the first is used and the others are reported', () => {
  const payments = [PAYMENT, { ...PAYMENT, payment_value: '11' }].map((cells, i) => row(readPayment, cells, i + 2))
  const { events, reports } = mapOrder(rowsOf({}, { payments }))
  assert.equal(events.filter(e => e.event.type === 'payment.received').length, 1)
  assert.deepEqual(
    reports.map(r => [r.row, r.id, r.code, r.reason]),
    [[3, 'o1/1', 'duplicate_id', 'the same id stands in line 2 of readPayment.csv']],
  )
})

test('the mapping is pure: same rows, same events; the rows are left as they were', () => {
  const items = Object.freeze([row(readItem, { ...ITEM, order_item_id: '2' }), row(readItem, ITEM)])
  const rows = rowsOf({}, { items })
  assert.deepEqual(mapOrder(rows), mapOrder(rows))
})

test('whatever rows the readers accept, the contract accepts the events', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 140 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('x', '1', '10.5', '2018-05-07 11:30:00', 'shipped', 'x'.repeat(5000), '\t', '\u0000', 'e\u0301'),
  )
  const cells = <T extends object>(table: T) =>
    fc.record(
      Object.fromEntries(
        Object.entries(table).map(([name, good]) => [
          name,
          fc.oneof({ weight: 20, arbitrary: fc.constant(good) }, word),
        ]),
      ),
    )
  const accepted = <R>(read: (c: ReturnType<typeof cellReader>) => R, given: Record<string, string>): R[] => {
    const names = Object.keys(given)
    const text = names.map(name => `"${given[name]?.toWellFormed().replaceAll('"', '""')}"`).join(',')
    const record = csvSplitter().push(`${text}\n`)[0]
    if (!record || isFault(record)) return []
    const reader = cellReader(new Map(names.map((name, i) => [name, i])), record.cells, { file: 'f', row: 1 })
    const made = read(reader)
    return reader.fault() ? [] : [made]
  }
  let events = 0
  fc.assert(
    fc.property(cells(ORDER), cells(ITEM), cells(PAYMENT), cells(REVIEW), (order, item, payment, review) => {
      for (const row of accepted(readOrder, order)) {
        const parts = {
          items: accepted(readItem, item),
          payments: accepted(readPayment, payment),
          reviews: accepted(readReview, review),
        }
        for (const { event } of mapOrder({ ...rowsOf({}), order: row, ...parts }).events) {
          assert.deepEqual(parseEvent(event, { now: 0 }).ok || parseEvent(event, { now: 0 }), true)
          events++
        }
      }
    }),
    { numRuns: 1000 },
  )
  assert.ok(events > 1000, `only ${events} events were made`)
})
