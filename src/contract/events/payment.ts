import { z } from 'zod'
import { defineEvent } from './define.ts'
import { code, correction, count, currency, method, minor, ref, text } from './fields.ts'
import { personal } from './marks.ts'

const money = () => ({ amount: minor(), currency: currency() })
/** Tells apart what one payment id pays in parts, and payments of a source that gives no id. */
const sequence = () => count(10_000).optional()

export const paymentEvents = {
  'payment.authorised': defineEvent({
    type: 'payment.authorised',
    v: 1,
    label: { zh: '支付授权', en: 'Payment authorised' },
    description: { zh: '金额已冻结，尚未到账。', en: 'The amount is reserved, not yet received.' },
    schema: z.strictObject({ ref: ref(), ...money(), method: method().optional(), sequence: sequence() }),
  }),
  'payment.received': defineEvent({
    type: 'payment.received',
    v: 1,
    node: 'paid',
    label: { zh: '收款', en: 'Payment received' },
    description: {
      zh: '一笔款项到账。同一笔由 paymentId 与 sequence 识别；都没有时由时间、方式和金额识别。',
      en: 'One payment arrived. It is known by paymentId and sequence; without both by its time, method and amount.',
    },
    schema: z.strictObject({
      ref: ref(),
      correction: correction(),
      ...money(),
      method: method(),
      sequence: sequence(),
      installments: count(100).optional(),
      provider: code(64).optional(),
      payer: personal(text(200)).optional(),
      account: personal(text(100)).optional(),
    }),
  }),
  'payment.failed': defineEvent({
    type: 'payment.failed',
    v: 1,
    label: { zh: '支付失败', en: 'Payment failed' },
    description: { zh: '一次支付被拒绝或中断。', en: 'An attempt to pay was refused or broke off.' },
    schema: z.strictObject({
      ref: ref(),
      amount: minor().optional(),
      currency: currency().optional(),
      method: method().optional(),
      sequence: sequence(),
      reason: personal(text(200)).optional(),
    }),
  }),
  'payment.refunded': defineEvent({
    type: 'payment.refunded',
    v: 1,
    node: 'refunded',
    label: { zh: '退款', en: 'Refund issued' },
    description: { zh: '已向客户退款，由 refundId 识别。', en: 'Money went back to the customer; known by refundId.' },
    schema: z.strictObject({
      ref: ref(),
      correction: correction(),
      ...money(),
      method: method().optional(),
      refundId: code(128).optional(),
      reason: personal(text(200)).optional(),
    }),
  }),
  'payment.refund_failed': defineEvent({
    type: 'payment.refund_failed',
    v: 1,
    label: { zh: '退款失败', en: 'Refund failed' },
    description: { zh: '退款没有成功。', en: 'A refund did not go through.' },
    schema: z.strictObject({
      ref: ref(),
      ...money(),
      refundId: code(128).optional(),
      reason: personal(text(200)).optional(),
    }),
  }),
  'payment.disputed': defineEvent({
    type: 'payment.disputed',
    v: 1,
    label: { zh: '拒付争议', en: 'Payment disputed' },
    description: {
      zh: '付款人向银行或平台提出争议。',
      en: 'The payer disputed the payment with the bank or platform.',
    },
    schema: z.strictObject({
      ref: ref(),
      ...money(),
      stage: z.enum(['opened', 'won', 'lost']),
      reason: personal(text(200)).optional(),
    }),
  }),
}
