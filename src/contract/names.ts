import type { Label } from './facts.ts'

/** What codes stand for that people read: each kind has codes of its own. */
export const NAME_KINDS = ['channel', 'warehouse', 'carrier', 'feed', 'person', 'team', 'tier'] as const
export type NameKind = (typeof NAME_KINDS)[number]

/** What they are called, by kind and code. A code without a name is shown as it is. */
export type Names = { readonly [kind in NameKind]?: { readonly [code: string]: Label } }

/** What this release names by itself: the channels that it reads, the teams of its rules, tiers as most shops have them. */
export const SHIPPED_NAMES: Names = {
  channel: { olist: { zh: 'Olist 平台', en: 'Olist' } },
  team: {
    service: { zh: '客服', en: 'Service' },
    logistics: { zh: '物流', en: 'Logistics' },
    finance: { zh: '财务', en: 'Finance' },
    warehouse: { zh: '仓库', en: 'Warehouse' },
    production: { zh: '生产', en: 'Production' },
    sales: { zh: '销售', en: 'Sales' },
    data: { zh: '数据', en: 'Data' },
  },
  tier: {
    normal: { zh: '普通', en: 'Standard' },
    silver: { zh: '银卡', en: 'Silver' },
    gold: { zh: '金卡', en: 'Gold' },
    vip: { zh: '贵宾', en: 'VIP' },
  },
}

export interface NameItem {
  readonly kind: NameKind
  readonly code: string
  readonly name: Label
}

/** One for each kind and code; of a code that is named twice, what is given later counts. */
export const joinedNames = (...given: readonly Names[]): NameItem[] =>
  NAME_KINDS.flatMap(kind => {
    const byCode = new Map(given.flatMap(names => Object.entries(names[kind] ?? {})))
    return [...byCode].map(([code, name]) => ({ kind, code, name }))
  })
