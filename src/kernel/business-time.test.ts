import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { businessTimeOf, type CalendarDef, type Shifts } from './business-time.ts'
import { DAY, HOUR, MAX_INSTANT, MINUTE } from './instant.ts'

const h = (from: number, to: number) => [from * HOUR, to * HOUR] as const
const LUNCH: Shifts = [h(9, 12), h(13.5, 18)]
const week = (work: Shifts, weekend: Shifts = []): Shifts[] => [work, work, work, work, work, weekend, weekend]

const CN: CalendarDef = {
  id: 'cn',
  version: 1,
  zone: 'Asia/Shanghai',
  week: week(LUNCH),
  days: { '2026-01-01': [], '2026-01-02': [], '2026-01-04': LUNCH },
}
const NIGHT: CalendarDef = { ...CN, id: 'night', zone: 'Europe/Berlin', week: week([h(6, 14), h(22, 30)]), days: {} }
const ALWAYS: CalendarDef = {
  ...CN,
  id: 'always',
  zone: 'America/Sao_Paulo',
  week: week([h(0, 24)], [h(0, 24)]),
  days: {},
}
const LORD_HOWE: CalendarDef = {
  ...CN,
  id: 'lh',
  zone: 'Australia/Lord_Howe',
  week: week([h(8, 12), h(13, 22)]),
  days: {},
}
const at = (text: string): number => Date.parse(text)

/** By what the clock on the wall shows, minute by minute; shares nothing with the code but the data. */
function byMinutes(def: CalendarDef, from: number, to: number): number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: def.zone, dateStyle: 'short', timeStyle: 'short' })
  let sum = 0
  for (let t = from; t < to; t += MINUTE) {
    const [day = '', clock = ''] = format.format(t).split(' ')
    const minute = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
    const midnight = Date.parse(`${day}T00:00:00Z`)
    const shifts = (of: number): Shifts =>
      def.days[new Date(of).toISOString().slice(0, 10)] ?? def.week[(new Date(of).getUTCDay() + 6) % 7]!
    const inside = (list: Shifts, ms: number) => list.some(([a, b]) => a <= ms && ms < b)
    if (inside(shifts(midnight), minute * MINUTE) || inside(shifts(midnight - DAY), minute * MINUTE + DAY))
      sum += MINUTE
  }
  return sum
}

