import type { Label } from './facts.ts'

/** Why an exception happened, as a person states it when closing a case. Codes are stable. */
export const CAUSES = {
  data_source: { zh: '数据源错误', en: 'Wrong data from a source' },
  stock_sync: { zh: '库存不同步', en: 'Stock out of sync' },
  broken_flow: { zh: '流程中断', en: 'Broken process' },
  rule_clash: { zh: '规则冲突', en: 'Rules that contradict' },
  supplier: { zh: '供应商', en: 'Supplier' },
  carrier: { zh: '承运商', en: 'Carrier' },
  warehouse: { zh: '仓库', en: 'Warehouse' },
  customer: { zh: '客户', en: 'Customer' },
  payment: { zh: '付款', en: 'Payment' },
  address: { zh: '地址', en: 'Address' },
  system: { zh: '系统故障', en: 'System failure' },
  false_alarm: { zh: '误报', en: 'False alarm' },
  other: { zh: '其他', en: 'Other' },
} as const satisfies Record<string, Label>

export type Cause = keyof typeof CAUSES

export const isCause = (x: string): x is Cause => Object.hasOwn(CAUSES, x)
