import { z } from 'zod'
import type { CalendarDef, Shifts } from '../../kernel/business-time.ts'
import { DAY, MINUTE } from '../../kernel/instant.ts'
import { isDay, isZone } from '../../kernel/zone.ts'

const label = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { error: 'use lower case letters, digits and _, such as cn_warehouse' })
const version = z.int().min(1)

const SHIFT = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/

/** `22:00-06:00` ends on the next day; `00:00-24:00` is the whole one. */
function shiftOf(text: string): readonly [number, number] | null {
  const parts = SHIFT.exec(text)
  if (!parts) return null
  const [from, to] = [
    (Number(parts[1]) * 60 + Number(parts[2])) * MINUTE,
    (Number(parts[3]) * 60 + Number(parts[4])) * MINUTE,
  ]
  if (from >= DAY || to > DAY) return null
  return [from, to > from ? to : to + DAY]
}

const shifts = z.array(z.string()).transform((texts, context): Shifts => {
  const read = texts.map(shiftOf)
  read.forEach((shift, i) => {
    const before = i > 0 ? read[i - 1] : undefined
    const message = shift ? 'shifts must be in order and apart' : 'use hours such as 09:00-12:00'
    if (!shift || (before && before[1] > shift[0])) context.addIssue({ code: 'custom', path: [i], message })
  })
  return read.filter(shift => shift !== null)
})

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** A calendar's own file: hours of the week, and whose holidays it keeps. */
export const calendarShape = z.strictObject({
  calendar: id,
  version,
  label,
  zone: z.string().refine(isZone, { error: 'use a time zone such as Asia/Shanghai' }),
  holidays: id.optional(),
  hours: z.strictObject({
    /** Monday to Friday, and weekends that are worked for a bridge day. */
    workday: shifts,
    monday: shifts.optional(),
    tuesday: shifts.optional(),
    wednesday: shifts.optional(),
    thursday: shifts.optional(),
    friday: shifts.optional(),
    saturday: shifts.optional(),
    sunday: shifts.optional(),
  }),
  /** Days that are different here: the day of a stock count, a day of a sale. */
  days: z.record(z.string().refine(isDay, { error: 'use a day such as 2026-11-11' }), shifts).default({}),
})

const monthDays = z.record(z.string(), z.array(z.string().regex(/^\d{2}-\d{2}$/)))
const byYear = z.record(z.string().regex(/^\d{4}$/), monthDays)

/** Public holidays and make-up workdays of a country, as data with its source. */
export const holidaysShape = z.strictObject({
  holidays: id,
  version,
  label,
  source: z.string().min(1),
  years: z.tuple([z.int(), z.int()]),
  off: byYear,
  work: byYear.default({}),
})

export type CalendarFile = z.output<typeof calendarShape>
export type HolidaysFile = z.output<typeof holidaysShape>

/** A calendar that rules and clocks may name, with what people see of it. */
export interface ShippedCalendar extends CalendarDef {
  readonly label: { readonly zh: string; readonly en: string }
  /** Where its holidays come from and the years they are known for; null when it keeps none. */
  readonly holidays: { readonly source: string; readonly from: number; readonly to: number } | null
}

/** Days of the holidays, then the calendar's own. */
export function calendarFrom(file: CalendarFile, holidays: HolidaysFile | null): ShippedCalendar {
  const { workday } = file.hours
  const week = WEEKDAYS.map((day, i) => file.hours[day] ?? (i < 5 ? workday : []))
  const days: { [day: string]: Shifts } = {}
  for (const day of daysIn(holidays?.off)) days[day] = []
  for (const day of daysIn(holidays?.work)) days[day] = workday
  return {
    id: file.calendar,
    // Either file may change: a calendar is as new as both of them.
    version: file.version * 1000 + (holidays?.version ?? 0),
    zone: file.zone,
    week,
    days: { ...days, ...file.days },
    label: file.label,
    holidays: holidays && { source: holidays.source, from: holidays.years[0], to: holidays.years[1] },
  }
}

const daysIn = (years: HolidaysFile['off'] = {}): string[] =>
  Object.entries(years).flatMap(([year, names]) =>
    Object.values(names).flatMap(days => days.map(day => `${year}-${day}`)),
  )
