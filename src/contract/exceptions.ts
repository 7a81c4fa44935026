import type { Label } from './facts.ts'

/** P0 stops the business, P3 can wait. Text, so that it sorts and reads the same everywhere. */
export const SEVERITIES = ['P0', 'P1', 'P2', 'P3'] as const
export type Severity = (typeof SEVERITIES)[number]

export const isSeverity = (x: unknown): x is Severity => SEVERITIES.some(s => s === x)

/** What users call each type of exception. A type without an entry is shown by its code. */
export const EXCEPTION_TYPES: { readonly [type: string]: Label } = {
  approval_late_card: { zh: '银行卡订单审批超时', en: 'Card order not approved in time' },
  approval_late_slip: { zh: '付款单订单审批超时', en: 'Payment slip order not approved in time' },
  handover_late: { zh: '未按时交给承运商', en: 'Not handed over to the carrier in time' },
  transit_at_risk: { zh: '运输可能晚于承诺', en: 'Transit may miss the promise' },
  delivered_late: { zh: '晚于承诺送达', en: 'Delivered after the promise' },
  delivered_without_date: { zh: '已送达但缺少送达时间', en: 'Delivered without a date' },
  never_delivered: { zh: '承诺期已过很久仍未送达', en: 'Not delivered long after the promise' },
  amount_mismatch: { zh: '订单金额与付款不一致', en: 'Order amount differs from payments' },
  no_items: { zh: '订单没有商品', en: 'Order without items' },
  impossible_sequence: { zh: '节点时间顺序不可能', en: 'Impossible sequence of events' },
  unmatched_timeout: { zh: '消息找不到所属订单', en: 'Message that matches no order' },
}

/** The name of an exception type in both languages; the code itself when the catalogue does not know it. */
export const exceptionLabel = (type: string): Label =>
  Object.hasOwn(EXCEPTION_TYPES, type) ? EXCEPTION_TYPES[type]! : { zh: type, en: type }
