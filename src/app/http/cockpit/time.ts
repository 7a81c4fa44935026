import type { CockpitRange } from '../../../contract/api/index.ts'
import { DAY, HOUR, type Instant } from '../../../kernel/instant.ts'
import { dayOf, startOfDay } from '../../../kernel/zone.ts'

/** A slot of the time that is shown, in whole UTC hours; `to` is exclusive. */
export interface Slot {
  readonly from: number
  readonly to: number
}

/** The time that a cockpit shows and the one that it is compared with. Roll-ups know whole UTC hours, so both do too. */
export interface CockpitTime {
  readonly slot: 'hour' | 'day'
  readonly slots: readonly Slot[]
  /** From the first slot up to and including the hour of now. */
  readonly hours: Slot
  readonly before: Slot
  /** The hour of now, which is not over. */
  readonly nowHour: number
}

const DAYS: { readonly [R in CockpitRange]: number } = { today: 1, '7d': 7, '30d': 30 }
/** Today is compared with the same weekday: a Monday is like a Monday. */
const BACK: { readonly [R in CockpitRange]: number } = { today: 7, '7d': 7, '30d': 30 }

/** Today by the hour; the last 7 or 30 days, today among them, by the day, as clocks in `zone` have them. */
export function cockpitTime(range: CockpitRange, zone: string, now: Instant): CockpitTime {
  const nowHour = Math.floor(now / HOUR)
  const starts = dayStarts(DAYS[range], zone, now)
  const from = starts[0]!
  const hours = { from, to: nowHour + 1 }
  const back = BACK[range] * (DAY / HOUR)
  return {
    ...{ slot: range === 'today' ? 'hour' : 'day', hours, nowHour },
    slots: range === 'today' ? hourSlots(hours) : daySlots(starts, hours.to),
    before: { from: from - back, to: hours.to - back },
  }
}

/** The hours in which the last days began, today last. */
function dayStarts(days: number, zone: string, now: Instant): number[] {
  const starts: number[] = []
  let at = startOfDay(dayOf(now, zone), zone)
  for (let i = 0; i < days; i++) {
    starts.unshift(Math.floor(at / HOUR))
    // Half a day before midnight it is yesterday, also where clocks change.
    at = startOfDay(dayOf(at - DAY / 2, zone), zone)
  }
  return starts
}

const hourSlots = ({ from, to }: Slot): Slot[] =>
  Array.from({ length: to - from }, (_, i) => ({ from: from + i, to: from + i + 1 }))

const daySlots = (starts: readonly number[], end: number): Slot[] =>
  starts.map((from, i) => ({ from, to: starts[i + 1] ?? end }))

/** The slot of an hour, or -1. */
export const slotOf = (slots: readonly Slot[], hour: number): number =>
  slots.findIndex(({ from, to }) => hour >= from && hour < to)

export const instantOf = (hour: number): Instant => hour * HOUR