describe('business time', () => {
  it('counts lunch, holidays, make-up workdays and weekends', () => {
    const cn = businessTimeOf(CN)
    // Thursday 1 and Friday 2 January are holidays, Sunday the 4th is worked.
    assert.equal(cn.elapsed(at('2025-12-31T17:00:00+08:00'), at('2026-01-04T10:00:00+08:00')), 2 * HOUR)
    assert.equal(cn.elapsed(at('2026-01-05T11:00:00+08:00'), at('2026-01-05T14:00:00+08:00')), 1.5 * HOUR)
    assert.equal(cn.elapsed(at('2026-01-05T14:00:00+08:00'), at('2026-01-05T11:00:00+08:00')), -1.5 * HOUR)
    assert.equal(cn.reach(at('2025-12-31T17:00:00+08:00'), 2 * HOUR), at('2026-01-04T10:00:00+08:00'))
    assert.equal(cn.reach(at('2025-12-31T17:00:00+08:00'), HOUR), at('2025-12-31T18:00:00+08:00'))
    assert.equal(cn.reach(at('2025-12-31T17:00:00+08:00'), HOUR + 1), at('2026-01-04T09:00:00.001+08:00'))
    // Back from closing time lies this morning, not the evening before.
    assert.equal(cn.back(at('2026-01-05T18:00:00+08:00'), 7.5 * HOUR), at('2026-01-05T09:00:00+08:00'))
    assert.equal(cn.back(at('2026-01-05T18:00:00+08:00'), 7.5 * HOUR + 1), at('2026-01-04T17:59:59.999+08:00'))
    assert.equal(cn.isWorkday(at('2026-01-04T23:59:00+08:00')), true)
    assert.equal(cn.isWorkday(at('2026-01-01T09:59:00+08:00')), false)
    assert.deepEqual(cn.spellAt(at('2026-01-05T12:30:00+08:00')), {
      open: false,
      from: at('2026-01-05T12:00:00+08:00'),
      to: at('2026-01-05T13:30:00+08:00'),
    })
  })

  it('counts real hours over changes of the clock', () => {
    const night = businessTimeOf(NIGHT)
    // Friday 27 March 2026 22:00 to Saturday 06:00; the change is a night later, so a Sunday night shift tells it apart.
    assert.equal(night.elapsed(at('2026-03-27T21:00:00Z'), at('2026-03-28T05:00:00Z')), 8 * HOUR)
    const sunday = businessTimeOf({ ...NIGHT, week: week([], [h(22, 30)]) })
    assert.equal(sunday.elapsed(at('2026-03-28T21:00:00Z'), at('2026-03-29T04:00:00Z')), 7 * HOUR)
    assert.equal(sunday.elapsed(at('2026-10-24T20:00:00Z'), at('2026-10-25T05:00:00Z')), 9 * HOUR)
  })

  for (const def of [CN, NIGHT, ALWAYS, LORD_HOWE]) {
    it(`equals a count of minutes (${def.id})`, () => {
      const time = businessTimeOf(def)
      const minute = fc.integer({ min: at('2017-06-01T00:00:00Z') / MINUTE, max: at('2019-01-01T00:00:00Z') / MINUTE })
      fc.assert(
        fc.property(minute, fc.nat(6 * 1440), (start, length) => {
          const [from, to] = [start * MINUTE, (start + length) * MINUTE]
          assert.equal(time.elapsed(from, to), byMinutes(def, from, to))
        }),
        { seed: 5, numRuns: 25 },
      )
    })

    it(`reach and back are the inverses and spells are where it rises (${def.id})`, () => {
      const time = businessTimeOf(def)
      const instant = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') })
      fc.assert(
        fc.property(instant, fc.integer({ min: -2000 * HOUR, max: 2000 * HOUR }), (from, span) => {
          const x = time.reach(from, span)
          assert.ok(time.elapsed(from, x) >= span && time.elapsed(from, x - 1) < span)
          if (span > 0) {
            const y = time.back(from, span)
            assert.ok(time.elapsed(y, from) >= span && time.elapsed(y + 1, from) < span)
          }
          const spell = time.spellAt(from)
          assert.ok(spell.from <= from && from < spell.to)
          if (def.id === 'always') return assert.ok(spell.open)
          assert.equal(time.elapsed(spell.from, spell.to), spell.open ? spell.to - spell.from : 0)
          assert.equal(time.elapsed(spell.to, spell.to + 1) === 0, spell.open)
        }),
        { seed: 6, numRuns: 300 },
      )
    })
  }

  it('gives the same answers whatever was asked before', () => {
    const fresh = () => businessTimeOf(NIGHT)
    const used = fresh()
    for (const year of [2026, 1975, 2150, 2019]) {
      const [a, b] = [Date.UTC(year, 2, 3, 4), Date.UTC(year, 11, 30, 23)]
      assert.equal(used.elapsed(a, b), fresh().elapsed(a, b))
      assert.equal(used.reach(a, 5000 * HOUR), fresh().reach(a, 5000 * HOUR))
      assert.equal(used.back(b, 5000 * HOUR), fresh().back(b, 5000 * HOUR))
    }
  })

  it('never reaches what is outside of our years, and stays calm at their edges', () => {
    const never = businessTimeOf({ ...CN, week: week([]), days: { '2026-01-04': LUNCH } })
    assert.equal(never.elapsed(0, MAX_INSTANT), 7.5 * HOUR)
    assert.equal(never.reach(0, 7.5 * HOUR + 1), Number.POSITIVE_INFINITY)
    assert.equal(never.reach(MAX_INSTANT, -8 * HOUR), Number.NEGATIVE_INFINITY)
    assert.equal(never.back(MAX_INSTANT, 8 * HOUR), Number.NEGATIVE_INFINITY)
    assert.equal(never.back(MAX_INSTANT, 7.5 * HOUR), at('2026-01-04T09:00:00+08:00'))
    assert.equal(never.spellAt(MAX_INSTANT).to, Number.POSITIVE_INFINITY)
    assert.ok(businessTimeOf(CN).elapsed(-1e15, 1e15) > 0)
    assert.deepEqual([never.elapsed(Number.NaN, 1), never.reach(1, Number.NaN)], [Number.NaN, Number.NaN])
    assert.equal(never.spellAt(Number.NaN).open, false)
    assert.throws(() => businessTimeOf({ ...CN, zone: 'Mars/Olympus' }), RangeError)
  })
})
