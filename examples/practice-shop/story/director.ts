import { PRACTICE_INCIDENTS, type PracticeIncident, type PracticePlace } from '../../../src/contract/practice.ts'
import { DAY, dayOf, HOUR, MINUTE, startOfDay, WAREHOUSE_HOURS, within, workedFrom } from './calendar.ts'
import { dice } from './dice.ts'

/** Something that goes wrong by itself. */
export interface Cue {
  readonly at: number
  readonly kind: PracticeIncident
  readonly target: PracticePlace
  readonly minutes: number
}

/** How often each kind happens by itself, against others. */
const OFTEN: { readonly [kind in PracticeIncident]: number } = {
  warehouse_strike: 6,
  carrier_delay: 14,
  lost_truck: 8,
  feed_silence: 16,
  stock_out: 14,
  price_conflict: 12,
  address_errors: 8,
  duplicate_orders: 7,
  missing_items: 7,
  payment_outage: 10,
  promotion: 10,
}

/** After the opening the newcomer has so long for what is there already. */
const QUIET = 6 * HOUR

/** What goes wrong from `from` (inclusive) to `to` (exclusive), the earliest first: the same for the same seed. */
export function cuesOf(seed: number, opensAt: number, span: { readonly from: number; readonly to: number }): Cue[] {
  const cues = openingCues(opensAt)
  for (let day = dayOf(span.from); day <= dayOf(span.to); day++)
    cues.push(...cuesOfDay(seed, day).filter(cue => cue.at < opensAt - 30 * HOUR || cue.at >= opensAt + QUIET))
  return cues.filter(cue => cue.at >= span.from && cue.at < span.to).sort((a, b) => a.at - b.at)
}

function cuesOfDay(seed: number, day: number): Cue[] {
  const chance = dice(seed, 'day', day)
  return Array.from({ length: chance.between(2, 4) }, () => {
    const kind = chance.weighted(OFTEN)
    const { minutes, targets } = PRACTICE_INCIDENTS[kind]
    const at = startOfDay(day) + chance.between(8 * 60, 21 * 60) * MINUTE
    return { at, kind, target: chance.pick<PracticePlace>(targets), minutes: chance.between(minutes >> 1, minutes) }
  })
}

/** The shop opens in the middle of trouble: one warehouse on strike, one channel with old prices. */
function openingCues(opensAt: number): Cue[] {
  const strike = workedBefore(opensAt, 8 * HOUR)
  const minutes = Math.round((workedFrom(opensAt, 3 * HOUR, WAREHOUSE_HOURS) - strike) / MINUTE)
  return [
    { at: strike, kind: 'warehouse_strike', target: 'jiaxing', minutes },
    { at: opensAt - 70 * MINUTE, kind: 'price_conflict', target: 'plaza', minutes: 60 },
    { at: opensAt - 26 * HOUR, kind: 'stock_out', target: 'KT-17', minutes: 30 * 60 },
    { at: opensAt - 2 * DAY, kind: 'carrier_delay', target: 'xunda', minutes: 14 * 60 },
    { at: opensAt - 55 * MINUTE, kind: 'feed_silence', target: 'yunlu', minutes: 75 },
  ]
}

/** The latest instant from which the warehouse has worked for so long by `at`, to the minute. */
function workedBefore(at: number, length: number): number {
  let from = at
  for (let left = length; left > 0; from -= MINUTE)
    if (within(from - MINUTE, WAREHOUSE_HOURS) === from - MINUTE) left -= MINUTE
  return from
}
