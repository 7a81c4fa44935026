import type { Said } from './moment.ts'
import type { Life, Line, Method, Order } from './types.ts'

/** How orders are named by those who speak of them: channels and warehouses by number, carriers by waybill. */
export const ownRef = ({ order }: Life) => ({ channel: order.channel, orderNo: order.no })
export const parcelRef = ({ order }: Life) => ({ trackingNo: order.trackingNo, carrier: order.carrier })
export const bothRefs = (life: Life) => ({ ...ownRef(life), ...parcelRef(life) })

const PAYMENTS: { readonly [method in Method]: string } = {
  card: 'cards',
  wallet: 'wallets',
  slip: 'bank',
  transfer: 'bank',
  cod: 'bank',
}
export const payFeed = ({ method }: Order): string => PAYMENTS[method]

type Data = { readonly [field: string]: unknown }

export const channelSays = (life: Life, type: string, data: Data = {}): Said => ({
  ...{ type, from: life.order.channel, data: { ref: ownRef(life), ...data } },
})
export const erpSays = (life: Life, type: string, data: Data = {}): Said => ({
  ...{ type, from: 'erp', data: { ref: ownRef(life), ...data } },
})
export const warehouseSays = (life: Life, type: string, data: Data = {}): Said => ({
  ...{ type, from: life.warehouse, data: { ref: ownRef(life), warehouse: life.warehouse, ...data } },
})
/** Carriers know waybills only, and tell some minutes later. */
export const carrierSays = (life: Life, type: string, data: Data = {}): Said => ({
  ...{ type, from: life.order.carrier, data: { ref: parcelRef(life), ...data }, lag: 40_000 },
})
export const paymentSays = (life: Life, type: string, data: Data = {}): Said => ({
  type,
  from: payFeed(life.order),
  data: { ref: { ...ownRef(life), paymentId: `PAY-${life.order.no}` }, ...data },
})

/** The order's lines as a channel sends them. */
export const linesOf = (life: Life, lines: readonly Line[]): object[] =>
  lines.map(line => ({ ...line, shipBy: iso(life.order.shipBy) }))

export const iso = (at: number): string => new Date(at).toISOString()

const SOURCES: { readonly [from: string]: string } = {
  ...{ web: 'channels', plaza: 'channels', bazaar: 'channels', store: 'channels', dealer: 'channels' },
  ...{ erp: 'systems', jiaxing: 'warehouses', wuhan: 'warehouses' },
  ...{ yunlu: 'carriers', xunda: 'carriers', haiqiao: 'carriers' },
  ...{ cards: 'payments', wallets: 'payments', bank: 'payments' },
}
/** A CloudEvents source; its last segment is the feed. */
export const sourceOf = (from: string): string => `/${SOURCES[from]}/${from}`
