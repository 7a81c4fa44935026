import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY } from './instant.ts'
import { dayOf, endOfDay, isDay, isZone, startOfDay } from './zone.ts'

const STARTS: [day: string, zone: string, start: string, why: string][] = [
  ['2018-02-01', 'America/Sao_Paulo', '2018-02-01T02:00:00.000Z', 'summer time, -02'],
  ['2018-08-01', 'America/Sao_Paulo', '2018-08-01T03:00:00.000Z', 'standard time, -03'],
  ['2017-10-15', 'America/Sao_Paulo', '2017-10-15T03:00:00.000Z', 'midnight does not exist: 00:00 became 01:00'],
  ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z', 'the evening before came twice'],
  ['2026-11-21', 'Asia/Shanghai', '2026-11-20T16:00:00.000Z', 'no summer time'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', 'the day of the change starts before it'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z', 'and the next one after it'],
  ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z', 'midnight comes twice: the first counts'],
  [
    '2011-12-30',
    'Pacific/Apia',
    '2011-12-30T10:00:00.000Z',
    'a day that the zone skipped starts where the next one does',
  ],
  ['2026-07-01', 'Asia/Kathmandu', '2026-06-30T18:15:00.000Z', 'quarter hours'],
  ['2026-07-01', 'Pacific/Kiritimati', '2026-06-30T10:00:00.000Z', '+14'],
  ['2026-07-01', 'UTC', '2026-07-01T00:00:00.000Z', 'UTC'],
]

test('a day starts at the first instant that shows it', () => {
  for (const [day, zone, start, why] of STARTS)
    assert.equal(new Date(startOfDay(day, zone)).toISOString(), start, `${zone} ${day}: ${why}`)
})

test('the instant before a day starts belongs to an earlier day, in any zone and year', () => {
  const zones = [
    'America/Sao_Paulo',
    'Europe/London',
    'Australia/Lord_Howe',
    'America/Havana',
    'Asia/Tehran',
    'Asia/Gaza',
  ]
  const days = fc.integer({ min: 0, max: 83_000 }).map(n => new Date(n * DAY).toISOString().slice(0, 10))
  fc.assert(
    fc.property(fc.constantFrom(...zones), days, (zone, day) => {
      const start = startOfDay(day, zone)
      assert.equal(dayOf(start, zone), day)
      assert.ok(dayOf(start - 1, zone) < day)
      const length = endOfDay(day, zone) - start
      assert.ok(length >= DAY - 3 * 3_600_000 && length <= DAY + 3 * 3_600_000, `${zone} ${day}: ${length}`)
    }),
    { numRuns: 300 },
  )
})

test('names of zones and days', () => {
  for (const zone of ['Asia/Shanghai', 'UTC', 'America/Argentina/Buenos_Aires', 'PRC']) assert.ok(isZone(zone), zone)
  for (const zone of ['', '+08:00', 'Mars/Olympus', 'Asia/', `A${'a'.repeat(100)}`, 'Asia/Shanghai\n'])
    assert.ok(!isZone(zone), zone)
  for (const day of ['2026-02-28', '2024-02-29', '1970-01-01', '2199-12-31']) assert.ok(isDay(day), day)
  for (const day of ['2026-02-29', '2026-13-01', '0000-01-01', '9999-01-01', '2026-1-1', ' 2026-01-01', '2026-00-10'])
    assert.ok(!isDay(day), day)
  assert.equal(endOfDay('2026-12-31', 'UTC'), Date.UTC(2027, 0, 1))
  assert.throws(() => startOfDay('2026-01-01', 'Mars/Olympus'), RangeError)
})
