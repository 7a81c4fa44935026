import { z } from 'zod'
import { defineEvent } from './define.ts'
import { code, correction, count, instant, place, ref, text } from './fields.ts'
import { personal } from './marks.ts'

/** What every milestone of a carrier can say. The carrier's own words often name the courier, so they are personal. */
const scan = () => ({
  ref: ref(),
  correction: correction(),
  place: place().optional(),
  /** The carrier's own status code. */
  code: code(64).optional(),
  message: personal(text(1000)).optional(),
  /** When the carrier now expects to deliver. */
  eta: instant().optional(),
})

export const EXCEPTIONS = [
  'damaged',
  'lost',
  'address_problem',
  'refused',
  'held',
  'delayed',
  'misrouted',
  'other',
] as const
export type ParcelExceptionCode = (typeof EXCEPTIONS)[number]

export const carrierEvents = {
  'parcel.label_created': defineEvent({
    type: 'parcel.label_created',
    v: 1,
    label: { zh: '面单生成', en: 'Label created' },
    description: { zh: '承运商收到预报，尚未见到包裹。', en: 'The carrier knows of the parcel and has not seen it.' },
    schema: z.strictObject({ ...scan(), service: code(64).optional(), weightG: count(100_000_000).optional() }),
  }),
  'parcel.collected': defineEvent({
    type: 'parcel.collected',
    v: 1,
    node: 'collected',
    label: { zh: '揽收', en: 'Collected' },
    description: { zh: '承运商取走包裹。', en: 'The carrier took the parcel.' },
    schema: z.strictObject(scan()),
  }),
  'parcel.in_transit': defineEvent({
    type: 'parcel.in_transit',
    v: 1,
    node: 'inTransit',
    label: { zh: '运输中', en: 'In transit' },
    description: { zh: '包裹在路上。', en: 'The parcel is on its way.' },
    schema: z.strictObject(scan()),
  }),
  'parcel.arrived_at_hub': defineEvent({
    type: 'parcel.arrived_at_hub',
    v: 1,
    node: 'inTransit',
    label: { zh: '到达网点', en: 'Arrived at hub' },
    description: { zh: '到达分拣中心或网点。', en: 'It reached a sorting centre or depot.' },
    schema: z.strictObject(scan()),
  }),
  'parcel.departed_hub': defineEvent({
    type: 'parcel.departed_hub',
    v: 1,
    node: 'inTransit',
    label: { zh: '离开网点', en: 'Departed from hub' },
    description: { zh: '离开分拣中心或网点。', en: 'It left a sorting centre or depot.' },
    schema: z.strictObject(scan()),
  }),
  'parcel.customs': defineEvent({
    type: 'parcel.customs',
    v: 1,
    node: 'inTransit',
    label: { zh: '清关', en: 'Customs' },
    description: { zh: '海关的一个阶段。', en: 'A stage at customs.' },
    schema: z.strictObject({ ...scan(), stage: z.enum(['entered', 'inspection', 'duties_due', 'held', 'cleared']) }),
  }),
  'parcel.out_for_delivery': defineEvent({
    type: 'parcel.out_for_delivery',
    v: 1,
    node: 'outForDelivery',
    label: { zh: '派送中', en: 'Out for delivery' },
    description: { zh: '快递员正在派送。', en: 'The courier is on the round.' },
    schema: z.strictObject(scan()),
  }),
  'parcel.delivery_attempted': defineEvent({
    type: 'parcel.delivery_attempted',
    v: 1,
    label: { zh: '派送未成', en: 'Delivery attempted' },
    description: { zh: '派送一次但没有成功。', en: 'One attempt to deliver failed.' },
    schema: z.strictObject({
      ...scan(),
      reason: z.enum(['absent', 'refused', 'address_problem', 'closed', 'payment', 'other']).optional(),
    }),
  }),
  'parcel.ready_for_pickup': defineEvent({
    type: 'parcel.ready_for_pickup',
    v: 1,
    label: { zh: '待自提', en: 'Ready for pick-up' },
    description: { zh: '在驿站、柜机或网点等客户来取。', en: 'It waits for the customer at a shop, locker or depot.' },
    schema: z.strictObject({ ...scan(), until: instant().optional() }),
  }),
  'parcel.delivered': defineEvent({
    type: 'parcel.delivered',
    v: 1,
    node: 'delivered',
    label: { zh: '签收', en: 'Delivered' },
    description: {
      zh: '客户或其指定的人、地点收到。没有运单号时指整个订单。',
      en: 'The customer, or whom or where the customer chose, has it. Without a tracking number: the whole order.',
    },
    schema: z.strictObject({
      ...scan(),
      signedBy: personal(text(200)).optional(),
      proof: z.enum(['signature', 'photo', 'pin', 'locker', 'neighbour', 'none']).optional(),
    }),
  }),
  'parcel.exception': defineEvent({
    type: 'parcel.exception',
    v: 1,
    label: { zh: '物流异常', en: 'Parcel exception' },
    description: {
      zh: '承运商报告问题；承运商自己的代码写在 carrierCode。',
      en: "The carrier reports trouble; the carrier's own code goes to carrierCode.",
    },
    schema: z.strictObject({ ...scan(), code: z.enum(EXCEPTIONS), carrierCode: code(64).optional() }),
  }),
  'parcel.returning': defineEvent({
    type: 'parcel.returning',
    v: 1,
    label: { zh: '退回途中', en: 'Returning' },
    description: { zh: '包裹正退回寄件人。', en: 'The parcel is on its way back to the sender.' },
    schema: z.strictObject(scan()),
  }),
  'parcel.returned_to_sender': defineEvent({
    type: 'parcel.returned_to_sender',
    v: 1,
    node: 'returned',
    label: { zh: '退回签收', en: 'Returned to sender' },
    description: { zh: '寄件人收回了包裹。', en: 'The sender has it back.' },
    schema: z.strictObject(scan()),
  }),
}
