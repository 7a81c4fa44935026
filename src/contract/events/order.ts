import { z } from 'zod'
import { promise } from '../promise.ts'
import { defineEvent } from './define.ts'
import {
  address,
  code,
  correction,
  currency,
  customer,
  instant,
  MAX_LINES,
  MAX_MINOR,
  method,
  minor,
  orderRef,
  party,
  quantity,
  ref,
  text,
} from './fields.ts'
import { personal } from './marks.ts'

/** The status of an order, as we derive it. */
export const ORDER_STATUSES = [
  'placed',
  'approved',
  'allocated',
  'picking',
  'packed',
  'handed_over',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'returned',
  'cancelled',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** What sources report beyond that: known states that are no milestone. */
export const REPORTED_STATUSES = [
  ...ORDER_STATUSES,
  'paid',
  'processing',
  'on_hold',
  'unavailable',
  'completed',
] as const
export type ReportedStatus = (typeof REPORTED_STATUSES)[number]

const line = () =>
  z.strictObject({
    lineNo: code(64).optional(),
    sku: code(128),
    name: text(300).optional(),
    qty: quantity(),
    /** What one piece costs the customer before the discounts below. */
    price: minor(),
    /** Of the whole line. */
    discount: minor().optional(),
    /** Of the whole line. */
    freight: minor().optional(),
    shipBy: instant().optional(),
    seller: code(128).optional(),
    warehouse: code(64).optional(),
    barcode: code(128).optional(),
  })

type Line = { qty: number; price: number; discount?: number }

// The sum over 1,000 lines stays below 2^53 only when each line's product is bounded too.
function boundLine(given: Line, ctx: z.RefinementCtx): void {
  const gross = given.qty * given.price
  if (gross > MAX_MINOR)
    ctx.addIssue({
      code: 'custom',
      path: ['price'],
      message: 'qty times price must not exceed 10^12',
      params: { code: 'out_of_range' },
    })
  if ((given.discount ?? 0) > gross)
    ctx.addIssue({
      code: 'custom',
      path: ['discount'],
      message: 'a discount must not exceed qty times price',
      params: { code: 'out_of_range' },
    })
}

const lines = () => z.array(line().superRefine(boundLine)).max(MAX_LINES)

/** What an order consists of besides its lines; the same for placed and edited. */
const content = () => ({
  freight: minor().optional(),
  discount: minor().optional(),
  /** Tax that the prices do not contain. */
  tax: minor().optional(),
  customer: customer().optional(),
  shipTo: address().optional(),
  note: personal(text(4000)).optional(),
})

export const orderEvents = {
  'order.placed': defineEvent({
    type: 'order.placed',
    v: 1,
    node: 'placed',
    label: { zh: '下单', en: 'Order placed' },
    description: {
      zh: '客户下单；它创建订单流。同一订单再次发送时，较新的内容覆盖较旧的。',
      en: 'The customer ordered; creates the order. Sent again, newer content replaces older.',
    },
    schema: z.strictObject({
      ref: orderRef(),
      correction: correction(),
      currency: currency(),
      lines: lines(),
      ...content(),
      promise: promise().optional(),
      paymentMethod: method().optional(),
    }),
  }),
  'order.confirmed': defineEvent({
    type: 'order.confirmed',
    v: 1,
    node: 'confirmed',
    label: { zh: '订单确认', en: 'Order confirmed' },
    description: { zh: '卖方向客户确认了订单。', en: 'The seller confirmed the order to the customer.' },
    schema: z.strictObject({ ref: ref(), correction: correction() }),
  }),
  'order.edited': defineEvent({
    type: 'order.edited',
    v: 1,
    label: { zh: '订单修改', en: 'Order edited' },
    description: {
      zh: '订单内容改变。给出的部分整体替换：lines 是修改后的全部订单行。',
      en: 'The content changed. What is given replaces the whole of that part: `lines` are all lines after the change.',
    },
    schema: z.strictObject({
      ref: ref(),
      lines: lines().optional(),
      ...content(),
      reason: personal(text(200)).optional(),
      by: party().optional(),
    }),
  }),
  'order.approved': defineEvent({
    type: 'order.approved',
    v: 1,
    node: 'approved',
    label: { zh: '审核通过', en: 'Order approved' },
    description: { zh: '付款和审核完成，可以履约。', en: 'Payment and checks are done; the order may be fulfilled.' },
    schema: z.strictObject({ ref: ref(), correction: correction(), approver: personal(text(200)).optional() }),
  }),
  'order.allocated': defineEvent({
    type: 'order.allocated',
    v: 1,
    node: 'allocated',
    label: { zh: '分仓', en: 'Order allocated' },
    description: { zh: '库存已预占，仓库已选定。', en: 'Stock is booked and the warehouse chosen.' },
    schema: z.strictObject({ ref: ref(), correction: correction(), warehouse: code(64).optional() }),
  }),
  'order.promise_changed': defineEvent({
    type: 'order.promise_changed',
    v: 1,
    label: { zh: '承诺交期变更', en: 'Promise changed' },
    description: {
      zh: '告知客户的交期改变；最新的一次有效。',
      en: 'The customer was told another time; the newest holds.',
    },
    schema: z.strictObject({
      ref: ref(),
      promise: promise(),
      reason: personal(text(200)).optional(),
      by: party().optional(),
    }),
  }),
  'order.cancel_requested': defineEvent({
    type: 'order.cancel_requested',
    v: 1,
    label: { zh: '申请取消', en: 'Cancellation requested' },
    description: { zh: '有人要求取消，尚未取消。', en: 'Somebody asked to cancel; not cancelled yet.' },
    schema: z.strictObject({ ref: ref(), by: party().optional(), reason: personal(text(200)).optional() }),
  }),
  'order.cancelled': defineEvent({
    type: 'order.cancelled',
    v: 1,
    node: 'cancelled',
    label: { zh: '订单取消', en: 'Order cancelled' },
    description: { zh: '整单取消。', en: 'The whole order was cancelled.' },
    schema: z.strictObject({
      ref: ref(),
      correction: correction(),
      by: party().optional(),
      reason: personal(text(200)).optional(),
    }),
  }),
  'order.status_reported': defineEvent({
    type: 'order.status_reported',
    v: 1,
    label: { zh: '来源报告状态', en: 'Status reported' },
    description: {
      zh: '来源给出的状态快照，没有该节点本身的时间；最新的一次有效。',
      en: 'A status that a source tells without the instant at which it came about; the newest holds.',
    },
    schema: z.strictObject({ ref: ref(), status: z.enum(REPORTED_STATUSES), sourceStatus: text(100).optional() }),
  }),
  'order.note_added': defineEvent({
    type: 'order.note_added',
    v: 1,
    label: { zh: '添加备注', en: 'Note added' },
    description: { zh: '有人在订单上写了备注。', en: 'Somebody wrote a note on the order.' },
    schema: z.strictObject({ ref: ref(), text: personal(text(4000)) }),
  }),
}
