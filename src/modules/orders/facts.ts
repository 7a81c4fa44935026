import type { FactSchema, FactValues, ScalarField, ScalarType } from '../../contract/facts.ts'
import { lastPaidAt, paymentMethodOf } from './core/money-moves.ts'
import { handedOverAtOf, outboundOf, parcelStatusOf } from './core/parcels.ts'
import { sequenceFaults } from './core/sequence.ts'
import type { ParcelMilestones } from './core/status.ts'
import { isCancelled, isDeliveredReported, parcelMilestones } from './core/status.ts'
import { totalsOf } from './core/totals.ts'
import type { OrderState, Parcel } from './types.ts'
import { LINES_KEPT, PARCELS_KEPT } from './types.ts'

interface Told {
  readonly zh: string
  readonly en: string
  readonly from: readonly string[]
  readonly example: string | number | boolean
}

const UNITS: { readonly [type in ScalarType]?: string } = { time: 'epoch ms', money: 'minor', dur: 'ms' }

const field = (type: ScalarType, { zh, en, from, example }: Told, unit = UNITS[type]): ScalarField => ({
  type,
  ...(unit !== undefined && { unit }),
  label: { zh, en },
  from,
  example,
})
const maybe = (type: ScalarType, told: Told, unit?: string): ScalarField => ({
  ...field(type, told, unit),
  optional: true,
})

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
      }),
      placedAt: node('下单时间', 'Placed at', ...PLACED),
      paidAt: node('最近一次收款时间', 'Last payment at', 'payment.received'),
      paymentMethod: maybe('string', {
        zh: '付款方式（金额最大的一笔）',
        en: 'Payment method of the largest payment',
        from: ['payment.received', 'order.placed'],
        example: 'card',
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
        zh: '顺序错误代码（逗号分隔）',
        en: 'Codes of sequence faults, joined by commas',
        from: ['order.*', 'parcel.*'],
        example: 'approved_after_handover',
      }),
      lastEventAt: field('time', { zh: '最近消息时间', en: 'Newest message at', from: ['*'], example: AT }),
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
      seller: maybe('string', { zh: '卖家', en: 'Seller', from: CONTENT, example: '9d7a1d34a5052409006425275ba1c2b4' }),
    },
  },
  parcels: {
    type: 'list',
    label: { zh: '包裹', en: 'Parcels' },
    max: PARCELS_KEPT,
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
      status: field('string', { zh: '包裹状态', en: 'Parcel status', from: ['parcel.*'], example: 'in_transit' }),
      handedOverAt: node('交接承运商时间', 'Handed over at', 'parcel.handed_over', ...SCANS),
      deliveredAt: node('签收时间', 'Delivered at', 'parcel.delivered'),
    },
  },
}

/** An order's values for the rules. A field that is not known is absent, never null. Called for every fact: keep it cheap. */
export function orderFacts(state: OrderState): FactValues {
  return {
    order: orderValues(state, parcelMilestones(state)),
    lines: state.lines,
    parcels: outboundOf(state.parcels).map(parcelValues),
  }
}

type Values = { [field: string]: unknown }

function orderValues(state: OrderState, parcels: ParcelMilestones): Values {
  const totals = totalsOf(state)
  const values: Values = {
    channel: state.channel ?? '',
    orderNo: state.orderNo ?? '',
    status: state.status,
    deliveredReported: isDeliveredReported(state),
    cancelled: isCancelled(state),
    lineCount: state.basket?.lines ?? 0,
    itemsTotal: totals.items,
    freightTotal: totals.freight,
    orderTotal: totals.order,
    paidTotal: totals.paid,
    refundedTotal: totals.refunded,
    currency: totals.currency,
    lastEventAt: state.lastEventAt ?? 0,
  }
  addTimes(values, state, parcels)
  const method = paymentMethodOf(state)
  if (method !== undefined) values.paymentMethod = method
  const faults = sequenceFaults(state, parcels)
  if (faults.length > 0) values.sequenceFault = faults.join(',')
  return values
}

function addTimes(values: Values, state: OrderState, parcels: ParcelMilestones): void {
  const { at } = state.nodes
  put(values, 'placedAt', at.placed)
  put(values, 'paidAt', lastPaidAt(state.payments))
  put(values, 'approvedAt', at.approved)
  put(values, 'allocatedAt', at.allocated)
  put(values, 'pickedAt', at.picking)
  put(values, 'packedAt', at.packed)
  put(values, 'handedOverAt', parcels.handedOver)
  put(values, 'inTransitAt', parcels.inTransit)
  put(values, 'outForDeliveryAt', parcels.outForDelivery)
  put(values, 'deliveredAt', parcels.delivered)
  put(values, 'cancelledAt', at.cancelled)
  put(
    values,
    'returnedAt',
    parcels.returned === undefined ? at.returned : Math.min(parcels.returned, at.returned ?? parcels.returned),
  )
  put(values, 'refundedAt', at.refunded)
  put(values, 'promiseEndsAt', state.promise?.endsAt)
  put(values, 'shipBy', state.basket?.shipBy)
}

function put(values: Values, name: string, value: number | undefined): void {
  if (value !== undefined) values[name] = value
}

function parcelValues(parcel: Parcel): Values {
  const values: Values = { status: parcelStatusOf(parcel) }
  if (parcel.trackingNo !== undefined) values.trackingNo = parcel.trackingNo
  if (parcel.carrier !== undefined) values.carrier = parcel.carrier
  put(values, 'lastScanAt', parcel.lastScanAt)
  put(values, 'handedOverAt', handedOverAtOf(parcel))
  put(values, 'deliveredAt', parcel.nodes.at.delivered)
  return values
}
