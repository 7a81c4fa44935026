import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  amount,
  clockSpan,
  clockTime,
  count,
  duration,
  hoursMinutes,
  hoursMinutesSeconds,
  shortTime,
  symbolOf,
} from './format.ts'

test('money is shown with the decimals of its currency', () => {
  assert.equal(amount(259800, 'CNY'), '2,598.00')
  assert.equal(amount(259800, 'CNY', 0), '2,598')
  assert.equal(amount(1500, 'JPY'), '1,500')
  assert.equal(amount(-12345, 'KWD'), '-12.345')
  assert.equal(amount(0, 'CNY'), '0.00')
  assert.equal(amount(1e11, 'CNY', 0), '1,000,000,000')
  assert.equal(symbolOf('CNY'), '¥')
  assert.equal(symbolOf('SEK'), 'SEK ')
  assert.equal(count(41862), '41,862')
})

test('durations in prose and in clocks', () => {
  const h = 3_600_000
  assert.equal(duration(34 * h), '34 h 00 m')
  assert.equal(duration(48_000), '48 s')
  assert.equal(duration(26 * 60_000), '26 m')
  assert.equal(duration(100 * h), '4 d 04 h')
  assert.equal(hoursMinutes(-38 * 60_000), '0:38')
  assert.equal(hoursMinutes(1 * h + 42 * 60_000 + 59_000), '1:42')
  assert.equal(hoursMinutesSeconds(1 * h + 42 * 60_000 + 8_000), '1:42:08')
})

test('a time is short today and carries its day else, its year in another year', () => {
  const now = new Date(2026, 10, 12, 10, 42, 7).getTime()
  assert.equal(shortTime(new Date(2026, 10, 12, 9, 5).getTime(), now), '09:05')
  assert.equal(shortTime(new Date(2026, 10, 11, 10, 31).getTime(), now), '11-11 10:31')
  assert.equal(shortTime(new Date(2018, 0, 2, 3, 4).getTime(), now), '2018-01-02 03:04')
  assert.equal(clockTime(now, true), '10:42:07')
})

test('a clock of days says days', () => {
  const h = 3_600_000
  assert.equal(clockSpan(-95 * h), '95:00')
  assert.equal(clockSpan(96 * h), '4 d 00 h')
  assert.equal(clockSpan(-88_821 * h), '3700 d')
  assert.equal(hoursMinutesSeconds(-88_821 * h), '3700 d')
})
