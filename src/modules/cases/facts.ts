import { EXCEPTION_TYPES } from '../../contract/exceptions.ts'
import { type FactSchema, maybeField, type ScalarField, type ScalarType, scalarField } from '../../contract/facts.ts'

type Example = string | number
const from = ['case.opened']
const field = (type: ScalarType, zh: string, en: string, example: Example): ScalarField =>
  scalarField(type, { zh, en, from, example })
const maybe = (type: ScalarType, zh: string, en: string, example: Example): ScalarField =>
  maybeField(type, { zh, en, from, example })

/** What the triage table can read of a case. */
export const triageFactSchema: FactSchema = {
  case: {
    type: 'record',
    label: { zh: '工单', en: 'Case' },
    of: {
      type: {
        ...field('string', '异常类型', 'Type of exception', 'handover_late'),
        values: EXCEPTION_TYPES,
        open: true,
      },
      severity: field('string', '规则给的级别', 'Severity by its rule', 'P2'),
      rule: field('string', '规则', 'Rule', 'handover_late'),
      scope: field('string', '范围（行、包裹；整单为空）', 'Scope (line, parcel; empty for the order)', ''),
      openedAt: field('time', '建立时间', 'Opened at', 1_516_294_710_000),
      reopened: { ...field('num', '重开次数', 'Times reopened', 0), unit: 'times' },
      channel: maybe('string', '渠道', 'Channel', 'olist'),
      region: maybe('string', '收货省份', 'Region of delivery', 'SP'),
      tier: maybe('string', '客户等级', 'Tier of the customer', 'vip'),
      amount: maybe('money', '风险金额', 'Money at risk', 21_687),
      currency: maybe('string', '币种', 'Currency', 'BRL'),
      promiseEndsAt: maybe('time', '承诺交期截止', 'End of the promise', 1_516_294_710_000),
    },
  },
}
