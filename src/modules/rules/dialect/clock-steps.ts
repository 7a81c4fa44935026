import type { BusinessTime } from '../../../kernel/business-time.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../kernel/instant.ts'
import { isZone, offsetAt } from '../../../kernel/zone.ts'
import type { Step, StepFunction } from './term.ts'

/** Milliseconds by which a clock is ahead of UTC at an instant. */
type Offset = (at: Instant) => number

const FIXED = /^([+-]?)(\d{2}):(\d{2})$/

/** The clock of an IANA zone or of a fixed offset such as `+08:00`; null for any other text. */
export function clockIn(zone: string): Offset | null {
  const fixed = FIXED.exec(zone)
  if (fixed) {
    const ahead = (Number(fixed[2]) * 60 + Number(fixed[3])) * MINUTE * (fixed[1] === '-' ? -1 : 1)
    return Math.abs(ahead) < DAY ? () => ahead : null
  }
  return isZone(zone) ? at => offsetAt(at, zone) : null
}

interface Part {
  /** How long the part stays the same on a clock; what is shorter than an hour changes too often to be followed. */
  readonly size: number
  /** Of local time, written as if it were UTC. */
  readonly ofTime: (local: number) => number
  readonly ofSpan?: (span: number) => number
  /** A span's part is the same for so long. */
  readonly spanSize?: number
}

const date = (local: number): Date => new Date(local)
const yearStart = (local: number): number => Date.UTC(date(local).getUTCFullYear(), 0, 1)

/** Accessors of CEL, counted as CEL counts: months, days of the month and of the year from 0, Sunday is 0, getDate from 1. */
export const PARTS = {
  getFullYear: { size: DAY, ofTime: t => date(t).getUTCFullYear() },
  getMonth: { size: DAY, ofTime: t => date(t).getUTCMonth() },
  getDate: { size: DAY, ofTime: t => date(t).getUTCDate() },
  getDayOfMonth: { size: DAY, ofTime: t => date(t).getUTCDate() - 1 },
  getDayOfWeek: { size: DAY, ofTime: t => date(t).getUTCDay() },
  getDayOfYear: { size: DAY, ofTime: t => Math.floor((t - yearStart(t)) / DAY) },
  getHours: { size: HOUR, ofTime: t => date(t).getUTCHours(), ofSpan: d => Math.trunc(d / HOUR), spanSize: HOUR },
  getMinutes: {
    size: MINUTE,
    ofTime: t => date(t).getUTCMinutes(),
    ofSpan: d => Math.trunc(d / MINUTE),
    spanSize: MINUTE,
  },
  getSeconds: {
    size: SECOND,
    ofTime: t => date(t).getUTCSeconds(),
    ofSpan: d => Math.trunc(d / SECOND),
    spanSize: SECOND,
  },
  getMilliseconds: { size: 1, ofTime: t => date(t).getUTCMilliseconds(), ofSpan: d => d % SECOND, spanSize: 1 },
} as const satisfies { readonly [name: string]: Part }
export type PartName = keyof typeof PARTS
export const isPart = (name: string): name is PartName => Object.hasOwn(PARTS, name)
export const partOf = (name: PartName): Part => PARTS[name]

/** Dates end here; a clock shows nothing before and after. */
const LAST = 8.6e15
const NOWHEN: Step = { value: Number.NaN, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** What a clock shows, such as its hour; the range ends where the part does or where clocks are changed. */
export function clockPart(name: PartName, where: string, offset: Offset): StepFunction {
  const { size, ofTime } = partOf(name)
  return remembered({
    name,
    where,
    at(x) {
      if (!(Math.abs(x) < LAST)) return NOWHEN
      const ahead = offset(x)
      const local = Math.floor((x + ahead) / size) * size
      const [from, to] = [local - ahead, local - ahead + size]
      return {
        value: ofTime(local),
        from: offset(from) === ahead ? from : changeBetween(offset, from, x),
        to: offset(to - 1) === ahead ? to : changeBetween(offset, x, to - 1),
      }
    },
  })
}

/** Whole hours, minutes ... of a length of time, towards zero. */
export function spanPart(name: PartName): StepFunction | null {
  const { ofSpan, spanSize } = partOf(name)
  if (!ofSpan || !spanSize) return null
  return {
    name,
    where: '',
    at(x) {
      const whole = Math.trunc(x / spanSize)
      // Towards zero: the step around zero is twice as long, from just above -1 to just below +1.
      const from = whole > 0 ? whole * spanSize : (whole - 1) * spanSize + 1
      return { value: ofSpan(x), from, to: whole < 0 ? whole * spanSize + 1 : (whole + 1) * spanSize }
    },
  }
}

export const openAt = (calendar: BusinessTime): StepFunction => ({
  name: 'isBusinessTime',
  where: calendar.id,
  at(x) {
    const { open, from, to } = calendar.spellAt(x)
    return { value: open, from, to }
  },
})

/** The day as a step of the calendar's clock; whether it is worked is asked of the calendar. */
export function workdayAt(calendar: BusinessTime): StepFunction {
  const day = clockPart('getDate', calendar.zone, at => offsetAt(at, calendar.zone))
  return {
    name: 'isWorkday',
    where: calendar.id,
    at: x => ({ ...day.at(x), value: Math.abs(x) < LAST && calendar.isWorkday(x) }),
  }
}

/** The first instant in (from, to] with another offset than at `from`. */
function changeBetween(offset: Offset, from: number, to: number): number {
  const before = offset(from)
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offset(middle) === before) low = middle
    else high = middle
  }
  return high
}

const KEPT = 512

/** Asking a zone takes microseconds, and the same few steps are asked for again and again. */
function remembered(step: StepFunction): StepFunction {
  let known = new Map<number, Step>()
  return {
    ...step,
    at(x) {
      const key = Math.floor(x / HOUR)
      const hit = known.get(key)
      if (hit && hit.from <= x && x < hit.to) return hit
      const found = step.at(x)
      if (known.size >= KEPT) known = new Map()
      known.set(key, found)
      return found
    },
  }
}
