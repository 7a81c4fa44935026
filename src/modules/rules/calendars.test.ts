import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import chineseDays from 'chinese-days'
import { businessTimeOf } from '../../kernel/business-time.ts'
import { DAY, HOUR } from '../../kernel/instant.ts'
import { orderFactSchema } from '../orders/index.ts'
import { compileBook } from './core/compile.ts'
import { ruleOf } from './fixtures.ts'
import { CalendarsRefused, calendarsFrom, loadCalendars } from './load-calendars.ts'

const calendars = await loadCalendars(fileURLToPath(new URL('../../../packs/calendars', import.meta.url)))
const cn = calendars.find(c => c.id === 'cn')!
const at = (text: string): number => Date.parse(`${text}+08:00`)

describe('shipped calendars', () => {
  it('work on the days on which China works, for every year of the data', () => {
    const time = businessTimeOf(cn)
    assert.ok(cn.holidays && cn.holidays.from <= 2010 && cn.holidays.to >= 2026)
    for (let day = at('2010-01-01T12:00:00'); day < at('2027-01-01T00:00:00'); day += DAY) {
      const text = new Date(day + 8 * HOUR).toISOString().slice(0, 10)
      assert.equal(time.isWorkday(day), chineseDays.isWorkday(text), text)
    }
  })

  it('count over the Spring Festival of 2026', () => {
    const time = businessTimeOf(cn)
    // Saturday the 14th is worked, the 15th to the 23rd are off, Saturday the 28th is worked.
    assert.equal(time.elapsed(at('2026-02-14T17:00:00'), at('2026-02-24T10:00:00')), 2 * HOUR)
    assert.equal(time.elapsed(at('2026-02-28T00:00:00'), at('2026-03-01T00:00:00')), 7.5 * HOUR)
  })

  it('are what rules count with', () => {
    const rule = ruleOf("has(order.paidAt) && businessElapsed(order.paidAt, now, 'cn') > hours(8)")
    const book = compileBook([rule], orderFactSchema, { calendars })
    assert.equal(book.fast, 1)
    const facts = { order: { paidAt: at('2026-02-14T11:00:00') }, lines: [], parcels: [] }
    // One hour before lunch, four and a half after it, and two and a half on the first day after the festival.
    assert.equal(book.next(facts, at('2026-02-14T11:00:00')).until, at('2026-02-24T11:30:00.001'))
  })
})

describe('calendar files', () => {
  const file = (text: string) => [{ name: 'a.yaml', text }]
  const base = 'calendar: a\nversion: 2\nlabel: { zh: 甲, en: A }\nzone: Europe/Berlin\n'

  it('read night shifts and days that are different', () => {
    const [calendar] = calendarsFrom(
      file(`${base}hours: { workday: [22:00-06:00] }\ndays: { 2026-12-24: [08:00-12:00] }`),
    )
    assert.deepEqual(calendar?.week[0], [[22 * HOUR, 30 * HOUR]])
    assert.deepEqual(calendar?.week[6], [])
    assert.deepEqual(calendar?.days, { '2026-12-24': [[8 * HOUR, 12 * HOUR]] })
  })

  const refused: readonly (readonly [string, RegExp])[] = [
    [`${base}hours: { workday: [9-12] }`, /a\.yaml: hours\.workday\.0: use hours/],
    [`${base}hours: { workday: [09:00-12:00, 11:00-13:00] }`, /in order and apart/],
    [`${base.replace('Europe/Berlin', 'Mars')}hours: { workday: [] }`, /zone: use a time zone/],
    [`${base}holidays: xx\nhours: { workday: [] }`, /no holidays named xx/],
    [`${base}hours: { workday: [] }\ndays: { 2026-13-01: [] }`, /2026-13-01/],
    ['holidays: cn\nversion: 1', /label/],
  ]
  for (const [text, message] of refused)
    it(`refuse ${message.source}`, () => {
      assert.throws(
        () => calendarsFrom(file(text)),
        (error: unknown) => error instanceof CalendarsRefused && message.test(error.message),
      )
    })
})
