import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR, isoOf } from '../../../kernel/instant.ts'
import { cockpitTime, instantOf, slotOf } from './time.ts'

const at = (text: string): number => Date.parse(text)
const iso = (hour: number): string => isoOf(instantOf(hour)).slice(0, 16)

describe('the time of a cockpit', () => {
  it('today begins at midnight of the zone and is compared with the same weekday', () => {
    const t = cockpitTime('today', 'Asia/Shanghai', at('2026-11-12T02:42:00Z'))
    assert.deepEqual([iso(t.hours.from), iso(t.hours.to), t.slots.length], ['2026-11-11T16:00', '2026-11-12T03:00', 11])
    assert.deepEqual([iso(t.before.from), iso(t.before.to)], ['2026-11-04T16:00', '2026-11-05T03:00'])
    assert.deepEqual(
      [slotOf(t.slots, t.nowHour), slotOf(t.slots, t.hours.to), slotOf(t.slots, t.hours.from)],
      [10, -1, 0],
    )
  })

  it('days are those of the zone, also where clocks change', () => {
    // On 2026-10-25 clocks in Berlin go back: that day has 25 hours.
    const t = cockpitTime('7d', 'Europe/Berlin', at('2026-10-27T12:30:00Z'))
    assert.deepEqual(
      t.slots.map(s => s.to - s.from),
      [24, 24, 24, 24, 25, 24, 14],
    )
    assert.equal(iso(t.slots[0]!.from), '2026-10-20T22:00')
    assert.equal(t.before.to - t.before.from, t.hours.to - t.hours.from)
    assert.equal(cockpitTime('30d', 'UTC', 40 * DAY + HOUR).slots.length, 30)
  })

  it('in a zone of half an hour begins with the hour in which midnight lies', () => {
    const t = cockpitTime('today', 'Asia/Kolkata', at('2026-11-12T00:00:00Z'))
    assert.equal(iso(t.hours.from), '2026-11-11T18:00')
  })
})
