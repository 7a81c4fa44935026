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
  unpaid_too_long: { zh: '订单迟迟未付款', en: 'Order not paid for a long time' },
  payment_failed_often: { zh: '多次支付失败', en: 'Payment failed several times' },
  paid_twice: { zh: '疑似重复付款', en: 'Possibly paid twice' },
  payment_disputed: { zh: '付款被拒付争议', en: 'Payment is disputed' },
  cancel_request_unanswered: { zh: '取消申请未答复', en: 'Request to cancel not answered' },
  shipped_despite_cancel: { zh: '申请取消后仍发货', en: 'Shipped although a cancellation was asked for' },
  cancelled_not_refunded: { zh: '已取消但未退款', en: 'Cancelled and not refunded' },
  delivered_but_cancelled: { zh: '已取消的订单被签收', en: 'Cancelled order was delivered' },
  refund_failed: { zh: '退款失败', en: 'Refund failed' },
  refunded_too_much: { zh: '退款超过已付金额', en: 'Refunded more than was paid' },
  picking_late: { zh: '未按时开始拣货', en: 'Picking not started in time' },
  packing_late: { zh: '未按时打包', en: 'Packing not done in time' },
  dispatch_late: { zh: '打包后未交运', en: 'Packed and not handed over' },
  warehouse_short: { zh: '仓库缺货', en: 'Short in the warehouse' },
  edited_after_packing: { zh: '打包后订单被修改', en: 'Edited after it was packed' },
  edited_often: { zh: '订单多次修改', en: 'Order edited again and again' },
  promise_moved_twice: { zh: '多次改期', en: 'Promise moved twice' },
  customer_wrote_often: { zh: '客户多次来信', en: 'Customer wrote several times' },
  vip_waits: { zh: '重要客户订单未及时发出', en: 'VIP order waits' },
  bulk_order: { zh: '批量订单待确认', en: 'Bulk order to be looked at' },
  label_not_collected: { zh: '面单生成后未揽收', en: 'Label made and parcel not collected' },
  first_scan_late: { zh: '交运后没有首次扫描', en: 'No first scan after hand-over' },
  transit_stalled: { zh: '运输途中长时间无扫描', en: 'No scan for a long time on the way' },
  stuck_at_hub: { zh: '在网点滞留', en: 'Stuck at a hub' },
  customs_stuck: { zh: '清关滞留', en: 'Stuck at customs' },
  delivery_failed_often: { zh: '多次派送失败', en: 'Delivery failed several times' },
  pickup_expiring: { zh: '自提即将到期', en: 'Pick-up about to expire' },
  parcel_damaged_or_lost: { zh: '包裹破损或丢失', en: 'Parcel damaged or lost' },
  parcel_address_problem: { zh: '地址有误', en: 'Problem with the address' },
  parcel_misrouted: { zh: '错发线路', en: 'Parcel misrouted' },
  parcel_comes_back: { zh: '包裹被退回', en: 'Parcel comes back' },
  delivery_round_long: { zh: '派送中停留过久', en: 'Too long on the delivery round' },
  eta_after_promise: { zh: '承运商预计晚于承诺', en: 'The carrier expects to be late' },
  rest_of_order_missing: { zh: '部分包裹迟迟未到', en: 'The rest of the order is missing' },
  return_request_unanswered: { zh: '退货申请未答复', en: 'Request to return not answered' },
  return_not_received: { zh: '同意退货后未收到', en: 'Approved return did not arrive' },
  returned_not_refunded: { zh: '已退货但未退款', en: 'Returned and not refunded' },
  late_and_unhappy: { zh: '迟到且差评', en: 'Late and badly reviewed' },
  silent_order: { zh: '订单审批后长时间无消息', en: 'No news of an approved order for a long time' },
  cold_chain_broken: { zh: '冷链温度超限', en: 'Cold chain broken' },
  parcel_shock: { zh: '运输中受到冲击', en: 'Hard shock on the way' },
  mto_not_confirmed: { zh: '定制规格未确认', en: 'Specification not confirmed' },
  mto_deposit_missing: { zh: '定金未到', en: 'Deposit missing' },
  mto_material_late: { zh: '备料超时', en: 'Material not ready in time' },
  mto_start_late: { zh: '未按时开工', en: 'Production not started in time' },
  mto_make_late: { zh: '生产超期', en: 'Production takes too long' },
  mto_promise_at_risk: { zh: '定制订单可能赶不上交期', en: 'Made-to-order may miss its promise' },
  mto_promise_moved: { zh: '定制订单改期', en: 'Promise of a made-to-order was moved' },
  mto_changed_after_start: { zh: '开工后改单', en: 'Changed after the start' },
  mto_cancel_after_start: { zh: '开工后申请取消', en: 'Cancellation asked for after the start' },
  mto_balance_unpaid: { zh: '尾款未付', en: 'Balance not paid' },
  mto_shipped_unpaid: { zh: '尾款未清已发货', en: 'Shipped before it was paid' },
  mto_too_humid: { zh: '车间湿度超限', en: 'Too humid for the material' },
  unmatched_timeout: { zh: '消息找不到所属订单', en: 'Message that matches no order' },
}

/** The name of an exception type in both languages; the code itself when the catalogue does not know it. */
export const exceptionLabel = (type: string): Label =>
  Object.hasOwn(EXCEPTION_TYPES, type) ? EXCEPTION_TYPES[type]! : { zh: type, en: type }
