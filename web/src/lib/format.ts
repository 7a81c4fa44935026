import { minorDigits } from '../../../src/contract/currency.ts'
import type { Language } from './prefs.ts'

/** Numbers, money and times as people read them. Instants come as ISO text or epoch ms; the zone is the reader's. */

export type When = string | number

export const msOf = (when: When): number => (typeof when === 'number' ? when : Date.parse(when))

const GROUPED = new Intl.NumberFormat('en-US')

/** `1,507`, in both languages. */
export const count = (n: number): string => GROUPED.format(n)

/** Minor units as a decimal with thousands by comma. @param digits decimals shown; the currency's own when left out */
export function amount(minor: number, currency: string | null, digits?: number): string {
  const own = minorDigits(currency ?? 'CNY')
  const shownDigits = digits ?? own
  return (minor / 10 ** own).toLocaleString('en-US', {
    minimumFractionDigits: shownDigits,
    maximumFractionDigits: shownDigits,
  })
}

const SYMBOL: Readonly<Record<string, string>> = {
  CNY: '¥',
  USD: '$',
  EUR: '€',
  GBP: '£',
  BRL: 'R$',
  JPY: 'JP¥',
  HKD: 'HK$',
}

/** The sign of a currency, its code when it has none that everybody knows. */
export const symbolOf = (currency: string | null): string =>
  currency === null ? '' : (SYMBOL[currency] ?? `${currency} `)

const pad = (n: number): string => String(n).padStart(2, '0')

/** `10:41`, or `10:41:07`. */
export function clockTime(when: When, seconds = false): string {
  const at = new Date(msOf(when))
  return `${pad(at.getHours())}:${pad(at.getMinutes())}${seconds ? `:${pad(at.getSeconds())}` : ''}`
}

/** `11-12`; with the year when it is another one. */
export function dayOf(when: When, now: number): string {
  const at = new Date(msOf(when))
  const day = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return at.getFullYear() === new Date(now).getFullYear() ? day : `${at.getFullYear()}-${day}`
}

export const isSameDay = (a: When, b: When): boolean =>
  new Date(msOf(a)).toDateString() === new Date(msOf(b)).toDateString()

/** `10:41` today, `11-11 10:31` else. */
export const shortTime = (when: When, now: number): string =>
  isSameDay(when, now) ? clockTime(when) : `${dayOf(when, now)} ${clockTime(when)}`

/** `2026-11-12 10:41`, whatever day it is. */
export const wholeTime = (when: When): string => `${dayOf(when, 0)} ${clockTime(when)}`

/** The whole instant with its zone, for tooltips. */
export const fullTime = (when: When, language: Language): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(msOf(when))

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** For clocks: `1:42` in hours and minutes, rounded down. */
export function hoursMinutes(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE)
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}`
}

/** For clocks of any age: as hours and minutes, `9 d 04 h` from four days on, `371 d` from a month on. */
export function clockSpan(ms: number): string {
  const span = Math.abs(ms)
  if (span < 96 * HOUR) return hoursMinutes(span)
  const days = Math.floor(span / (24 * HOUR))
  return days < 30 ? duration(span) : `${days} d`
}

/** For the large clock: `1:42:08`, and as other clocks from four days on. */
export function hoursMinutesSeconds(ms: number): string {
  if (Math.abs(ms) >= 96 * HOUR) return clockSpan(ms)
  const seconds = Math.floor(Math.abs(ms) / 1000)
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
}

/** For prose: `34 h 00 m`, `3 d 04 h` from four days on, `48 s` below a minute. */
export function duration(ms: number): string {
  const span = Math.abs(ms)
  if (span < MINUTE) return `${Math.round(span / 1000)} s`
  if (span < HOUR) return `${Math.floor(span / MINUTE)} m`
  if (span < 96 * HOUR) return `${Math.floor(span / HOUR)} h ${pad(Math.floor((span % HOUR) / MINUTE))} m`
  return `${Math.floor(span / (24 * HOUR))} d ${pad(Math.floor((span % (24 * HOUR)) / HOUR))} h`
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes as people read them: `3.4 MiB`. */
export function sizeText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${SIZES[step]}`
}

/** `96.4`, without the sign. */
export const percent = (share: number, digits = 1): string => (share * 100).toFixed(digits)
