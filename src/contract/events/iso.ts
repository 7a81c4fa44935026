import type { Instant } from '../../kernel/instant.ts'
import { MAX_INSTANT, MIN_INSTANT } from '../../kernel/instant.ts'

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))$/

export type InstantProblem = 'bad_format' | 'out_of_range'

/**
 * An ISO 8601 instant with offset, such as `2026-11-21T08:00:00+08:00` or `...Z`, to epoch ms; finer fractions are cut.
 * `bad_format` for a text that is no such instant (no offset, 30 February, 25:00), `out_of_range` outside 1970..2199.
 */
export function instantOfIso(text: string): Instant | InstantProblem {
  const m = SHAPE.exec(text)
  if (m === null) return 'bad_format'
  const year = Number(m[1])
  const month = Number(m[2])
  const day = Number(m[3])
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return 'bad_format'
  const [hour, minute, second] = [Number(m[4]), Number(m[5]), Number(m[6] ?? 0)]
  const [offsetHour, offsetMinute] = [Number(m[9] ?? 0), Number(m[10] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 14 || offsetMinute > 59) return 'bad_format'
  // Date.UTC reads the years 0..99 as 1900..1999, so the range is checked on the year first.
  if (year < 1969 || year > 2200) return 'out_of_range'
  const ms = m[7] === undefined ? 0 : Number(m[7].slice(0, 3).padEnd(3, '0'))
  const offset = (offsetHour * 60 + offsetMinute) * (m[8] === '-' ? -60_000 : 60_000)
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms) - offset
  return at < MIN_INSTANT || at >= MAX_INSTANT ? 'out_of_range' : at
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : LENGTHS[month - 1]!)
