import * as z from 'zod'
import { METHODS, ORDER_STATUSES } from '../events/index.ts'
import { SEVERITIES } from '../exceptions.ts'
import { STAGES } from '../stages.ts'
import { named, route } from './route.ts'
import { anyObject, at, caseId, cursor, label, limit, listOf, money, orderId, page, when, yesNo } from './shapes.ts'

const severity = z.enum(SEVERITIES)

export const orderItem = named(
  'OrderItem',
  z.strictObject({
    id: orderId(),
    version: z.int(),
    orderNo: z.string(),
    channel: z.string(),
    status: z.enum(ORDER_STATUSES),
    placedAt: at().nullable(),
    promiseEndsAt: at().nullable().meta({ description: 'From this instant on the promise is broken' }),
    handedOverAt: at().nullable(),
    deliveredAt: at().nullable(),
    cancelled: z.boolean(),
    total: money,
    paid: money,
    lines: z.int(),
    units: z.int(),
    customer: z.string().nullable().meta({ description: 'Masked' }),
    erased: z.boolean().meta({ description: 'The personal data of the order was erased' }),
    region: z.string().nullable(),
    city: z.string().nullable(),
    carrier: z.string().nullable(),
    trackingNo: z.string().nullable(),
    paymentMethod: z.enum(METHODS).nullable(),
    openCases: z.int(),
    worstSeverity: severity.nullable(),
    historical: z.boolean().meta({ description: 'It came from an import of history: findings yes, messages no' }),
    stage: z.enum(STAGES).nullable().meta({ description: 'The furthest node that it has reached' }),
    stageSince: at().nullable(),
    touched: z.boolean().meta({ description: 'A person did something with it' }),
    lastEventAt: at(),
    updatedAt: at(),
  }),
)
export type OrderItem = z.output<typeof orderItem>

const line = z.strictObject({
  no: z.string().optional(),
  sku: z.string(),
  qty: z.int(),
  price: z.int(),
  discount: z.int().optional(),
  freight: z.int().optional(),
  shipBy: at().optional(),
  seller: z.string().optional(),
})

const move = z.strictObject({
  id: z.string(),
  at: at(),
  amount: money,
  method: z.enum(METHODS).optional(),
  correctedAt: at().optional(),
})

const parcel = z.strictObject({
  id: z.string().meta({ description: '`-` stands for what was said of the parcels as a whole' }),
  trackingNo: z.string().optional(),
  carrier: z.string().optional(),
  inbound: z.boolean(),
  status: z.string(),
  statusAt: at(),
  nodes: z.record(z.string(), at()),
  lastScanAt: at().optional(),
  place: z.string().optional(),
  exception: z.strictObject({ code: z.string(), at: at() }).optional(),
})

const openCase = z.strictObject({
  id: caseId(),
  type: z.string(),
  name: label,
  scope: z.string(),
  severity,
  status: z.string(),
  holds: z.boolean(),
  owner: z.string().nullable(),
  openedAt: at(),
})

const orderDetail = named(
  'Order',
  z.strictObject({
    id: orderId(),
    version: z.int(),
    channel: z.string().nullable(),
    orderNo: z.string().nullable(),
    status: z.enum(ORDER_STATUSES),
    reportedStatus: z.string().nullable(),
    historical: z.boolean(),
    nodes: z.record(z.string(), at()).meta({ description: 'When each milestone came about' }),
    corrected: z.array(z.string()).meta({ description: 'Milestones that a correction set' }),
    promise: z
      .strictObject({
        grain: z.enum(['day', 'instant']),
        from: z.string().optional(),
        to: z.string(),
        zone: z.string(),
        endsAt: at(),
      })
      .nullable(),
    totals: z.strictObject({ items: money, freight: money, order: money, paid: money, refunded: money }),
    lines: z.array(line).meta({ description: 'The first 200; the ledger has all' }),
    lineCount: z.int(),
    units: z.int(),
    paymentMethod: z.enum(METHODS).nullable(),
    payments: z.array(move),
    refunds: z.array(move),
    parcels: z.array(parcel),
    customer: z.strictObject({ masked: z.string().nullable(), id: z.string().nullable(), tier: z.string().nullable() }),
    erasedAt: at().nullable().meta({ description: 'When the personal data of the order was erased' }),
    shipTo: z.strictObject({
      country: z.string().nullable(),
      region: z.string().nullable(),
      city: z.string().nullable(),
    }),
    cases: z.array(openCase).meta({ description: 'Those that are not over' }),
    nextWakeAt: at().nullable().meta({ description: 'The next instant at which a rule can change by itself' }),
    lastEventAt: at().nullable(),
  }),
)
export type OrderDetail = z.output<typeof orderDetail>

export const BY = ['occurred', 'known'] as const

