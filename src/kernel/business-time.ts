import { DAY, type Duration, HOUR, type Instant, MAX_INSTANT, MIN_INSTANT } from './instant.ts'
import { firstShowing, isZone, offsetAt } from './zone.ts'

/** Working hours of one day: [from, to) in ms of the local clock; `to` may pass midnight, up to 48 h. In order, apart. */
export type Shifts = readonly (readonly [from: number, to: number])[]

/** A business calendar as data: hours of the week, Monday first, and single days that are different. */
export interface CalendarDef {
  readonly id: string
  readonly version: number
  /** IANA name; shifts are read off clocks there. */
  readonly zone: string
  readonly week: readonly Shifts[]
  /** By day `YYYY-MM-DD`: a holiday has no shifts, a make-up workday has those of a workday. */
  readonly days: { readonly [day: string]: Shifts }
}

/** Open or closed, and the instants [from, to) around the asked one for which that is certain. */
export interface Spell {
  readonly open: boolean
  readonly from: number
  readonly to: number
}

/**
 * Business time of one calendar. Exact to the millisecond over summer time, holidays and night shifts. What is asked with
 * something that is no number is answered with NaN, or with closed for ever.
 */
export interface BusinessTime {
  readonly id: string
  readonly version: number
  readonly zone: string
  /** Business time between two instants in ms; negative when `to` is the earlier one. */
  elapsed(from: Instant, to: Instant): Duration
  /** The first instant x with elapsed(from, x) >= span; Infinity (-Infinity) when that lies outside of our years. */
  reach(from: Instant, span: number): number
  /** The last instant x with elapsed(x, from) >= span > 0; -Infinity when that lies outside of our years. */
  back(from: Instant, span: number): number
  spellAt(at: Instant): Spell
  /** Whether the local day of the instant has any working hours. */
  isWorkday(at: Instant): boolean
}

