import type { Label } from './facts.ts'

/** The nodes of an order's way to the door, in their order; the stage of an order is the furthest that it has reached. */
export const STAGES = [
  'placed',
  'paid',
  'approved',
  'allocated',
  'picking',
  'packed',
  'handedOver',
  'inTransit',
  'outForDelivery',
  'delivered',
] as const
export type Stage = (typeof STAGES)[number]

/** What is waited for in each stage, that is until the next node: what the heat map of stages shows. */
export const STAGE_LABELS: { readonly [S in Stage]: Label } = {
  placed: { zh: '待付款', en: 'Payment' },
  paid: { zh: '审批', en: 'Approval' },
  approved: { zh: '分仓', en: 'Allocation' },
  allocated: { zh: '待拣货', en: 'Waiting to be picked' },
  picking: { zh: '拣货打包', en: 'Picking and packing' },
  packed: { zh: '待揽收', en: 'Waiting for the carrier' },
  handedOver: { zh: '揽收到发运', en: 'Collection' },
  inTransit: { zh: '干线运输', en: 'Transit' },
  outForDelivery: { zh: '派送', en: 'Delivery' },
  delivered: { zh: '已送达', en: 'Delivered' },
}

export const isStage = (text: string): text is Stage => STAGES.some(stage => stage === text)
