import type { FactSchema, ScalarField, ScalarType } from '../../contract/facts.ts'
import type { RuleDef } from './types.ts'

/** The facts that the orders room declares, as far as the tests of this room need them; plus one length of time. */
const EXAMPLES = { bool: true, string: 'x', num: 1, money: 100, time: 1_772_359_200_000, dur: 86_400_000 } as const

const field = (type: ScalarType): ScalarField => ({
  type,
  label: { zh: '字段', en: 'field' },
  from: [],
  example: EXAMPLES[type],
})
const optional = (type: ScalarType): ScalarField => ({ ...field(type), optional: true })

export const ORDER_SCHEMA = {
  order: {
    type: 'record',
    label: { zh: '订单', en: 'Order' },
    of: {
      channel: field('string'),
      orderNo: field('string'),
      status: field('string'),
      placedAt: optional('time'),
      paidAt: optional('time'),
      paymentMethod: optional('string'),
      approvedAt: optional('time'),
      handedOverAt: optional('time'),
      deliveredAt: optional('time'),
      deliveredReported: field('bool'),
      cancelled: field('bool'),
      returnedAt: optional('time'),
      promiseEndsAt: optional('time'),
      shipBy: optional('time'),
      lineCount: field('num'),
      itemsTotal: field('money'),
      orderTotal: field('money'),
      paidTotal: field('money'),
      sequenceFault: optional('string'),
      lastEventAt: field('time'),
      rest: field('dur'),
    },
  },
  lines: {
    type: 'list',
    label: { zh: '订单行', en: 'Lines' },
    max: 200,
    of: { sku: field('string'), qty: field('num'), price: field('money'), shipBy: optional('time') },
  },
  parcels: {
    type: 'list',
    label: { zh: '包裹', en: 'Parcels' },
    max: 50,
    of: {
      status: field('string'),
      carrier: optional('string'),
      lastScanAt: optional('time'),
      handedOverAt: field('time'),
      pause: field('dur'),
    },
  },
} as const satisfies FactSchema

const label = { zh: '规则', en: 'rule' }

/** A live rule with this condition. */
export const ruleOf = (when: string, more: Partial<RuleDef> = {}): RuleDef => ({
  id: 'r',
  version: 1,
  stage: 'live',
  name: label,
  reason: label,
  when,
  type: 't',
  severity: 'P2',
  clears: 'auto',
  scope: 'order',
  constants: {},
  examples: [],
  ...more,
})
