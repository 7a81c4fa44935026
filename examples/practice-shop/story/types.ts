import {
  type PRACTICE_CARRIERS,
  PRACTICE_CHANNELS,
  type PRACTICE_WAREHOUSES,
  type PracticeIncident,
  type PracticePlace,
} from '../../../src/contract/practice.ts'
import type { Address, Person } from './people.ts'

/** Terms. Message: what one outside system says, a CloudEvent to be. Life: what becomes of an order, step by step. */

export interface Message {
  readonly id: string
  readonly source: string
  readonly type: string
  /** When it happened, epoch ms. */
  readonly time: number
  readonly data: object
  /** Not well formed on purpose: it is sent by itself, since it would take its neighbours down. */
  readonly broken?: true
}

export interface Incident {
  readonly kind: PracticeIncident
  readonly target: PracticePlace
  readonly from: number
  /** Exclusive. */
  readonly until: number
}

/** Somebody works on a case of an order: its world answers. */
export interface Remedy {
  readonly at: number
  readonly channel: string
  readonly orderNo: string
  /** The type of the case. */
  readonly type: string
}

export const CHANNELS = PRACTICE_CHANNELS
export type Channel = (typeof CHANNELS)[number]
export type Warehouse = (typeof PRACTICE_WAREHOUSES)[number]
export type Carrier = (typeof PRACTICE_CARRIERS)[number]
/** Alipay, WeChat and their like are wallets to us; a slip is paid at a bank's counter. */
export type Method = 'card' | 'wallet' | 'slip' | 'transfer' | 'cod'

export interface Line {
  readonly lineNo: string
  readonly sku: string
  readonly name: string
  readonly qty: number
  readonly price: number
  readonly discount?: number
}

/** What goes wrong, or another way than usual, for one order by itself. */
export const TROUBLES = {
  none: 7800,
  pays_later: 150,
  never_pays: 110,
  underpaid: 55,
  no_items: 35,
  stuck_approval: 70,
  changes_mind: 110,
  new_address: 90,
  slow_pick: 110,
  lost: 50,
  damaged: 40,
  misrouted: 60,
  slow_road: 190,
  absent: 380,
  refused: 40,
  bad_address: 80,
  no_date: 40,
  wrong_clock: 45,
  sends_back: 280,
  malformed: 12,
  typo: 30,
} as const
export type Trouble = keyof typeof TROUBLES

export interface Order {
  readonly no: string
  readonly channel: Channel
  readonly placedAt: number
  readonly lines: readonly Line[]
  readonly currency: string
  readonly freight: number
  /** Lines and freight, minor units. */
  readonly total: number
  readonly customer: Person
  readonly shipTo: Address
  readonly method: Method
  readonly promiseDay: string
  readonly promiseZone: string
  readonly shipBy: number
  readonly warehouse: Warehouse
  readonly carrier: Carrier
  readonly trackingNo: string
  /** Hours on the road. */
  readonly far: number
  readonly abroad: boolean
  readonly trouble: Trouble
  /** Its number is another one's double. */
  readonly doubleOf?: string
}

/** What has become of an order so far. */
export interface Life {
  readonly order: Order
  warehouse: Warehouse
  /** Where it is on its way; behind it there is no way back. */
  stage: 'placed' | 'paid' | 'approved' | 'picking' | 'packed' | 'shipped' | 'out' | 'delivered' | 'over'
  lines: readonly Line[]
  shipTo: Address
  /** Plans made before the present one are void. */
  plan: number
  /** Messages so far, for their ids. */
  said: number
  readonly remedied: Set<string>
  /** Things that happened once and must not happen again. */
  readonly did: Set<string>
  handedOverAt?: number
  lastScanAt?: number
  deliveredAt?: number
  /** What came in, minor units. */
  paid: number
}

export type Step =
  | 'place'
  | 'items'
  | 'pay'
  | 'give_up'
  | 'approve'
  | 'cancel'
  | 'readdress'
  | 'allocate'
  | 'pick'
  | 'pack'
  | 'hand_over'
  | 'collect'
  | 'hub'
  | 'customs'
  | 'out'
  | 'arrive'
  | 'send_home'
  | 'home'
  | 'review'
  | 'return'
  | 'refund'
