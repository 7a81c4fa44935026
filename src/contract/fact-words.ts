import type { ParcelExceptionCode } from './events/carrier.ts'
import type { PaymentMethod } from './events/fields.ts'
import type { OrderStatus } from './events/order.ts'
import type { Label } from './facts.ts'

/** What people call the codes that facts hold. Evidence, explanations, the editor of rules and the references take them from here. */

export const ORDER_STATUS_WORDS: { readonly [S in OrderStatus]: Label } = {
  placed: { zh: '已下单', en: 'Placed' },
  approved: { zh: '已审核', en: 'Approved' },
  allocated: { zh: '已分仓', en: 'Allocated' },
  picking: { zh: '拣货中', en: 'Picking' },
  packed: { zh: '已打包', en: 'Packed' },
  handed_over: { zh: '已交承运商', en: 'Handed over' },
  in_transit: { zh: '运输中', en: 'In transit' },
  out_for_delivery: { zh: '派送中', en: 'Out for delivery' },
  delivered: { zh: '已签收', en: 'Delivered' },
  returned: { zh: '已退回', en: 'Returned' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
}

export const PAYMENT_METHOD_WORDS: { readonly [M in PaymentMethod]: Label } = {
  card: { zh: '银行卡', en: 'Card' },
  slip: { zh: '付款单', en: 'Payment slip' },
  transfer: { zh: '转账', en: 'Transfer' },
  voucher: { zh: '代金券', en: 'Voucher' },
  debit: { zh: '借记卡', en: 'Debit card' },
  wallet: { zh: '电子钱包', en: 'Wallet' },
  cod: { zh: '货到付款', en: 'Cash on delivery' },
  other: { zh: '其他', en: 'Other' },
}

export const PARCEL_STATUS_WORDS = {
  expected: { zh: '待发', en: 'to ship' },
  label_created: { zh: '已出面单', en: 'label made' },
  handed_over: { zh: '已交接', en: 'handed over' },
  collected: { zh: '已揽收', en: 'collected' },
  in_transit: { zh: '运输中', en: 'in transit' },
  at_hub: { zh: '在网点', en: 'at a hub' },
  customs: { zh: '清关中', en: 'in customs' },
  ready_for_pickup: { zh: '待自提', en: 'ready for pick-up' },
  out_for_delivery: { zh: '派送中', en: 'out for delivery' },
  delivery_attempted: { zh: '派送未成', en: 'delivery attempted' },
  exception: { zh: '异常', en: 'exception' },
  returning: { zh: '退回途中', en: 'returning' },
  delivered: { zh: '已签收', en: 'delivered' },
  returned: { zh: '已退回', en: 'returned' },
} as const satisfies { readonly [status: string]: Label }

export const PARCEL_EXCEPTION_WORDS: { readonly [C in ParcelExceptionCode]: Label } = {
  damaged: { zh: '破损', en: 'damaged' },
  lost: { zh: '丢失', en: 'lost' },
  address_problem: { zh: '地址有误', en: 'address problem' },
  refused: { zh: '拒收', en: 'refused' },
  held: { zh: '滞留', en: 'held' },
  delayed: { zh: '延误', en: 'delayed' },
  misrouted: { zh: '错分', en: 'misrouted' },
  other: { zh: '其他', en: 'other' },
}

export const CUSTOMS_WORDS = {
  entered: { zh: '已进入清关', en: 'entered' },
  inspection: { zh: '查验中', en: 'inspection' },
  duties_due: { zh: '待缴税', en: 'duties due' },
  held: { zh: '扣留', en: 'held' },
  cleared: { zh: '已放行', en: 'cleared' },
} as const satisfies { readonly [stage: string]: Label }

export const SEQUENCE_FAULT_WORDS = {
  approved_before_placed: { zh: '审核早于下单', en: 'approved before it was placed' },
  approved_after_handover: { zh: '审核晚于交接', en: 'approved after hand-over' },
  handover_before_placed: { zh: '交接早于下单', en: 'handed over before it was placed' },
  handover_of_cancelled: { zh: '取消后仍交接', en: 'handed over although cancelled' },
  cancelled_after_handover: { zh: '交接后才取消', en: 'cancelled after hand-over' },
  delivered_before_placed: { zh: '签收早于下单', en: 'delivered before it was placed' },
  delivered_before_handover: { zh: '签收早于交接', en: 'delivered before hand-over' },
  delivery_of_cancelled: { zh: '取消后仍签收', en: 'delivered although cancelled' },
} as const satisfies { readonly [code: string]: Label }
