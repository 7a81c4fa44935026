import { z } from 'zod'
import { defineEvent } from './define.ts'
import { code, place, ref, text } from './fields.ts'
import { mark, personal } from './marks.ts'

const MEASURES = [
  'temperature',
  'humidity',
  'shock',
  'tilt',
  'light',
  'pressure',
  'battery',
  'latitude',
  'longitude',
  'other',
] as const
const measured = () => mark(z.number().min(-1e12).max(1e12), { says: 'number in `unit`' })

export const otherEvents = {
  'review.received': defineEvent({
    type: 'review.received',
    v: 1,
    label: { zh: '收到评价', en: 'Review received' },
    description: { zh: '客户的评分和评语。', en: "The customer's score and words." },
    schema: z.strictObject({
      ref: ref(),
      reviewId: code(128).optional(),
      score: mark(z.int().min(1).max(5), { says: 'score, 1 (worst) to 5 (best)' }).optional(),
      title: personal(text(300)).optional(),
      comment: personal(text(4000)).optional(),
    }),
  }),
  'message.received': defineEvent({
    type: 'message.received',
    v: 1,
    label: { zh: '客户留言', en: 'Message received' },
    description: { zh: '客户写来消息。', en: 'The customer wrote.' },
    schema: z.strictObject({ ref: ref(), messageId: code(128).optional(), text: personal(text(4000)) }),
  }),
  'sensor.reading': defineEvent({
    type: 'sensor.reading',
    v: 1,
    label: { zh: '传感器读数', en: 'Sensor reading' },
    description: {
      zh: '运输或仓储中的一次读数，例如温度。',
      en: 'One reading on the way or in store, such as a temperature.',
    },
    schema: z.strictObject({
      ref: ref(),
      measure: z.enum(MEASURES),
      value: measured(),
      /** As UCUM writes it. */
      unit: mark(code(20), { says: 'unit, UCUM, such as `Cel` or `%`' }),
      sensorId: code(128).optional(),
      place: place().optional(),
    }),
  }),
}
