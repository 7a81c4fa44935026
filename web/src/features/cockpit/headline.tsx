import { type ReactNode, useMemo } from 'react'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { rowsAt } from '../../lib/addresses.ts'
import { amount, clockSpan, count, hoursMinutes, percent, symbolOf } from '../../lib/format.ts'
import { amountIn, known, mainCurrency, pointsBetween, shareBetween } from './figures.ts'
import { type Kpi, Kpis } from './kpis.tsx'
import { useCockpitTexts } from './texts.ts'

type T = ReturnType<typeof useCockpitTexts>
type KpiFigures = NonNullable<Cockpit['kpis']>

/** The figures that one looks at first, each with what it was and the rows behind it. */
export function Headline({ kpis, open }: { kpis: KpiFigures; open: Cockpit['open'] }): ReactNode {
  const t = useCockpitTexts()
  const shown = useMemo(
    () => [
      touchless(t, kpis),
      opened(t, kpis, open),
      overdue(t, kpis),
      money(t, kpis),
      resolve(t, kpis),
      onTime(t, kpis),
    ],
    [t, kpis, open],
  )
  return <Kpis label={t('kpis')} kpis={shown} />
}

const NONE = '—'

const share = (value: number | null): Pick<Kpi, 'value' | 'unit'> =>
  value === null ? { value: NONE } : { value: percent(value), unit: '%' }

function points(now: number | null, before: number | null): Kpi['change'] {
  const by = pointsBetween(now, before)
  return by === null || Math.abs(by) < 0.05 ? null : { text: `${Math.abs(by).toFixed(1)} pt`, up: by > 0, good: by > 0 }
}

const touchless = (t: T, { touchless: k }: KpiFigures): Kpi => ({
  id: 'touchless',
  label: t('kpi.touchless'),
  ...share(k.value),
  change: points(k.value, k.before),
  note: t('kpi.touchlessNote', { orders: count(k.of), touched: count(k.of - k.n) }),
  trend: known(k.series),
  to: rowsAt(k.others),
})

function opened(t: T, { open: k }: KpiFigures, types: Cockpit['open']): Kpi {
  const by = k.count - k.atStart
  const worst = (severity: string): number =>
    types.flatMap(type => type.bySeverity).reduce((sum, s) => sum + (s.severity === severity ? s.count : 0), 0)
  return {
    id: 'open',
    label: t('kpi.open'),
    value: count(k.count),
    change: by === 0 ? null : { text: count(Math.abs(by)), up: by > 0, good: by < 0 },
    note: (
      <>
        <span className={worst('P0') > 0 ? 'b red' : ''}>P0 {count(worst('P0'))}</span> ·{' '}
        <span className={worst('P1') > 0 ? 'm amber' : ''}>P1 {count(worst('P1'))}</span>
      </>
    ),
    trend: k.series,
    to: rowsAt(k.rows),
  }
}

function overdue(t: T, { overdue: k }: KpiFigures): Kpi {
  const by = k.count - k.atStart
  return {
    id: 'overdue',
    label: t('kpi.overdue'),
    value: count(k.count),
    bad: k.count > 0,
    change: by === 0 ? null : { text: count(Math.abs(by)), up: by > 0, good: by < 0 },
    note: t('kpi.soon', { count: count(k.soon) }),
    trend: k.series,
    to: rowsAt(k.rows),
  }
}

function money(t: T, { money: k }: KpiFigures): Kpi {
  const currency = mainCurrency(k.now.length > 0 ? k.now : k.atStart)
  const [now, before] = [amountIn(k.now, currency), amountIn(k.atStart, currency)]
  const by = shareBetween(now, before)
  const others = k.now.filter(other => other.currency !== currency && other.minor !== 0)
  return {
    id: 'money',
    label: t('kpi.money'),
    sign: symbolOf(currency),
    value: amount(now, currency, 0),
    change: by === null || by === 0 ? null : { text: `${percent(Math.abs(by))} %`, up: by > 0, good: by < 0 },
    note:
      others.length === 0
        ? t('kpi.moneyNote')
        : others.map(other => `${symbolOf(other.currency)}${amount(other.minor, other.currency, 0)}`).join(' · '),
    trend: k.series.map(slot => amountIn(slot, currency)),
    to: rowsAt(k.rows),
  }
}

const [HOUR, DAY] = [3_600_000, 86_400_000]
/** From here on days are counted, as by the clocks. */
const LONG = 96 * HOUR

/** The headline figure of a length of time, with its unit. */
const spanOf = (ms: number): { readonly value: string; readonly unit: string } =>
  ms < LONG ? { value: hoursMinutes(ms), unit: 'h' } : { value: count(Math.floor(ms / DAY)), unit: 'd' }

const spanText = (ms: number): string => (Math.abs(ms) < LONG ? `${hoursMinutes(ms)} h` : clockSpan(ms))

function resolve(t: T, { resolve: k, acknowledge }: KpiFigures): Kpi {
  const by = k.ms === null || k.before === null ? null : k.ms - k.before
  const acked = acknowledge.ms === null ? NONE : spanText(acknowledge.ms)
  return {
    id: 'resolve',
    label: t('kpi.resolve'),
    ...(k.ms === null ? { value: NONE } : spanOf(k.ms)),
    change: by === null || by === 0 ? null : { text: clockSpan(by), up: by > 0, good: by < 0 },
    note: t('kpi.resolveNote', { time: acked }),
    trend: known(k.series),
    to: rowsAt(k.rows),
  }
}

const onTime = (t: T, { onTime: k, onTimeTarget }: KpiFigures): Kpi => ({
  id: 'onTime',
  label: t('kpi.onTime'),
  ...share(k.value),
  change: points(k.value, k.before),
  bad: k.value !== null && k.value < onTimeTarget,
  note:
    k.of === 0
      ? t('kpi.onTimeNone')
      : t('kpi.onTimeNote', { late: count(k.of - k.n), target: `${percent(onTimeTarget)} %` }),
  trend: known(k.series),
  to: rowsAt(k.others),
})
