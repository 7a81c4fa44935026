import type { Cockpit } from '../../../contract/api/index.ts'
import { type Instant, isoOf, MINUTE } from '../../../kernel/instant.ts'
import type { Measure } from '../../../modules/insight/index.ts'
import type { LevelFigure, MoneyFigure, SlotMoney } from '../../../pipeline/queries/rollups.ts'
import { type Figures, meanOf, shareOf } from './figures.ts'
import { before, during, type Links } from './links.ts'
import type { CockpitTime } from './time.ts'

type Kpis = NonNullable<Cockpit['kpis']>
type Share = Kpis['touchless']

export const SOON = 30 * MINUTE
/** What most shops promise themselves. */
const ON_TIME_TARGET = 0.985

export interface KpiParts {
  readonly now: Instant
  readonly time: CockpitTime
  readonly figures: Figures
  readonly levels: readonly LevelFigure[]
  /** Opened and ended over the time shown, by currency. */
  readonly moved: readonly MoneyFigure[]
  /** The same by slot. */
  readonly movedBySlot: readonly SlotMoney[]
  readonly due: { readonly overdue: number; readonly soon: number }
  /** At the beginning of the first slot, then at the end of each but the last. */
  readonly overdueBefore: readonly number[]
  readonly links: Links
}

export const kpisOf = (p: KpiParts): Kpis => ({
  touchless: touchless(p),
  onTime: onTime(p),
  onTimeTarget: ON_TIME_TARGET,
  open: open(p),
  overdue: {
    count: p.due.overdue,
    atStart: p.overdueBefore[0] ?? 0,
    series: [...p.overdueBefore.slice(1), p.due.overdue],
    soon: p.due.soon,
    rows: p.links.cases({ state: 'active', sort: 'due', ...before('due', p.now) }),
    soonRows: p.links.cases({ state: 'active', sort: 'due', dueFrom: isoOf(p.now), ...before('due', p.now + SOON) }),
  },
  money: {
    now: moneyOf(p.levels.map(l => [l.currency, l.amount])),
    atStart: moneyOf([...p.levels.map(l => [l.currency, l.amount] as const), ...p.moved.map(backwards)]),
    series: moneySeries(p),
    rows: p.links.cases({ state: 'active', sort: 'money' }),
  },
  acknowledge: meanTime(p, 'case.acknowledged', 'acknowledged'),
  // What went away by itself has an instant too, but nobody resolved it.
  resolve: meanTime(p, 'case.resolved', 'resolved', { status: 'resolved,closed' }),
})

function touchless({ time, figures, links }: KpiParts): Share {
  const over = (when: 'shown' | 'before') => {
    const of = figures.sum('order.placed', when).n
    return { of, n: of - figures.sum('order.touched', when).n }
  }
  const shown = over('shown')
  const earlier = over('before')
  const touched = figures.bySlot('order.touched')
  const range = during('placed', time.hours)
  return {
    ...{ value: shareOf(shown.n, shown.of), before: shareOf(earlier.n, earlier.of), ...shown },
    series: figures.bySlot('order.placed').map(({ n }, i) => shareOf(n - touched[i]!.n, n)),
    rows: links.orders({ ...range, touched: 'false' }),
    others: links.orders({ ...range, touched: 'true' }),
  }
}

function onTime({ time, figures, links }: KpiParts): Share {
  const over = (when: 'shown' | 'before') => {
    const n = figures.sum('promise', when, r => r.dimension === 'kept').n
    // What has not arrived is late once the hour of its promise is over.
    const late = figures.sum('promise', when, r => isLate(r, time.nowHour)).n
    return { n, of: n + late }
  }
  const shown = over('shown')
  const earlier = over('before')
  const late = figures.bySlot('promise', r => isLate(r, time.nowHour))
  const range = during('promise', time.hours)
  return {
    ...{ value: shareOf(shown.n, shown.of), before: shareOf(earlier.n, earlier.of), ...shown },
    series: figures.bySlot('promise', r => r.dimension === 'kept').map(({ n }, i) => shareOf(n, n + late[i]!.n)),
    rows: links.orders({ ...range, kept: 'true' }),
    others: links.orders({ ...range, kept: 'false' }),
  }
}

const isLate = ({ dimension, hour }: { dimension: string; hour: number }, nowHour: number): boolean =>
  dimension === 'broken' || (dimension === 'open' && hour < nowHour)

function open({ figures, levels, links }: KpiParts): Kpis['open'] {
  const count = levels.reduce((sum, l) => sum + l.n, 0)
  const opened = figures.bySlot('case.opened')
  const ended = figures.bySlot('case.ended')
  const atStart = count - opened.reduce((sum, s) => sum + s.n, 0) + ended.reduce((sum, s) => sum + s.n, 0)
  let at = atStart
  const series = opened.map(({ n }, i) => {
    at += n - ended[i]!.n
    return at
  })
  return { count, atStart, series, rows: links.cases({ state: 'active' }) }
}

function meanTime(
  { time, figures, links }: KpiParts,
  ...[measure, name, more]: [measure: Measure, name: string, more?: Readonly<Record<string, string>>]
): Kpis['resolve'] {
  const shown = figures.sum(measure, 'shown')
  return {
    ...{ ms: meanOf(shown), before: meanOf(figures.sum(measure, 'before')), n: shown.n },
    series: figures.bySlot(measure).map(meanOf),
    rows: links.cases({ ...during(name, time.hours), ...more }),
  }
}

// What stood at the start is what stands now without what was opened since, and with what has ended since.
const backwards = ({
  measure,
  currency,
  amount,
}: Pick<MoneyFigure, 'measure' | 'currency' | 'amount'>): readonly [string, number] => [
  currency,
  measure === 'case.opened' ? -amount : amount,
]

/** What stood at the end of each slot, backwards from now. */
function moneySeries({ time, levels, movedBySlot }: KpiParts): Kpis['money']['series'] {
  const at: (readonly [string, number])[] = levels.map(l => [l.currency, l.amount])
  const series = [moneyOf(at)]
  for (let slot = time.slots.length - 1; slot > 0; slot--) {
    at.push(...movedBySlot.filter(m => m.slot === slot).map(backwards))
    series.unshift(moneyOf(at))
  }
  return series
}

/** Sums by currency, the largest first; what has none, or comes to nothing, is left out. */
export function moneyOf(amounts: readonly (readonly [currency: string, minor: number])[]): Kpis['money']['now'] {
  const sums = new Map<string, number>()
  for (const [currency, minor] of amounts) sums.set(currency, (sums.get(currency) ?? 0) + minor)
  return [...sums]
    .filter(([currency, minor]) => currency !== '' && minor !== 0)
    .map(([currency, minor]) => ({ currency, minor }))
    .toSorted((a, b) => b.minor - a.minor)
}
