import { z } from 'zod'
import { defineEvent } from './define.ts'
import { code, correction, count, MAX_LINES, ref, skuQuantity, text } from './fields.ts'
import { personal } from './marks.ts'

const items = () => z.array(skuQuantity()).max(MAX_LINES).optional()
const warehouse = () => code(64).optional()

export const fulfilmentEvents = {
  'fulfilment.picking_started': defineEvent({
    type: 'fulfilment.picking_started',
    v: 1,
    node: 'picking',
    label: { zh: '开始拣货', en: 'Picking started' },
    description: { zh: '仓库开始拣货。', en: 'The warehouse began to pick.' },
    schema: z.strictObject({ ref: ref(), correction: correction(), warehouse: warehouse() }),
  }),
  'fulfilment.packed': defineEvent({
    type: 'fulfilment.packed',
    v: 1,
    node: 'packed',
    label: { zh: '打包完成', en: 'Packed' },
    description: { zh: '包裹已打好，待交接。', en: 'The goods are packed and wait for hand-over.' },
    schema: z.strictObject({
      ref: ref(),
      correction: correction(),
      warehouse: warehouse(),
      pieces: count(1000).optional(),
    }),
  }),
  'fulfilment.short': defineEvent({
    type: 'fulfilment.short',
    v: 1,
    label: { zh: '仓库缺货', en: 'Short in the warehouse' },
    description: { zh: '仓库找不到应有的商品。', en: 'The warehouse cannot find goods that should be there.' },
    schema: z.strictObject({
      ref: ref(),
      warehouse: warehouse(),
      lines: items(),
      reason: personal(text(200)).optional(),
    }),
  }),
  'fulfilment.scanned': defineEvent({
    type: 'fulfilment.scanned',
    v: 1,
    label: { zh: '仓内扫描', en: 'Scanned in the warehouse' },
    description: { zh: '条码或 RFID 扫描。', en: 'A barcode or RFID scan.' },
    schema: z.strictObject({ ref: ref(), warehouse: warehouse(), station: code(64).optional() }),
  }),
  'parcel.handed_over': defineEvent({
    type: 'parcel.handed_over',
    v: 1,
    node: 'handedOver',
    label: { zh: '交接承运商', en: 'Handed over' },
    description: {
      zh: '包裹交给承运商。没有运单号时指整个订单。',
      en: 'The parcel was given to the carrier. Without a tracking number it speaks of the whole order.',
    },
    schema: z.strictObject({
      ref: ref(),
      correction: correction(),
      service: code(64).optional(),
      warehouse: warehouse(),
      weightG: count(100_000_000).optional(),
      lines: items(),
    }),
  }),
}
