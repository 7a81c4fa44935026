/** What the team knows of each type of case: what is usually behind it, and what comes of it. */

export interface Work {
  /** What was behind it; one that stands more often is more often so. */
  readonly causes: readonly string[]
  readonly results: readonly string[]
  /**
   * What is found is a fact that stays, whatever anybody does: it is dealt with, and closed although the finding holds,
   * for this reason.
   */
  readonly stays?: string
}

const PAYING: Work = { causes: ['payment', 'customer'], results: ['客户已付款', '已提醒客户', 'Paid after a reminder'] }
const SHIPPING: Work = {
  causes: ['warehouse', 'warehouse', 'stock_sync', 'broken_flow'],
  results: ['已补发', '已改由另一仓发出', '已插单优先处理', 'Went out with the next courier'],
}
const ROAD: Work = {
  causes: ['carrier', 'carrier', 'address'],
  results: ['承运商已找到并恢复转运', '客户同意改期', 'Found at the hub and on its way again'],
}
const REFUND: Work = { causes: ['payment', 'system'], results: ['已退款', '财务已重新退款', 'Refunded today'] }
const DATA: Work = {
  causes: ['data_source', 'data_source', 'system'],
  results: ['对方已更正数据', '来源已修复', 'Fixed at the source'],
}
const TOLD: Work = {
  causes: ['customer', 'broken_flow'],
  results: ['已电话沟通，客户知悉', '专人跟进至签收', 'Called; one colleague keeps the customer informed'],
  stays: '已与客户沟通并安排专人跟进，事实本身不会撤销',
}
const DAMAGE: Work = {
  causes: ['carrier', 'warehouse'],
  results: ['已向承运商索赔，客户已退款', '已补寄', 'Claim filed, customer refunded'],
  stays: '索赔与退款均已办理，包裹的损坏记录不会撤销',
}
const MONEY: Work = {
  causes: ['payment', 'system', 'rule_clash'],
  results: ['多收部分已退回', '已与支付方对账', 'Settled with the provider'],
  stays: '账已核平，付款记录本身不会撤销',
}
const MADE: Work = {
  causes: ['supplier', 'warehouse', 'customer'],
  results: ['已与工厂确认新交期', '客户同意', 'New date agreed with the workshop'],
  stays: '交期与变更均已与客户确认',
}

const ALL: readonly (readonly [types: string, work: Work])[] = [
  ['approval_late_card approval_late_slip bulk_order', { ...PAYING, causes: ['broken_flow', 'payment'] }],
  ['unpaid_too_long payment_failed_often', PAYING],
  ['amount_mismatch', { ...PAYING, causes: ['rule_clash', 'payment', 'data_source'] }],
  ['handover_late picking_late packing_late dispatch_late warehouse_short vip_waits silent_order', SHIPPING],
  ['label_not_collected edited_after_packing', SHIPPING],
  ['transit_at_risk delivered_late never_delivered first_scan_late transit_stalled stuck_at_hub', ROAD],
  ['delivery_round_long delivery_failed_often parcel_misrouted eta_after_promise rest_of_order_missing', ROAD],
  ['customs_stuck pickup_expiring parcel_comes_back', ROAD],
  ['parcel_address_problem', { ...ROAD, causes: ['address', 'address', 'customer'] }],
  ['cancelled_not_refunded returned_not_refunded refund_failed', REFUND],
  ['return_request_unanswered return_not_received', { ...REFUND, causes: ['customer', 'broken_flow'] }],
  ['no_items delivered_without_date impossible_sequence', DATA],
  ['unmatched_timeout', { ...DATA, stays: '已找到所属订单并更正，原消息无需再处理' }],
  ['cancel_request_unanswered', { ...TOLD, results: ['已取消并退款', '客户同意收货'] }],
  ['shipped_despite_cancel delivered_but_cancelled', { ...TOLD, causes: ['broken_flow', 'warehouse'] }],
  ['edited_often promise_moved_twice customer_wrote_often late_and_unhappy', TOLD],
  ['parcel_damaged_or_lost cold_chain_broken parcel_shock', DAMAGE],
  ['paid_twice refunded_too_much payment_disputed', MONEY],
  ['mto_not_confirmed mto_deposit_missing mto_material_late mto_start_late mto_make_late', MADE],
  ['mto_promise_at_risk mto_promise_moved mto_changed_after_start mto_cancel_after_start', MADE],
  ['mto_balance_unpaid mto_shipped_unpaid mto_too_humid', MADE],
]

const WORK: ReadonlyMap<string, Work> = new Map(
  ALL.flatMap(([types, work]) => types.split(' ').map(type => [type, work] as const)),
)

/** For a type of a pack of one's own. */
const USUAL: Work = {
  causes: ['other', 'broken_flow', 'system'],
  results: ['已处理，客户知悉', '恢复正常，继续观察', 'Customer informed, no loss'],
  stays: '已处理完毕',
}

export const workOf = (type: string): Work => WORK.get(type) ?? USUAL
export const isKnown = (type: string): boolean => WORK.has(type)