const asOf = {
  at: when().optional().meta({ format: 'date-time', description: 'Show it as of this instant' }),
  by: z
    .enum(BY)
    .default('occurred')
    .meta({ description: 'as it was (`occurred`), or as it was known (`known`), at that instant' }),
}

const fact = named(
  'LedgerRow',
  z.strictObject({
    seq: z.int(),
    type: z.string(),
    version: z.int(),
    name: label,
    actor: z.string(),
    occurredAt: at(),
    recordedAt: at(),
    knownAt: at(),
    cause: z.string().nullable().meta({ description: 'The message or command behind it; null for a timer' }),
    data: anyObject().meta({ description: 'Instants in it are epoch ms; personal fields are masked' }),
  }),
)
export type LedgerItem = z.output<typeof fact>

const exclusive = () => when().optional().meta({ format: 'date-time', description: 'exclusive' })

/** What numbers of the cockpit lead to. */
const stageFilter = {
  stage: listOf(z.enum(STAGES)).optional().meta({ description: 'open orders whose furthest node is this one' }),
  stageTo: exclusive().meta({ format: 'date-time', description: 'it was reached before' }),
  leftStage: z.enum(STAGES).optional().meta({ description: 'orders that left this stage, of the last 40 days' }),
  leftFrom: when().optional(),
  leftTo: exclusive(),
  stayOver: z.coerce.number().int().min(0).optional().meta({ description: 'ms; they had been in it for longer' }),
  touched: yesNo().optional().meta({ description: 'whether a person did anything with it' }),
  promiseFrom: when().optional(),
  promiseTo: exclusive(),
  kept: yesNo().optional().meta({ description: 'the promise was kept, or broken; cancelled orders have none' }),
  deliveredFrom: when().optional(),
  deliveredTo: exclusive(),
}

/** When the nodes ahead of an order usually come. */
const outlook = named(
  'OrderOutlook',
  z.strictObject({
    days: z.int().meta({ description: 'the stays of so many days before now were looked at' }),
    steps: z
      .array(z.strictObject({ node: z.enum(STAGES), at: at(), stays: z.int() }))
      .meta({ description: 'Nodes ahead, each after the median stay in the stage before it; empty when it is over' }),
    deliveredAt: at().nullable().meta({ description: 'of the last step, when that is the door' }),
  }),
)
export type OrderOutlook = z.output<typeof outlook>

const params = z.strictObject({ id: orderId() })

export const orderRoutes = {
  listOrders: route({
    method: 'GET',
    path: '/v1/orders',
    right: 'order.read',
    tag: 'Orders',
    summary: 'List orders, the newest first',
    query: z.strictObject({
      status: listOf(z.enum(ORDER_STATUSES)).optional(),
      channel: listOf(z.string().min(1).max(64)).optional(),
      q: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'any number of the order, a place or a product, a customer by whole name or phone' }),
      placedFrom: when().optional(),
      placedTo: when().optional().meta({ format: 'date-time', description: 'exclusive' }),
      openCases: yesNo().optional(),
      severity: listOf(severity).optional().meta({ description: 'of the worst open case' }),
      promiseBefore: when().optional(),
      customer: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'the whole name, phone, e-mail or id of the customer' }),
      region: listOf(z.string().min(1).max(100)).optional(),
      paymentMethod: listOf(z.enum(METHODS)).optional(),
      ...stageFilter,
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'A page', schema: page('OrderPage', orderItem) } },
    problems: ['invalid_cursor'],
  }),
  getOrder: route({
    method: 'GET',
    path: '/v1/orders/{id}',
    right: 'order.read',
    tag: 'Orders',
    summary: 'One order, as it is or as it was',
    params,
    query: z.strictObject(asOf),
    replies: {
      200: { description: 'Its state; ETag is its version', schema: orderDetail },
      304: { description: 'It is what If-None-Match says' },
    },
    problems: ['order_not_found'],
  }),
  getOrderOutlook: route({
    method: 'GET',
    path: '/v1/orders/{id}/outlook',
    right: 'order.read',
    tag: 'Orders',
    summary: 'When the milestones ahead of an order usually come',
    description:
      'From where the order stands, with the median stays of its channel in the last 30 days. It is no promise: it says how orders like it go when nothing is done. Stages with fewer than 20 stays are left out.',
    params,
    replies: { 200: { description: 'As of now', schema: outlook } },
    problems: ['order_not_found'],
  }),
  getOrderLedger: route({
    method: 'GET',
    path: '/v1/orders/{id}/ledger',
    right: 'ledger.read',
    tag: 'Orders',
    summary: 'Everything that was written about an order',
    params,
    query: z.strictObject({ ...asOf, limit: limit(), cursor: cursor().optional() }),
    replies: { 200: { description: 'A page, in the order of writing', schema: page('LedgerPage', fact) } },
    problems: ['order_not_found', 'invalid_cursor'],
  }),
}
