import {
  CUSTOMS_WORDS,
  ORDER_STATUS_WORDS,
  PARCEL_EXCEPTION_WORDS,
  PARCEL_STATUS_WORDS,
  PAYMENT_METHOD_WORDS,
  SEQUENCE_FAULT_WORDS,
} from '../../contract/fact-words.ts'
import {
  type FactSchema,
  type FieldTold,
  scalarField as field,
  type Label,
  maybeField as maybe,
  type ScalarField,
} from '../../contract/facts.ts'
import { STAGE_LABELS } from '../../contract/stages.ts'
import type { SequenceFault } from './core/sequence.ts'
import { LINES_KEPT, PARCELS_KEPT, type ParcelStatus } from './types.ts'

const PARCEL_WORDS: { readonly [S in ParcelStatus]: Label } = PARCEL_STATUS_WORDS
const FAULT_WORDS: { readonly [F in SequenceFault]: Label } = SEQUENCE_FAULT_WORDS

const PLACED = ['order.placed']
const CONTENT = ['order.placed', 'order.edited']
const SCANS = [
  'parcel.collected',
  'parcel.in_transit',
  'parcel.arrived_at_hub',
  'parcel.departed_hub',
  'parcel.customs',
  'parcel.out_for_delivery',
]
const TRANSIT = SCANS.slice(1, 5)
const AT = 1_516_294_710_000

/** When a node came about; every one of them may be missing. */
const node = (zh: string, en: string, ...from: string[]): ScalarField => maybe('time', { zh, en, from, example: AT })

const count = (zh: string, en: string, ...from: string[]): ScalarField =>
  field('num', { zh, en, from, example: 1 }, 'times')
const word = (zh: string, en: string, told: Omit<FieldTold, 'zh' | 'en'>): ScalarField =>
  maybe('string', { zh, en, ...told })

/** What was said of an order beside its milestones: requests, failures, changes, people and places. */
const SAID: { readonly [field: string]: ScalarField } = {
  confirmedAt: node('确认时间', 'Confirmed at', 'order.confirmed'),
  collectedAt: node('揽收时间', 'Collected by the carrier at', 'parcel.collected'),
  cancelRequestedAt: node('申请取消时间', 'Cancellation requested at', 'order.cancel_requested'),
  paymentFailedAt: node('最近一次支付失败时间', 'Last failed payment at', 'payment.failed'),
  paymentFailures: count('支付失败次数（最多计 16 次）', 'Failed payments (16 at most)', 'payment.failed'),
  paymentCount: count('收款笔数', 'Payments received', 'payment.received'),
  refundFailedAt: node('最近一次退款失败时间', 'Last failed refund at', 'payment.refund_failed'),
  disputedAt: node('最近一次拒付争议时间', 'Last dispute of a payment at', 'payment.disputed'),
  shortAt: node('最近一次仓库缺货时间', 'Last short in the warehouse at', 'fulfilment.short'),
  editedAt: node('最近一次修改时间', 'Last edited at', 'order.edited'),
  edits: count('修改次数（最多计 16 次）', 'Edits (16 at most)', 'order.edited'),
  promiseChangedAt: node('最近一次改期时间', 'Promise last changed at', 'order.promise_changed'),
  promiseChanges: count('改期次数（最多计 16 次）', 'Changes of the promise (16 at most)', 'order.promise_changed'),
  returnRequestedAt: node('申请退货时间', 'Return requested at', 'return.requested'),
  returnApprovedAt: node('同意退货时间', 'Return approved at', 'return.approved'),
  messageAt: node('客户最近留言时间', 'Last message of the customer at', 'message.received'),
  messages: count('客户留言次数（最多计 16 次）', 'Messages of the customer (16 at most)', 'message.received'),
  reviewedAt: node('最近评价时间', 'Last review at', 'review.received'),
  reviewScore: maybe(
    'num',
    { zh: '最近评分', en: 'Score of the last review', from: ['review.received'], example: 5 },
    'of 5',
  ),
  units: field('num', { zh: '商品件数', en: 'Pieces ordered', from: CONTENT, example: 3 }, 'pieces'),
  discountTotal: field('money', { zh: '整单优惠', en: 'Discount of the order', from: CONTENT, example: 0 }),
  parcelCount: field('num', { zh: '发出的包裹数', en: 'Parcels sent', from: ['parcel.*'], example: 1 }, 'parcels'),
  customerTier: word('客户等级', 'Tier of the customer', { from: CONTENT, example: 'vip' }),
  country: word('收货国家', 'Country of delivery', { from: CONTENT, example: 'CN' }),
  region: word('收货省份', 'Region of delivery', { from: CONTENT, example: 'SP' }),
  city: word('收货城市', 'City of delivery', { from: CONTENT, example: 'campinas' }),
}

const MOVES = ['order.*', 'payment.received', 'fulfilment.*', 'parcel.*']
const usual = (zh: string, en: string, example: number): ScalarField => maybe('dur', { zh, en, from: MOVES, example })