const NEVER: Spell = { open: false, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
const FIRST_YEAR = new Date(MIN_INSTANT).getUTCFullYear()
const LAST_YEAR = new Date(MAX_INSTANT).getUTCFullYear()
const yearOf = (at: number): number => new Date(Math.min(Math.max(at, MIN_INSTANT), MAX_INSTANT)).getUTCFullYear()

/**
 * Working intervals of the years that were asked for, as sorted lists with running totals, so that elapsed time is two
 * look-ups and its inverse one binary search. Pure: what is kept between calls never changes an answer.
 */
export function businessTimeOf(def: CalendarDef): BusinessTime {
  if (!isZone(def.zone)) throw new RangeError(`not a time zone: ${def.zone}`)
  const axis = new Axis(def)
  return {
    id: def.id,
    version: def.version,
    zone: def.zone,
    elapsed(from, to) {
      if (!Number.isFinite(to - from)) return Number.NaN
      axis.cover(yearOf(from), yearOf(to))
      return axis.before(to) - axis.before(from)
    },
    reach: (from, span) => (Number.isFinite(from + span) ? axis.reach(from, span) : Number.NaN),
    back: (from, span) => (Number.isFinite(from + span) ? axis.back(from, span) : Number.NaN),
    spellAt(at) {
      if (!Number.isFinite(at)) return NEVER
      axis.cover(yearOf(at), yearOf(at))
      return axis.spellAt(at)
    },
    isWorkday: at => shiftsOn(def, Math.floor((at + offsetAt(at, def.zone)) / DAY)).length > 0,
  }
}

const textOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

/** Shifts of a local day, counted from 1970-01-01, which was a Thursday. */
function shiftsOn(def: CalendarDef, day: number): Shifts {
  const text = textOf(day)
  return Object.hasOwn(def.days, text) ? def.days[text]! : def.week[(((day + 3) % 7) + 7) % 7]!
}

class Axis {
  private readonly def: CalendarDef
  private readonly years = new Map<number, readonly number[]>()
  private first = 0
  private last = -1
  private starts = new Float64Array(0)
  private ends = new Float64Array(0)
  /** Business time before interval i; one place more than there are intervals. */
  private totals = new Float64Array(1)
  /** Index of the first interval that ends after the start of each UTC day of the covered years. */
  private byDay = new Int32Array(0)
  private base = 0

  constructor(def: CalendarDef) {
    this.def = def
  }

  /** Makes sure that both years and their neighbours are there: local years reach into them. */
  cover(a: number, b: number): void {
    const from = Math.max(Math.min(a, b) - 1, FIRST_YEAR - 1)
    const to = Math.min(Math.max(a, b) + 1, LAST_YEAR + 1)
    if (this.last < this.first) this.build(from, to)
    else if (from < this.first || to > this.last) this.build(Math.min(from, this.first), Math.max(to, this.last))
  }

  /** Business time from the start of the axis to `at`. */
  before(at: number): number {
    const i = this.indexAfter(at)
    return this.totals[i]! + (i < this.starts.length ? Math.max(0, at - this.starts[i]!) : 0)
  }

  spellAt(at: number): Spell {
    const i = this.indexAfter(at)
    if (i < this.starts.length && this.starts[i]! <= at) return { open: true, from: this.starts[i]!, to: this.ends[i]! }
    const from = i > 0 ? this.ends[i - 1]! : Number.NEGATIVE_INFINITY
    const to = i < this.starts.length ? this.starts[i]! : this.endOfAxis()
    return { open: false, from, to }
  }

  reach(from: number, span: number): number {
    this.cover(yearOf(from), yearOf(from))
    for (;;) {
      const wanted = this.before(from) + Math.ceil(span)
      const total = this.totals[this.starts.length]!
      if (wanted > 0 && wanted <= total) return this.instantOf(wanted)
      const up = wanted > 0
      const edge = up ? this.last : this.first
      if (up ? edge > LAST_YEAR : edge < FIRST_YEAR) return up ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      const more = this.last - this.first + 1
      if (up) this.cover(this.first + 1, Math.min(edge + more, LAST_YEAR))
      else this.cover(Math.max(edge - more, FIRST_YEAR), this.last - 1)
    }
  }

  back(from: number, span: number): number {
    this.cover(yearOf(from), yearOf(from))
    for (;;) {
      const wanted = this.before(from) - Math.ceil(span)
      if (wanted >= 0) return this.lastInstantOf(wanted)
      if (this.first < FIRST_YEAR) return Number.NEGATIVE_INFINITY
      this.cover(Math.max(this.first - (this.last - this.first + 1), FIRST_YEAR), this.last - 1)
    }
  }

  /** The first instant at which `total` of business time has passed; 0 < total <= all of it. */
  private instantOf(total: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.totals[middle + 1]! >= total) high = middle
      else low = middle + 1
    }
    return this.starts[low]! + (total - this.totals[low]!)
  }

  /** The last instant at which no more than `total` of business time has passed; 0 <= total < all of it. */
  private lastInstantOf(total: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.totals[middle]! <= total) low = middle
      else high = middle - 1
    }
    return this.starts[low]! + (total - this.totals[low]!)
  }

  private indexAfter(at: number): number {
    const day = Math.min(Math.max(Math.floor((at - this.base) / DAY), 0), this.byDay.length - 1)
    let i = this.byDay[day]!
    while (i < this.ends.length && this.ends[i]! <= at) i++
    return i
  }

  /** Closed after the last interval, as far as is known: until the years that were not looked at yet. */
  private endOfAxis(): number {
    return this.last > LAST_YEAR ? Number.POSITIVE_INFINITY : Date.UTC(this.last, 11, 31)
  }

  private build(first: number, last: number): void {
    const edges: number[] = []
    for (let year = first; year <= last; year++) {
      const known = this.years.get(year) ?? edgesOf(this.def, year)
      this.years.set(year, known)
      // A shift that runs over New Year is one.
      const joined = edges.length > 0 && edges.at(-1) === known[0]
      if (joined) edges.pop()
      // No spread: a year may have a thousand edges, and 230 years may be asked for.
      for (let i = joined ? 1 : 0; i < known.length; i++) edges.push(known[i]!)
    }
    const count = edges.length / 2
    this.first = first
    this.last = last
    this.starts = Float64Array.from({ length: count }, (_, i) => edges[2 * i]!)
    this.ends = Float64Array.from({ length: count }, (_, i) => edges[2 * i + 1]!)
    this.totals = new Float64Array(count + 1)
    for (let i = 0; i < count; i++) this.totals[i + 1] = this.totals[i]! + (this.ends[i]! - this.starts[i]!)
    this.base = Date.UTC(first, 0, 1)
    const days = Math.ceil((Date.UTC(last + 1, 0, 2) - this.base) / DAY)
    this.byDay = new Int32Array(days)
    for (let day = 0, i = 0; day < days; day++) {
      while (i < count && this.ends[i]! <= this.base + day * DAY) i++
      this.byDay[day] = i
    }
  }
}

/** Starts and ends, in turns, of the working intervals whose shifts begin on the local days of one year. */
function edgesOf(def: CalendarDef, year: number): number[] {
  const firstDay = Date.UTC(year, 0, 1) / DAY
  const lastDay = Date.UTC(year + 1, 0, 1) / DAY
  const edges: number[] = []
  const clock = clockOf(def.zone)
  // A night shift of the last day before may reach into the first one.
  let end = Math.max(Number.NEGATIVE_INFINITY, ...shiftsOn(def, firstDay - 1).map(([, to]) => clock(firstDay - 1, to)))
  for (let day = firstDay; day < lastDay; day++) {
    for (const [from, to] of shiftsOn(def, day)) {
      const start = Math.max(clock(day, from), end)
      const stop = clock(day, to)
      if (stop <= start) continue
      if (edges.length > 0 && edges.at(-1) === start) edges[edges.length - 1] = stop
      else edges.push(start, stop)
      end = stop
    }
  }
  return edges
}

/** Local time of a day to the instant. Most weeks have one offset, which saves asking the zone for each edge. */
function clockOf(zone: string): (day: number, ms: number) => Instant {
  let known = Number.NaN
  let offset: number | null = null
  return (day, ms) => {
    const week = Math.floor(day / 7)
    if (week !== known) {
      known = week
      // Shifts may reach into the second day after, and offsets lie between -12 h and +14 h. No zone ever changed its
      // clocks and changed them back within ten days.
      const early = offsetAt(week * 7 * DAY - 14 * HOUR, zone)
      offset = early === offsetAt((week * 7 + 9) * DAY + 12 * HOUR, zone) ? early : null
    }
    return offset === null ? firstShowing(day * DAY + ms, zone) : day * DAY + ms - offset
  }
}
