import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import {
  type CalendarFile,
  calendarFrom,
  calendarShape,
  type HolidaysFile,
  holidaysShape,
  type ShippedCalendar,
} from './calendar-shape.ts'

/** Calendar files that cannot be used. `code` is stable; the message has one line for each problem. */
export class CalendarsRefused extends Error {
  readonly code = 'calendars_refused'
  constructor(problems: readonly string[]) {
    super(`Calendars were refused:\n${problems.join('\n')}`)
  }
}

/** All business calendars of a folder (`*.yaml`), each with the holidays that it names. Throws CalendarsRefused. */
export async function loadCalendars(dir: string): Promise<readonly ShippedCalendar[]> {
  const names = (await readdir(dir)).filter(name => name.endsWith('.yaml')).sort()
  const files = await Promise.all(names.map(async name => ({ name, text: await readFile(join(dir, name), 'utf8') })))
  return calendarsFrom(files)
}

export function calendarsFrom(files: readonly { name: string; text: string }[]): readonly ShippedCalendar[] {
  const problems: string[] = []
  const holidays = new Map<string, HolidaysFile>()
  const calendars: { name: string; file: CalendarFile }[] = []
  for (const { name, text } of files) {
    const said: unknown = parseDocument(text).toJS()
    const isCalendar = typeof said === 'object' && said !== null && 'calendar' in said
    const calendar = isCalendar ? calendarShape.safeParse(said) : null
    const kept = isCalendar ? null : holidaysShape.safeParse(said)
    if (calendar?.success) calendars.push({ name, file: calendar.data })
    if (kept?.success) holidays.set(kept.data.holidays, kept.data)
    const issues = calendar?.error?.issues ?? kept?.error?.issues ?? []
    problems.push(...issues.map(issue => `${name}: ${issue.path.join('.')}: ${issue.message}`))
  }
  const out = calendars.map(({ name, file }) => {
    const kept = file.holidays === undefined ? null : holidays.get(file.holidays)
    if (kept === undefined) problems.push(`${name}: there are no holidays named ${file.holidays}`)
    if (calendars.some(c => c.name < name && c.file.calendar === file.calendar))
      problems.push(`${name}: calendar ${file.calendar} is there twice`)
    return calendarFrom(file, kept ?? null)
  })
  if (problems.length > 0) throw new CalendarsRefused(problems)
  return out
}
