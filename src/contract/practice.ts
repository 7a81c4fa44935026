import type { Label } from './facts.ts'
import type { Names } from './names.ts'

/**
 * What the practice shop is made of, as far as both sides need to know: the console offers it, the shop plays it. The
 * merchant, its houses and its people are invented.
 */
export const PRACTICE_PLACES = {
  web: { zh: '官网商城', en: 'Web shop' },
  plaza: { zh: '广场商城', en: 'Plaza marketplace' },
  bazaar: { zh: '集市平台', en: 'Bazaar marketplace' },
  store: { zh: '门店', en: 'Stores' },
  dealer: { zh: '经销与社群', en: 'Dealers and social groups' },
  jiaxing: { zh: '嘉兴一号仓', en: 'Jiaxing warehouse 1' },
  wuhan: { zh: '武汉仓', en: 'Wuhan warehouse' },
  yunlu: { zh: '云鹿快运', en: 'Yunlu Express' },
  xunda: { zh: '迅达速递', en: 'Xunda Courier' },
  haiqiao: { zh: '海桥国际', en: 'Haiqiao International' },
  cards: { zh: '银行卡收单', en: 'Card payments' },
  wallets: { zh: '电子钱包', en: 'Wallets' },
  'AF-50': { zh: '空气炸锅 AF-50', en: 'Air fryer AF-50' },
  'KT-17': { zh: '电热水壶 KT-17', en: 'Kettle KT-17' },
  'TEA-08': { zh: '明前龙井 TEA-08', en: 'Spring tea TEA-08' },
} as const satisfies Record<string, Label>

export type PracticePlace = keyof typeof PRACTICE_PLACES

export interface IncidentKind {
  readonly label: Label
  /** What happens, in a sentence. */
  readonly tells: Label
  /** Where it may happen; the first when nobody says. */
  readonly targets: readonly PracticePlace[]
  /** How long it lasts when nobody says, in minutes of the world. */
  readonly minutes: number
}

/** The houses of the merchant; where an incident may happen at any of a kind, it happens at the first when nobody says. */
export const PRACTICE_CHANNELS = ['plaza', 'bazaar', 'web', 'store', 'dealer'] as const
export const PRACTICE_WAREHOUSES = ['jiaxing', 'wuhan'] as const
export const PRACTICE_CARRIERS = ['yunlu', 'xunda', 'haiqiao'] as const

/** Who works there, by the handles under which they act; invented like everything else. */
const PRACTICE_PEOPLE = {
  'lin.xiao': { zh: '林晓', en: 'Lin Xiao' },
  'chen.an': { zh: '陈安', en: 'Chen An' },
  'wang.lei': { zh: '王磊', en: 'Wang Lei' },
  'maya.brandt': { zh: 'Maya Brandt', en: 'Maya Brandt' },
} as const satisfies Record<string, Label>

const placesOf = (places: readonly PracticePlace[]): { readonly [code: string]: Label } =>
  Object.fromEntries(places.map(place => [place, PRACTICE_PLACES[place]]))

const PRACTICE_PAYMENTS = ['cards', 'wallets'] as const

/** What the codes of the practice shop are called. */
export const PRACTICE_NAMES: Names = {
  channel: placesOf(PRACTICE_CHANNELS),
  warehouse: placesOf(PRACTICE_WAREHOUSES),
  carrier: placesOf(PRACTICE_CARRIERS),
  feed: {
    ...placesOf(PRACTICE_PAYMENTS),
    erp: { zh: '订单系统', en: 'Order system' },
    bank: { zh: '银行转账', en: 'Bank transfers' },
  },
  person: PRACTICE_PEOPLE,
}

