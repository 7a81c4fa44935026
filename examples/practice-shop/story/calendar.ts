/** Everything happens by the clock of the warehouses; the zone has no summer time. Times are epoch ms. */
export const ZONE = 'Asia/Shanghai'
const OFFSET = 8 * 3_600_000

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Days since 1970 by the local calendar. */
export const dayOf = (at: number): number => Math.floor((at + OFFSET) / DAY)
export const startOfDay = (day: number): number => day * DAY - OFFSET
/** ms since local midnight. */
export const timeOfDay = (at: number): number => at - startOfDay(dayOf(at))
export const hourOf = (at: number): number => Math.floor(timeOfDay(at) / HOUR)
/** 0 is Sunday. */
export const weekdayOf = (at: number): number => (((dayOf(at) + 4) % 7) + 7) % 7

/** `YYYY-MM-DD` of a local day. */
export const dateText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)
/** `YYMMDD-HHMM` in local time, for numbers that people read. */
export const stamp = (at: number): string => {
  const text = new Date(at + OFFSET).toISOString()
  return `${text.slice(2, 10).replaceAll('-', '')}-${text.slice(11, 16).replace(':', '')}`
}

export interface Hours {
  /** ms since midnight. */
  readonly from: number
  readonly to: number
}

export const WAREHOUSE_HOURS: Hours = { from: 8 * HOUR, to: 22 * HOUR }
export const OFFICE_HOURS: Hours = { from: 9 * HOUR, to: 18 * HOUR }

/** The instant itself when it lies within the hours, else when they next begin. */
export function within(at: number, { from, to }: Hours): number {
  const time = timeOfDay(at)
  if (time >= from && time < to) return at
  return startOfDay(dayOf(at) + (time < from ? 0 : 1)) + from
}

/** When `length` of working time will have passed. */
export function workedFrom(at: number, length: number, hours: Hours): number {
  let now = within(at, hours)
  let left = length
  for (;;) {
    const end = startOfDay(dayOf(now)) + hours.to
    if (now + left <= end) return now + left
    left -= end - now
    now = within(end, hours)
  }
}

/** The first time of day in the list that is not before `at`. @param times ms since midnight, ascending */
export function nextOf(at: number, times: readonly number[]): number {
  const time = timeOfDay(at)
  const today = times.find(t => t >= time)
  return today === undefined ? startOfDay(dayOf(at) + 1) + times[0]! : startOfDay(dayOf(at)) + today
}
