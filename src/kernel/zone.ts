import type { Instant } from './instant.ts'
import { DAY, HOUR } from './instant.ts'

/**
 * Civil days in IANA time zones, over the runtime's own zone data (Intl). Pure: what is kept between calls are
 * formatters and answers that never change.
 */

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/
const DAY_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/
const KEPT = 4096

const formatters = new Map<string, Intl.DateTimeFormat | null>()
const dayStarts = new Map<string, Instant>()
const dayEnds = new Map<string, Instant>()

/** Whether the text names a time zone such as `Asia/Shanghai`; fixed offsets such as `+08:00` are not names. */
export const isZone = (zone: string): boolean => formatterOf(zone) !== null

/** Whether the text is a real calendar day `YYYY-MM-DD` of the years 1970 to 2199. */
export function isDay(text: string): boolean {
  const m = DAY_TEXT.exec(text)
  if (!m) return false
  const year = Number(m[1])
  if (year < 1970 || year > 2199) return false
  const date = new Date(Date.UTC(year, Number(m[2]) - 1, Number(m[3])))
  return date.toISOString().startsWith(text)
}

/** The calendar day `YYYY-MM-DD` that clocks in `zone` show at the instant. */
export const dayOf = (at: Instant, zone: string): string => dayText(at + offsetAt(at, zone))

/**
 * The first instant at which clocks in `zone` show `day` (or a later day, where a zone skipped that day altogether).
 * Right across changes of the clock: where midnight does not exist the day starts at the change, where it comes twice
 * at the first one. Throws RangeError on an unknown zone or a text that is no day.
 */
export const startOfDay = (day: string, zone: string): Instant => kept(dayStarts, { day, zone, find: firstShowing })

/** The first instant after `day` in `zone`: the start of the next day there. Throws as `startOfDay` does. */
export const endOfDay = (day: string, zone: string): Instant =>
  kept(dayEnds, { day, zone, find: midnight => startOfDay(dayText(midnight + DAY), zone) })

interface Sought {
  readonly day: string
  readonly zone: string
  find(midnightUtc: number, zone: string): Instant
}

function kept(answers: Map<string, Instant>, { day, zone, find }: Sought): Instant {
  const key = `${zone}|${day}`
  const known = answers.get(key)
  if (known !== undefined) return known
  if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
  const found = find(midnightUtc(day), zone)
  // Promises fall on few days; forgetting all of them once in a long while is cheaper than keeping an order of use.
  if (answers.size >= KEPT) answers.clear()
  answers.set(key, found)
  return found
}

/** Milliseconds by which local time in `zone` is ahead of UTC at the instant. Throws RangeError on an unknown zone. */
export function offsetAt(at: Instant, zone: string): number {
  const formatter = formatterOf(zone)
  if (formatter === null) throw new RangeError(`not a time zone: ${zone}`)
  const second = Math.floor(at / 1000) * 1000
  const part: Record<string, number> = {}
  for (const { type, value } of formatter.formatToParts(second)) part[type] = Number(value)
  const local = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return local - second
}

const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10)
const midnightUtc = (day: string): number => Date.parse(`${day}T00:00:00.000Z`)

/**
 * The first instant at which clocks in `zone` show `wall` (local time written as if it were UTC), or the instant of the
 * change where clocks jumped over it. Offsets lie between -12 h and +14 h, so it lies within [wall - 14 h, wall + 12 h].
 */
export function firstShowing(wall: number, zone: string): Instant {
  const offsets = [offsetAt(wall - 15 * HOUR, zone), offsetAt(wall + 13 * HOUR, zone)]
  const shown = offsets
    .map(offset => wall - offset)
    .filter(at => at + offsetAt(at, zone) === wall)
    .sort((a, b) => a - b)
  return shown[0] ?? changeAcross(wall, zone)
}

// Clocks jumped over it: the jump itself, found by halving down to the millisecond.
function changeAcross(wall: number, zone: string): Instant {
  let before = wall - 15 * HOUR
  let after = wall + 13 * HOUR
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (middle + offsetAt(middle, zone) >= wall) after = middle
    else before = middle
  }
  return after
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  if (zone.length > 64) return null
  const made = ZONE_NAME.test(zone) ? makeFormatter(zone) : null
  // Names come from outside: a flood of wrong ones must not grow the map for ever.
  if (formatters.size >= KEPT) formatters.clear()
  formatters.set(zone, made)
  return made
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | null {
  const field = 'numeric'
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: field,
      month: field,
      day: field,
      hour: field,
      minute: field,
      second: field,
    })
  } catch {
    return null
  }
}