/** What can go wrong in the practice shop, by its own will or by yours. */
export const PRACTICE_INCIDENTS = {
  warehouse_strike: {
    label: { zh: '仓库罢工', en: 'Warehouse strike' },
    tells: { zh: '该仓停止拣货、打包和交运', en: 'The warehouse stops picking, packing and handing over' },
    targets: PRACTICE_WAREHOUSES,
    minutes: 480,
  },
  carrier_delay: {
    label: { zh: '承运商延误', en: 'Carrier delay' },
    tells: { zh: '该承运商的转运全部变慢一天', en: 'Everything that the carrier moves takes a day longer' },
    targets: PRACTICE_CARRIERS,
    minutes: 720,
  },
  lost_truck: {
    label: { zh: '货车失联', en: 'Lost truck' },
    tells: {
      zh: '此刻在途的包裹不再有轨迹，部分再也不会出现',
      en: 'Parcels now on the road get no more scans; some are never seen again',
    },
    targets: PRACTICE_CARRIERS,
    minutes: 60,
  },
  feed_silence: {
    label: { zh: '数据源中断', en: 'Feed goes silent' },
    tells: {
      zh: '该数据源的消息积压，恢复后一并送达',
      en: 'Messages of the feed pile up and arrive together when it returns',
    },
    targets: ['xunda', 'yunlu', 'jiaxing', 'wuhan', 'plaza', 'bazaar', 'cards', 'wallets'],
    minutes: 180,
  },
  stock_out: {
    label: { zh: '缺货', en: 'Stock-out' },
    tells: {
      zh: '两个仓库都找不到该商品，含它的订单无法拣货',
      en: 'Neither warehouse can find the product; orders with it cannot be picked',
    },
    targets: ['AF-50', 'KT-17', 'TEA-08'],
    minutes: 720,
  },
  price_conflict: {
    label: { zh: '价格冲突', en: 'Price conflict' },
    tells: {
      zh: '渠道仍按旧价收款，付款与订单金额不一致',
      en: 'The channel still charges the old price: payments and orders differ',
    },
    targets: ['plaza', 'bazaar', 'web'],
    minutes: 120,
  },
  address_errors: {
    label: { zh: '地址错误', en: 'Broken addresses' },
    tells: { zh: '渠道传来的地址残缺，派送失败', en: 'Addresses arrive broken, and deliveries fail' },
    targets: PRACTICE_CHANNELS,
    minutes: 180,
  },
  duplicate_orders: {
    label: { zh: '重复订单', en: 'Duplicate orders' },
    tells: {
      zh: '渠道把每个订单用另一个号再发一次',
      en: 'The channel sends every order a second time under another number',
    },
    targets: PRACTICE_CHANNELS,
    minutes: 90,
  },
  missing_items: {
    label: { zh: '订单缺明细', en: 'Orders without items' },
    tells: { zh: '订单先到，商品明细要等很久', en: 'Orders come first, their items much later' },
    targets: ['bazaar', 'plaza', 'dealer'],
    minutes: 120,
  },
  payment_outage: {
    label: { zh: '支付通道故障', en: 'Payment outage' },
    tells: { zh: '该支付方式全部失败，客户稍后重试', en: 'All payments of the kind fail; customers try again later' },
    targets: PRACTICE_PAYMENTS,
    minutes: 120,
  },
  promotion: {
    label: { zh: '大促', en: 'Promotion' },
    tells: { zh: '该渠道订单量变为五倍', en: 'The channel takes five times as many orders' },
    targets: PRACTICE_CHANNELS,
    minutes: 180,
  },
} as const satisfies Record<string, IncidentKind>

export type PracticeIncident = keyof typeof PRACTICE_INCIDENTS

export const isPracticeIncident = (kind: string): kind is PracticeIncident => Object.hasOwn(PRACTICE_INCIDENTS, kind)

/** Whether an incident of the kind can happen there. */
export const happensAt = (kind: PracticeIncident, place: string): place is PracticePlace =>
  PRACTICE_INCIDENTS[kind].targets.some(target => target === place)

/** World milliseconds per millisecond. */
export const PRACTICE_SPEEDS = [1, 10, 60, 300, 1000] as const
export const MAX_PRACTICE_SPEED = 1000
/** An incident lasts at least and at most so long, in minutes of the world. */
export const INCIDENT_MINUTES = { least: 5, most: 4320 } as const
