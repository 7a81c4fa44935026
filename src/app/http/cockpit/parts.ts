import type { Cockpit } from '../../../contract/api/index.ts'
import { exceptionLabel, SEVERITIES } from '../../../contract/exceptions.ts'
import { STAGE_LABELS, STAGES, type Stage } from '../../../contract/stages.ts'
import { type Instant, isoOf, MINUTE } from '../../../kernel/instant.ts'
import { type BinCount, countAbove, isOutside, quantileOf, splitDimension } from '../../../modules/insight/index.ts'
import type { LevelFigure, MoneyFigure, Sitting, StayFigure } from '../../../pipeline/queries/rollups.ts'
import { type Figures, limitsOf } from './figures.ts'
import { moneyOf } from './kpis.ts'
import { before, during, type Links } from './links.ts'
import { type CockpitTime, instantOf, type Slot } from './time.ts'

/** Opened against ended, slot by slot, with the limits between which the opened ones should stay. */
export function flowOf(
  figures: Figures,
  totals: ReadonlyMap<number, number>,
  { time, links }: { time: CockpitTime; links: Links },
): NonNullable<Cockpit['flow']> {
  const opened = figures.bySlot('case.opened')
  const ended = figures.bySlot('case.ended')
  const limits = limitsOf(totals, time)
  return time.slots.map((slot, i) => {
    const partial = slot.to > time.nowHour
    const n = opened[i]!.n
    const between = limits[i] ?? null
    return {
      ...{ ...shown(slot), opened: n, ended: ended[i]!.n, limits: between, partial },
      out: !partial && between !== null && isOutside(n, between),
      openedRows: links.cases(during('opened', slot)),
      endedRows: links.cases(during('ended', slot)),
    }
  })
}

export const shown = ({ from, to }: Slot) => ({ from: isoOf(instantOf(from)), to: isoOf(instantOf(to)) })

/** Types by what they cost: how many were opened, how much money, how many minutes until they ended. */
export function paretoOf(
  moved: readonly MoneyFigure[],
  { from, to }: Slot,
  links: Links,
): NonNullable<Cockpit['pareto']> {
  const byType = Map.groupBy(moved, m => splitDimension(m.dimension).type)
  return [...byType]
    .map(([type, all]) => {
      const opened = all.filter(m => m.measure === 'case.opened')
      const ended = all.filter(m => m.measure === 'case.ended')
      return {
        ...{ type, name: { ...exceptionLabel(type) }, count: opened.reduce((sum, m) => sum + m.n, 0) },
        money: moneyOf(opened.map(m => [m.currency, m.amount])),
        minutes: Math.round(ended.reduce((sum, m) => sum + m.ms, 0) / MINUTE),
        rows: links.cases({ type, ...during('opened', { from, to }) }),
        endedRows: links.cases({ type, ...during('ended', { from, to }) }),
      }
    })
    .filter(p => p.count > 0 || p.minutes > 0)
    .toSorted((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1))
}

/** Open cases by type and severity. */
export function openOf(levels: readonly Pick<LevelFigure, 'dimension' | 'n'>[], links: Links): Cockpit['open'] {
  const byType = Map.groupBy(levels, l => splitDimension(l.dimension).type)
  return [...byType]
    .map(([type, all]) => ({
      ...{ type, name: { ...exceptionLabel(type) }, total: all.reduce((sum, l) => sum + l.n, 0) },
      bySeverity: SEVERITIES.map(severity => ({
        severity,
        count: all.reduce((sum, l) => (splitDimension(l.dimension).severity === severity ? sum + l.n : sum), 0),
        rows: links.cases({ state: 'active', type, severity }),
      })),
      rows: links.cases({ state: 'active', type }),
    }))
    .toSorted((a, b) => b.total - a.total || (a.type < b.type ? -1 : 1))
}

export interface HeatParts {
  readonly now: Instant
  readonly time: CockpitTime
  /** Of the slots shown. */
  readonly stays: readonly StayFigure[]
  readonly p95: ReadonlyMap<Stage, number>
  readonly sitting: readonly Sitting[]
  readonly links: Links
}

/** Stages in which one can stay: nothing comes after the last. */
export const HEAT_STAGES = STAGES.slice(0, -1)

/** The p95 of each stage. */
export function p95Of(stays: readonly StayFigure[]): Map<Stage, number> {
  const found = new Map<Stage, number>()
  for (const stage of HEAT_STAGES) {
    const p95 = quantileOf(
      binsOf(stays, s => s.stage === stage),
      0.95,
    )
    if (p95 !== null) found.set(stage, p95)
  }
  return found
}

const binsOf = (stays: readonly StayFigure[], wanted: (s: StayFigure) => boolean): BinCount[] =>
  stays.filter(wanted).map(({ bin, n }) => ({ bin, n }))

/** Where orders are stuck: each slot against the usual p95 of its stage, and who sits there now. */
export function heatOf(p: HeatParts): NonNullable<Cockpit['stages']> {
  return { slots: p.time.slots.map(shown), stages: HEAT_STAGES.map(stage => stageHeat(stage, p)) }
}

function stageHeat(stage: Stage, { now, time, stays, p95, sitting, links }: HeatParts) {
  const usual = p95.get(stage) ?? null
  const here = sitting.find(s => s.stage === stage)
  return {
    ...{ stage, name: { ...STAGE_LABELS[stage] }, p95Ms: usual },
    cells: time.slots.map((slot, i) => {
      const bins = binsOf(stays, s => s.stage === stage && s.slot === i)
      const own = quantileOf(bins, 0.95)
      const over = usual === null ? 0 : countAbove(bins, usual)
      const stuck = { leftStage: stage, ...during('left', slot), stayOver: String(usual) }
      return {
        left: bins.reduce((sum, b) => sum + b.n, 0),
        over,
        ratio: own === null || usual === null ? null : own / usual,
        rows: over > 0 ? links.orders(stuck) : null,
      }
    }),
    now: {
      ...{ count: here?.n ?? 0, over: here?.over ?? 0, rows: links.orders({ stage }) },
      overRows: links.orders({ stage, ...(usual === null ? {} : before('stage', now - usual)) }),
    },
  }
}
