import { individualsLimits, type Limits, type Measure } from '../../../modules/insight/index.ts'
import type { HourFigure } from '../../../pipeline/queries/rollups.ts'
import type { CockpitTime, Slot } from './time.ts'
import { slotOf } from './time.ts'

/** Days before the time shown that the limits are made from. */
export const LIMIT_DAYS = 28
const HOURS_A_DAY = 24

interface Sum {
  readonly n: number
  readonly ms: number
}
const NONE: Sum = { n: 0, ms: 0 }

type Wanted = (figure: HourFigure) => boolean

/** Figures by hour, ready to be added up over slots and over the two times. */
export class Figures {
  private readonly rows: readonly HourFigure[]
  private readonly time: CockpitTime

  constructor(rows: readonly HourFigure[], time: CockpitTime) {
    this.rows = rows
    this.time = time
  }

  /** A measure over the time shown, or the one before. */
  sum(measure: Measure, over: 'shown' | 'before', wanted: Wanted = () => true): Sum {
    const { from, to } = over === 'shown' ? this.time.hours : this.time.before
    return added(this.rows.filter(r => r.measure === measure && r.hour >= from && r.hour < to && wanted(r)))
  }

  bySlot(measure: Measure, wanted: Wanted = () => true): Sum[] {
    const sums = Map.groupBy(
      this.rows.filter(r => r.measure === measure && wanted(r)),
      r => slotOf(this.time.slots, r.hour),
    )
    return this.time.slots.map((_, i) => added(sums.get(i) ?? []))
  }
}

const added = (rows: readonly HourFigure[]): Sum =>
  rows.reduce<Sum>((sum, r) => ({ n: sum.n + r.n, ms: sum.ms + r.ms }), NONE)

/** A share, or null when there is nothing to divide by. */
export const shareOf = (n: number, of: number): number | null => (of === 0 ? null : n / of)

/** A mean in whole ms, or null of nothing. */
export const meanOf = ({ n, ms }: Sum): number | null => (n === 0 ? null : Math.round(ms / n))

/**
 * Limits for each slot. By the hour: of the same hour of the days before, since nights are not days. By the day: of the days
 * before. Days on which nothing was known of the shop yet do not count, and too few days give no limits.
 * @param totals by hour, of the 28 days before and of the time itself
 */
export function limitsOf(totals: ReadonlyMap<number, number>, time: CockpitTime): (Limits | null)[] {
  const first = Math.min(...totals.keys())
  if (time.slot === 'hour') return time.slots.map(({ from }) => individualsLimits(sameHours(totals, from, first)))
  const limits = individualsLimits(daysBefore(totals, time.slots[0]!, first))
  return time.slots.map(() => limits)
}

function sameHours(totals: ReadonlyMap<number, number>, hour: number, first: number): number[] {
  const values: number[] = []
  for (let day = LIMIT_DAYS; day >= 1; day--) {
    const at = hour - day * HOURS_A_DAY
    if (at >= first) values.push(totals.get(at) ?? 0)
  }
  return values
}

function daysBefore(totals: ReadonlyMap<number, number>, { from }: Slot, first: number): number[] {
  const values: number[] = []
  for (let day = LIMIT_DAYS; day >= 1; day--) {
    const start = from - day * HOURS_A_DAY
    if (start < first) continue
    let sum = 0
    for (let hour = start; hour < start + HOURS_A_DAY; hour++) sum += totals.get(hour) ?? 0
    values.push(sum)
  }
  return values
}
