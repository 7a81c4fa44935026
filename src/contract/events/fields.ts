import { z } from 'zod'
import { isZone } from '../../kernel/zone.ts'
import { CURRENCIES } from '../currency.ts'
import { instantOfIso } from './iso.ts'
import { mark, personal } from './marks.ts'

/** 10^12 minor units: ten thousand million in a currency of cents, and far below what a double holds exactly. */
export const MAX_MINOR = 1_000_000_000_000
export const MAX_QUANTITY = 1_000_000
export const MAX_LINES = 1000

/** Free text of 1 to `max` characters. Unicode form and NUL are checked for the whole message by the guard. */
export const text = (max: number) => mark(z.string().min(1).max(max), { says: `text, 1 to ${max} characters` })

const CODE_SAYS = 'at least one character, no control characters, no space at either end'
const CODE = /^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u

/** An identifier as another system writes it: no control characters, no space at either end. */
export const code = (max = 100) =>
  mark(z.string().max(max).regex(CODE, CODE_SAYS), { says: `code, 1 to ${max} characters` })

const CHANNEL = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u
/** Whether the text can name a channel or a feed: letters, digits, dot, underscore and hyphen, at most 64. */
export const isChannelName = (name: string): boolean => CHANNEL.test(name)
export const channelName = () =>
  mark(z.string().max(64).regex(CHANNEL, 'letters, digits, dot, underscore and hyphen; a letter or digit first'), {
    says: 'channel name, 1 to 64 characters',
  })

/** A tracking number; carriers print them in any case and spacing, so they are compared upper-cased and without spaces. */
export const trackingNumber = () =>
  mark(
    z
      .string()
      .max(64)
      .regex(CODE, CODE_SAYS)
      .overwrite(given => given.replace(/\s+/g, '').toUpperCase()),
    { says: 'tracking number, 1 to 64 characters; kept upper-cased without spaces' },
  )

/** A non-negative amount in integer minor units of the event's currency. */
export const minor = () =>
  mark(z.int().min(0).max(MAX_MINOR), { says: 'amount, minor units of the currency, 0 to 10^12' })

export const quantity = () => mark(z.int().min(1).max(MAX_QUANTITY), { says: 'pieces, 1 to 10^6' })

export const count = (max: number) => mark(z.int().min(0).max(max), { says: `whole number, 0 to ${max}` })

export const currency = () =>
  mark(
    z.string().refine(given => CURRENCIES.has(given), {
      error: 'use an ISO 4217 code in capitals, such as CNY',
      params: { code: 'bad_currency' },
    }),
    { says: 'currency, ISO 4217' },
  )

export const country = () =>
  mark(z.string().regex(/^[A-Z]{2}$/, 'use an ISO 3166-1 alpha-2 code, such as CN'), {
    says: 'country, ISO 3166-1 alpha-2',
  })

export const zone = () =>
  mark(
    z.string().refine(isZone, {
      error: 'use an IANA time zone name, such as Asia/Shanghai',
      params: { code: 'bad_zone' },
    }),
    { says: 'time zone, IANA name' },
  )

const INSTANT_ERRORS = {
  bad_format: 'use an ISO 8601 date and time with offset, such as 2026-11-21T08:00:00+08:00',
  out_of_range: 'use a year from 1970 to 2199',
} as const

/** An instant, given as ISO 8601 with offset, kept as epoch ms. */
export const instant = () =>
  mark(
    z.string().transform((given, ctx): number => {
      const at = instantOfIso(given)
      if (typeof at === 'number') return at
      ctx.addIssue({ code: 'custom', message: INSTANT_ERRORS[at], params: { code: at } })
      return z.NEVER
    }),
    { says: 'instant, ISO 8601 with offset (kept as epoch ms)' },
  )

const refShape = {
  channel: channelName().optional(),
  orderNo: code(100).optional(),
  trackingNo: trackingNumber().optional(),
  carrier: code(64).optional(),
  paymentId: code(128).optional(),
  barcode: code(128).optional(),
}

type Ref = { orderNo?: string; trackingNo?: string; paymentId?: string; barcode?: string }
const namesSomething = (ref: Ref): boolean =>
  (ref.orderNo ?? ref.trackingNo ?? ref.paymentId ?? ref.barcode) !== undefined

/** Which order an event is about: at least one of order number, tracking number, payment id, barcode. */
export const ref = () =>
  z.strictObject(refShape).refine(namesSomething, {
    error: 'give orderNo, trackingNo, paymentId or barcode, so that the order can be found',
    params: { code: 'missing' },
  })

/** The same for an event that must name the order itself. */
export const orderRef = () => z.strictObject({ ...refShape, orderNo: code(100) })

/** True when the source corrects what it said before: of several corrections of a milestone the last known wins. */
export const correction = () => z.literal(true).optional()

export const METHODS = ['card', 'slip', 'transfer', 'voucher', 'debit', 'wallet', 'cod', 'other'] as const
export type PaymentMethod = (typeof METHODS)[number]
export const method = () => z.enum(METHODS)

export const PARTIES = ['customer', 'seller', 'warehouse', 'carrier', 'payment', 'fraud', 'platform', 'other'] as const
export const party = () => z.enum(PARTIES)

/** Who bought. Only the tier may be read without opening sealed text. */
export const customer = () =>
  z.strictObject({
    id: personal(code(128)).optional(),
    tier: code(40).optional(),
    name: personal(text(200)).optional(),
    phone: personal(text(40)).optional(),
    email: personal(text(254)).optional(),
  })

/** Where it goes. City, region and country stay readable: lanes and roll-ups need them. */
export const address = () =>
  z.strictObject({
    name: personal(text(200)).optional(),
    phone: personal(text(40)).optional(),
    line1: personal(text(300)).optional(),
    line2: personal(text(300)).optional(),
    postcode: personal(code(20)).optional(),
    district: personal(text(100)).optional(),
    city: text(100).optional(),
    region: text(100).optional(),
    country: country().optional(),
  })

/** Where a scan or reading was made: a place of the carrier, not of the customer. */
export const place = () =>
  z.strictObject({
    name: text(200).optional(),
    city: text(100).optional(),
    region: text(100).optional(),
    country: country().optional(),
  })

/** What a part of an order is about: how many of which SKU. */
export const skuQuantity = () => z.strictObject({ sku: code(128), qty: quantity() })
