import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR, MINUTE } from '../../kernel/instant.ts'
import { FEWEST_GAPS, gapAt, isLearned, LEARN_FOR, LEAST_SILENCE, newRhythm, silentAt, withGap } from './core-rhythm.ts'

const MONDAY = Date.UTC(2026, 0, 5)

/** Beats from Monday on, and what was learned of them; `quiet` leaves out hours. */
function learned(days: number, every: number, quiet: (at: number) => boolean = () => false) {
  let rhythm = newRhythm(MONDAY)
  let last = MONDAY
  for (let at = MONDAY; at < MONDAY + days * DAY; at += every) {
    if (quiet(at) || at === last) continue
    rhythm = withGap(rhythm, last, at - last)
    last = at
  }
  return { rhythm, last }
}
const isNight = (at: number): boolean => at % DAY >= 20 * HOUR || at % DAY < 8 * HOUR

describe('the rhythm of a feed', () => {
  it('is not known before a week and enough gaps', () => {
    assert.equal(silentAt(learned(6, MINUTE).rhythm, MONDAY + 6 * DAY), null)
    assert.equal(isLearned(learned(30, DAY).rhythm, MONDAY + 30 * DAY), 30 > FEWEST_GAPS)
    assert.ok(silentAt(learned(9, MINUTE).rhythm, MONDAY + LEARN_FOR + DAY) !== null)
  })

  it('of a steady feed takes a few usual gaps, and never less than the least', () => {
    const busy = learned(14, MINUTE)
    assert.equal(silentAt(busy.rhythm, busy.last)! - busy.last, LEAST_SILENCE)
    const slow = learned(28, 2 * HOUR)
    const after = silentAt(slow.rhythm, slow.last)! - slow.last
    assert.ok(after >= 4 * HOUR && after <= 12 * HOUR, `${after / HOUR} h`)
  })

  it('knows the nights: no alarm in any of them, and a quick one by day', () => {
    const { rhythm } = learned(14, 5 * MINUTE, isNight)
    const evening = MONDAY + 14 * DAY + 20 * HOUR - 5 * MINUTE
    assert.ok(silentAt(rhythm, evening)! > evening + 12 * HOUR)
    const noon = MONDAY + 14 * DAY + 12 * HOUR
    assert.ok(silentAt(rhythm, noon)! < noon + HOUR)
  })

  it('forgets a single long gap as comparable ones are shorter', () => {
    let rhythm = learned(14, 5 * MINUTE, isNight).rhythm
    const evening = (week: number) => MONDAY + week * 7 * DAY + 20 * HOUR - 5 * MINUTE
    rhythm = withGap(rhythm, evening(2), 40 * HOUR)
    const long = silentAt(rhythm, evening(3))! - evening(3)
    for (let week = 3; week < 8; week++) rhythm = withGap(rhythm, evening(week), 12 * HOUR)
    const later = silentAt(rhythm, evening(9))! - evening(9)
    assert.ok(later < long / 2, `${later / HOUR} h after ${long / HOUR} h`)
  })

  it('stays small and its quantiles stay above what they are of', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: MINUTE, max: 40 * DAY }), { minLength: 1, maxLength: 400 }), gaps => {
        let rhythm = newRhythm(MONDAY)
        let at = MONDAY
        for (const gap of gaps) {
          rhythm = withGap(rhythm, at, gap)
          at += gap
        }
        const sorted = gaps.toSorted((a, b) => a - b)
        const exact = sorted[Math.ceil(sorted.length * 0.99) - 1]!
        assert.ok(gapAt(rhythm, 0.99) >= exact - 1 && gapAt(rhythm, 0.99) <= exact * 1.5 + 1)
        assert.ok(JSON.stringify(rhythm).length < 8000)
      }),
    )
  })
})