/** Where the order stands, and what was known when it came there of how long that usually takes. */
const NODE: { readonly [field: string]: ScalarField } = {
  name: maybe('string', {
    ...{ zh: '所在节点', en: 'Node', from: MOVES, example: 'handedOver' },
    values: STAGE_LABELS,
  }),
  since: maybe('time', { zh: '进入节点时间', en: 'In the node since', from: MOVES, example: AT }),
  p50: usual('常规停留（中位数）', 'Usual stay (median)', 86_400_000),
  p90: usual('停留 90 分位', 'Stay, 9 of 10 are below', 172_800_000),
  p95: usual('停留 95 分位', 'Stay, 19 of 20 are below', 216_000_000),
  p99: usual('停留 99 分位', 'Stay, 99 of 100 are below', 432_000_000),
  samples: maybe('num', { zh: '样本数', en: 'Stays it was learned from', from: MOVES, example: 1200 }, 'stays'),
  version: maybe('num', { zh: '基线版本', en: 'Version of the baselines', from: MOVES, example: 3 }, 'version'),
  lane: maybe('string', { zh: '基线线路', en: 'Lane of the baseline', from: MOVES, example: 'olist/SP' }),
}

/** What rules can read of an order. */
export const orderFactSchema: FactSchema = {
  order: {
    type: 'record',
    label: { zh: '订单', en: 'Order' },
    of: {
      channel: field('string', { zh: '渠道', en: 'Channel', from: PLACED, example: 'olist' }),
      orderNo: field('string', {
        zh: '渠道订单号',
        en: 'Order number',
        from: PLACED,
        example: '00024acbcdf0a6daa1e931b038114c75',
      }),
      status: field('string', {
        zh: '状态',
        en: 'Status',
        from: ['order.*', 'fulfilment.*', 'parcel.*', 'return.received'],
        example: 'approved',
        values: ORDER_STATUS_WORDS,
      }),
      placedAt: node('下单时间', 'Placed at', ...PLACED),
      paidAt: node('最近一次收款时间', 'Last payment at', 'payment.received'),
      paymentMethod: maybe('string', {
        zh: '付款方式（金额最大的一笔）',
        en: 'Payment method of the largest payment',
        from: ['payment.received', 'order.placed'],
        example: 'card',
        values: PAYMENT_METHOD_WORDS,
      }),
      approvedAt: node('审核通过时间', 'Approved at', 'order.approved'),
      allocatedAt: node('分仓时间', 'Allocated at', 'order.allocated'),
      pickedAt: node('开始拣货时间', 'Picking started at', 'fulfilment.picking_started'),
      packedAt: node('打包完成时间', 'Packed at', 'fulfilment.packed'),
      handedOverAt: node('交接承运商时间', 'Handed over at', 'parcel.handed_over', ...SCANS),
      inTransitAt: node('开始运输时间', 'In transit since', ...TRANSIT),
      outForDeliveryAt: node('派送时间', 'Out for delivery at', 'parcel.out_for_delivery'),
      deliveredAt: node('签收时间（最后一个包裹）', 'Delivered at (last parcel)', 'parcel.delivered'),
      deliveredReported: field('bool', {
        zh: '来源称已签收',
        en: 'A source reports it as delivered',
        from: ['order.status_reported'],
        example: false,
      }),
      cancelledAt: node('取消时间', 'Cancelled at', 'order.cancelled'),
      cancelled: field('bool', {
        zh: '已取消',
        en: 'Cancelled',
        from: ['order.cancelled', 'order.status_reported'],
        example: false,
      }),
      onHold: field('bool', {
        zh: '已挂起（来源最近所报）',
        en: 'On hold, as a source last reported',
        from: ['order.status_reported'],
        example: false,
      }),
      returnedAt: node('退回时间', 'Returned at', 'return.received', 'parcel.returned_to_sender'),
      refundedAt: node('首次退款时间', 'First refunded at', 'payment.refunded'),
      promiseEndsAt: node(
        '承诺交期截止（不含）',
        'End of the promise (exclusive)',
        'order.placed',
        'order.promise_changed',
      ),
      shipBy: node('最早发货时限', 'Earliest hand-over limit of its lines', ...CONTENT),
      lineCount: field('num', { zh: '订单行数', en: 'Number of lines', from: CONTENT, example: 2 }, 'lines'),
      itemsTotal: field('money', { zh: '商品金额', en: 'Items total', from: CONTENT, example: 19_900 }),
      freightTotal: field('money', { zh: '运费', en: 'Freight total', from: CONTENT, example: 1787 }),
      orderTotal: field('money', {
        zh: '订单金额（商品加运费）',
        en: 'Order total (items and freight)',
        from: CONTENT,
        example: 21_687,
      }),
      paidTotal: field('money', { zh: '已付金额', en: 'Paid total', from: ['payment.received'], example: 21_687 }),
      refundedTotal: field('money', { zh: '已退金额', en: 'Refunded total', from: ['payment.refunded'], example: 0 }),
      currency: field('string', { zh: '币种', en: 'Currency', from: PLACED, example: 'BRL' }),
      sequenceFault: maybe('string', {
        zh: '顺序错误',
        en: 'Faults of its sequence',
        from: ['order.*', 'parcel.*'],
        example: 'approved_after_handover',
        values: FAULT_WORDS,
        several: true,
      }),
      lastEventAt: field('time', { zh: '最近消息时间', en: 'Newest message at', from: ['*'], example: AT }),
      ...SAID,
    },
  },
  lines: {
    type: 'list',
    label: { zh: '订单行', en: 'Lines' },
    max: LINES_KEPT,
    of: {
      sku: field('string', { zh: 'SKU', en: 'SKU', from: CONTENT, example: '7634da152a4610f1595efa32f14722fc' }),
      qty: field('num', { zh: '数量', en: 'Quantity', from: CONTENT, example: 1 }, 'pieces'),
      price: field('money', { zh: '单价', en: 'Price of one piece', from: CONTENT, example: 1299 }),
      shipBy: node('发货时限', 'Hand-over limit', ...CONTENT),
      discount: maybe('money', { zh: '行优惠', en: 'Discount of the line', from: CONTENT, example: 0 }),
      seller: maybe('string', { zh: '卖家', en: 'Seller', from: CONTENT, example: '9d7a1d34a5052409006425275ba1c2b4' }),
    },
  },
  parcels: {
    type: 'list',
    label: { zh: '包裹', en: 'Parcels' },
    max: PARCELS_KEPT,
    key: 'trackingNo',
    of: {
      trackingNo: maybe('string', {
        zh: '运单号',
        en: 'Tracking number',
        from: ['parcel.*'],
        example: 'SF1020304050607',
      }),
      carrier: maybe('string', { zh: '承运商', en: 'Carrier', from: ['parcel.*'], example: 'shunfeng' }),
      lastScanAt: node(
        '最近扫描时间',
        'Newest scan of the carrier at',
        ...SCANS,
        'parcel.delivered',
        'parcel.exception',
      ),
      status: field('string', {
        ...{ zh: '包裹状态', en: 'Parcel status', from: ['parcel.*'], example: 'in_transit' },
        values: PARCEL_WORDS,
      }),
      handedOverAt: node('交接承运商时间', 'Handed over at', 'parcel.handed_over', ...SCANS),
      deliveredAt: node('签收时间', 'Delivered at', 'parcel.delivered'),
      collectedAt: node('揽收时间', 'Collected at', 'parcel.collected'),
      outForDeliveryAt: node('派送时间', 'Out for delivery at', 'parcel.out_for_delivery'),
      statusAt: field('time', {
        zh: '进入当前状态的时间',
        en: 'In this status since',
        from: ['parcel.*'],
        example: AT,
      }),
      place: word('最近地点', 'Newest place', { from: SCANS, example: '杭州转运中心' }),
      placeAt: node('最近地点的时间', 'Newest place seen at', ...SCANS),
      exceptionCode: word('最近物流异常代码', 'Code of the newest trouble', {
        from: ['parcel.exception'],
        example: 'damaged',
        values: PARCEL_EXCEPTION_WORDS,
      }),
      exceptionAt: node('最近物流异常时间', 'Newest trouble at', 'parcel.exception'),
      attempts: count('派送未成次数（最多计 16 次）', 'Failed deliveries (16 at most)', 'parcel.delivery_attempted'),
      attemptedAt: node('最近一次派送未成时间', 'Last failed delivery at', 'parcel.delivery_attempted'),
      etaAt: node('承运商预计送达时间', 'Delivery expected by the carrier at', 'parcel.*'),
      pickupUntil: node('自提保留截止时间', 'Kept for pick-up until', 'parcel.ready_for_pickup'),
      customsStage: word('清关阶段', 'Stage at customs', {
        ...{ from: ['parcel.customs'], example: 'entered' },
        values: CUSTOMS_WORDS,
      }),
    },
  },
  readings: {
    type: 'list',
    label: { zh: '传感器最新读数', en: 'Newest readings of sensors' },
    max: 10,
    of: {
      measure: field('string', { zh: '测量项', en: 'Measure', from: ['sensor.reading'], example: 'temperature' }),
      value: field('num', { zh: '数值', en: 'Value', from: ['sensor.reading'], example: 4.5 }, 'of `unit`'),
      unit: field('string', { zh: '单位（UCUM）', en: 'Unit (UCUM)', from: ['sensor.reading'], example: 'Cel' }),
      at: field('time', { zh: '读数时间', en: 'Read at', from: ['sensor.reading'], example: AT }),
    },
  },
  node: { type: 'record', label: { zh: '节点', en: 'Node' }, of: NODE },
}
