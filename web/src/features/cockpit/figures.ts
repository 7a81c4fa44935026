import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'

/** Arithmetic of the cockpit, apart from words and drawing. */

type Amount = { readonly minor: number; readonly currency: string | null }

/** The currency that most of the money is in: one figure has one. */
export function mainCurrency(amounts: readonly Amount[]): string | null {
  const byCurrency = new Map<string | null, number>()
  for (const { minor, currency } of amounts) byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + minor)
  return [...byCurrency].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

export const amountIn = (amounts: readonly Amount[], currency: string | null): number =>
  amounts.find(amount => amount.currency === currency)?.minor ?? 0

/** Change in percentage points, or null when there is nothing on one of the sides. */
export const pointsBetween = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : (now - before) * 100

/** Change as a share of what it was. */
export const shareBetween = (now: number, before: number): number | null =>
  before === 0 ? null : (now - before) / before

export const known = (series: readonly (number | null)[]): number[] => series.filter(value => value !== null)

export type Ranking = 'money' | 'count' | 'time'
type ParetoItem = NonNullable<Cockpit['pareto']>[number]

export interface Ranked {
  readonly item: ParetoItem
  readonly value: number
}

/** Types by what they cost in the given measure, the dearest first, those that cost nothing left out; and the sum of all. */
export function rank(
  items: readonly ParetoItem[],
  by: Ranking,
  currency: string | null,
): { readonly rows: readonly Ranked[]; readonly total: number } {
  const measured = (item: ParetoItem): number => {
    if (by === 'count') return item.count
    return by === 'time' ? item.minutes : amountIn(item.money, currency)
  }
  const rows = items
    .map(item => ({ item, value: measured(item) }))
    .filter(row => row.value > 0)
    .sort((a, b) => b.value - a.value)
  return { rows, total: rows.reduce((sum, row) => sum + row.value, 0) }
}

type Stages = NonNullable<Cockpit['stages']>['stages']

export interface Hottest {
  readonly stage: Stages[number]
  /** Its p95 in the last slot with something in it, as a multiple of the usual. */
  readonly ratio: number
}

/** A stay is expected to be over its p95 one time in twenty. */
const EXPECTED_OVER = 0.05

/** How far the orders that stand in a stage now are from what is usual; null when too few stand there to say. */
export function nowTimes({ count, over }: { readonly count: number; readonly over: number }): number | null {
  return count === 0 ? null : over / count / EXPECTED_OVER
}

const ENOUGH_LEFT = 5

/** The stage that is furthest from what is usual and where orders stand too long now; null when none is. */
export function hottest(stages: Stages): Hottest | null {
  const found = stages.flatMap(stage => {
    // One order that stayed long is no stage that is stuck.
    const ratio = stage.cells.findLast(cell => cell.ratio !== null && cell.left >= ENOUGH_LEFT)?.ratio
    return stage.now.over === 0 || ratio == null || ratio <= 1 ? [] : [{ stage, ratio }]
  })
  return found.sort((a, b) => b.ratio - a.ratio)[0] ?? null
}

type Point = NonNullable<Cockpit['flow']>[number]

/** The point furthest outside of its limits; what is said on the chart is said of it. */
export function worstPoint(points: readonly Point[]): number | null {
  const outside = (point: Point): number =>
    !point.out || point.limits === null ? 0 : Math.abs(point.opened - point.limits.mean)
  const worst = points.reduce((best, point, i) => (outside(point) > outside(points[best] ?? point) ? i : best), 0)
  const point = points[worst]
  return point === undefined || outside(point) === 0 ? null : worst
}
