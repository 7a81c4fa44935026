import { z } from 'zod'
import { defineEvent } from './define.ts'
import { code, correction, MAX_LINES, ref, skuQuantity, text } from './fields.ts'
import { personal } from './marks.ts'

const items = () => z.array(skuQuantity()).max(MAX_LINES).optional()
const returnId = () => code(128).optional()

export const returnEvents = {
  'return.requested': defineEvent({
    type: 'return.requested',
    v: 1,
    node: 'returnRequested',
    label: { zh: '申请退货', en: 'Return requested' },
    description: { zh: '客户要求退货或换货。', en: 'The customer asked to send goods back or exchange them.' },
    schema: z.strictObject({
      ref: ref(),
      correction: correction(),
      returnId: returnId(),
      wants: z.enum(['refund', 'exchange', 'repair', 'other']).optional(),
      lines: items(),
      reason: personal(text(200)).optional(),
      comment: personal(text(4000)).optional(),
    }),
  }),
  'return.approved': defineEvent({
    type: 'return.approved',
    v: 1,
    label: { zh: '同意退货', en: 'Return approved' },
    description: { zh: '退货申请被接受。', en: 'The return was authorised.' },
    schema: z.strictObject({ ref: ref(), returnId: returnId() }),
  }),
  'return.shipped': defineEvent({
    type: 'return.shipped',
    v: 1,
    label: { zh: '退货寄出', en: 'Return shipped' },
    description: {
      zh: '客户寄回商品；ref.trackingNo 是退回包裹的运单号。',
      en: 'The customer sent goods back; ref.trackingNo names the parcel that comes back.',
    },
    schema: z.strictObject({ ref: ref(), returnId: returnId() }),
  }),
  'return.received': defineEvent({
    type: 'return.received',
    v: 1,
    node: 'returned',
    label: { zh: '退货入库', en: 'Return received' },
    description: {
      zh: '退货到仓。partial 为 true 时只是部分商品，订单不算退回。',
      en: 'Returned goods arrived. With `partial` only some of them did, and the order does not count as returned.',
    },
    schema: z.strictObject({
      ref: ref(),
      correction: correction(),
      returnId: returnId(),
      partial: z.boolean().optional(),
      lines: items(),
      condition: z.enum(['good', 'opened', 'damaged', 'wrong_item', 'other']).optional(),
    }),
  }),
}
