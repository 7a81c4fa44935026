import {
  DAY,
  dateText,
  dayOf,
  HOUR,
  hourOf,
  OFFICE_HOURS,
  stamp,
  WAREHOUSE_HOURS,
  weekdayOf,
  workedFrom,
  ZONE,
} from './calendar.ts'
import { productOf, weights } from './catalogue.ts'
import { type Dice, dice } from './dice.ts'
import { type Buyer, buyerOf } from './people.ts'
import { type Channel, type Line, type Method, type Order, TROUBLES, type Trouble } from './types.ts'

/** Orders of a day, over all channels, without promotions. */
export const ORDERS_PER_DAY = 600
/** Orders appear slot by slot. */
export const SLOT = 10 * 60_000

interface Habit {
  readonly share: number
  readonly prefix: string
  readonly abroad: number
  readonly methods: { readonly [method in Method]?: number }
  /** Working hours of the warehouse until it must be handed over. */
  readonly shipWithin: number
  readonly promiseDays: number
}

export const HABITS: { readonly [channel in Channel]: Habit } = {
  plaza: {
    ...{ share: 34, prefix: 'P', abroad: 0, methods: { wallet: 80, card: 20 } },
    ...{ shipWithin: 8, promiseDays: 5 },
  },
  web: {
    ...{ share: 22, prefix: 'W', abroad: 0.12, methods: { card: 45, wallet: 45, slip: 6, transfer: 4 } },
    ...{ shipWithin: 10, promiseDays: 5 },
  },
  bazaar: {
    ...{ share: 24, prefix: 'B', abroad: 0.04, methods: { wallet: 82, card: 14, cod: 4 } },
    ...{ shipWithin: 8, promiseDays: 5 },
  },
  store: {
    ...{ share: 12, prefix: 'S', abroad: 0, methods: { wallet: 65, card: 30, cod: 5 } },
    ...{ shipWithin: 10, promiseDays: 5 },
  },
  dealer: {
    ...{ share: 8, prefix: 'D', abroad: 0, methods: { transfer: 75, slip: 25 } },
    ...{ shipWithin: 20, promiseDays: 8 },
  },
}

/** How busy each hour of the day is. */
const RHYTHM = [
  0.3, 0.15, 0.1, 0.08, 0.08, 0.15, 0.4, 0.8, 1.2, 1.6, 1.8, 1.6, 1.3, 1.2, 1.2, 1.3, 1.4, 1.3, 1.4, 1.7, 2.1, 2.2, 1.5,
  0.7,
]
const RHYTHM_SUM = RHYTHM.reduce((sum, x) => sum + x, 0)
const SHARES = Object.values(HABITS).reduce((sum, h) => sum + h.share, 0)
const WEEKEND = 1.15
export const PROMOTION = 5

/** Orders that a channel may expect in the slot that begins at `at`. */
export function expectedIn(channel: Channel, at: number, promoted: boolean): number {
  const day = weekdayOf(at)
  const rhythm = RHYTHM[hourOf(at)]! / RHYTHM_SUM
  const week = (day === 0 || day === 6) && channel !== 'dealer' ? WEEKEND : 1
  const perHour = ((ORDERS_PER_DAY * HABITS[channel].share) / SHARES) * rhythm * week
  return ((perHour * SLOT) / HOUR) * (promoted ? PROMOTION : 1)
}

/** How many really come: Poisson, by Knuth's multiplication. */
export function countOf(expected: number, chance: Dice): number {
  const limit = Math.exp(-expected)
  let n = 0
  for (let p = chance.real(); p > limit; p *= chance.real()) n++
  return n
}

/** What of an order is decided elsewhere: by what goes on when it is placed. */
export interface Wish {
  readonly channel: Channel
  readonly placedAt: number
  /** Its place among those of the slot. */
  readonly n: number
  readonly trouble?: Trouble
}

/** The order that somebody places: everything about it but what becomes of it. */
export function orderOf(seed: number, { channel, placedAt, n, trouble }: Wish): Order {
  const habit = HABITS[channel]
  const no = `${habit.prefix}${stamp(placedAt)}${n}`
  const chance = dice(seed, 'order', no, placedAt)
  const buyer = buyerOf(chance, habit.abroad)
  const abroad = buyer.zone !== null
  const lines = linesOf(chance, channel, buyer.currency)
  const items = lines.reduce((sum, l) => sum + l.qty * l.price - (l.discount ?? 0), 0)
  const freight = abroad ? priceIn(buyer.currency, 8800) : items < 9900 ? 800 : 0
  const own = trouble ?? chance.weighted(TROUBLES)
  return {
    ...{ no, channel, placedAt, lines, freight, total: items + freight, currency: buyer.currency },
    ...{ customer: buyer.person, shipTo: buyer.address, far: buyer.far, abroad },
    method: abroad ? 'card' : chance.weighted(habit.methods as { readonly [m in Method]: number }),
    ...promiseOf(habit, buyer, placedAt),
    shipBy: workedFrom(placedAt, habit.shipWithin * HOUR, WAREHOUSE_HOURS),
    warehouse: chance.chance(0.85) ? buyer.nearest : buyer.nearest === 'wuhan' ? 'jiaxing' : 'wuhan',
    carrier: abroad ? 'haiqiao' : chance.chance(0.55) ? 'yunlu' : 'xunda',
    trackingNo: `${abroad ? 'HQ' : 'YX'}${stamp(placedAt).replace('-', '')}${chance.between(1000, 9999)}${n}`,
    trouble: own,
  }
}

function promiseOf(habit: Habit, buyer: Buyer, placedAt: number) {
  const days = buyer.zone ? 15 : habit.promiseDays + (buyer.far > 40 ? 4 : 0)
  return { promiseDay: dateText(dayOf(placedAt) + days), promiseZone: buyer.zone ?? ZONE }
}

/** Minor units of a currency for one fen; yen have no cents. */
const RATES: { readonly [currency: string]: number } = { CNY: 1, USD: 0.14, EUR: 0.128, GBP: 0.11, JPY: 0.21 }
const priceIn = (currency: string, fen: number): number => Math.max(1, Math.round(fen * (RATES[currency] ?? 1)))

function linesOf(chance: Dice, channel: Channel, currency: string): Line[] {
  const dealer = channel === 'dealer'
  const count = dealer ? chance.between(2, 6) : chance.weighted({ 1: 62, 2: 26, 3: 9, 4: 3 })
  const lines = new Map<string, Line>()
  for (let i = 0; i < Number(count); i++) {
    const product = productOf(chance.weighted(weights))
    const qty = dealer ? chance.between(4, 40) : chance.chance(0.12) ? 2 : 1
    const price = priceIn(currency, dealer ? Math.round(product.price * 0.7) : product.price)
    const discount = chance.chance(0.15) ? { discount: Math.round(price * qty * 0.1) } : {}
    const lineNo = String(lines.size + 1)
    if (!lines.has(product.sku))
      lines.set(product.sku, { lineNo, sku: product.sku, name: product.name, qty, price, ...discount })
  }
  return [...lines.values()]
}

/** When somebody in an office gets round to it. */
export const officeTime = (at: number, length: number): number => workedFrom(at, length, OFFICE_HOURS)

/** No life lasts longer than this; a shop that was away plays so much again to know where its orders are. */
export const LONGEST_LIFE = 28 * DAY
