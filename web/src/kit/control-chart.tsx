import './control-chart.css'
import { lazy, type ReactNode, Suspense, useCallback, useMemo } from 'react'
import type { ControlPoint } from '../lib/control.ts'
import { part } from '../lib/part.ts'
import { isDark, usePrefs } from '../lib/prefs.ts'
import { controlOption } from './control-chart-option.ts'
import { useKitTexts } from './texts.ts'

const Chart = lazy(part(() => import('./chart.tsx').then(m => ({ default: m.Chart }))))

export interface ControlChartProps {
  readonly points: readonly ControlPoint[]
  /** What each step is called, as on the axis. */
  readonly names: readonly string[]
  readonly notes?: readonly { readonly index: number; readonly text: string }[]
  readonly height?: number | string
  /** Opens the rows of a step. */
  readonly onPoint?: (index: number) => void
}

/** Opened against closed over time, with the limits of each step; what is out of them is ringed in red. */
export function ControlChart(props: ControlChartProps): ReactNode {
  const { points, names, notes, height = 286, onPoint } = props
  const t = useKitTexts()
  const dark = usePrefs(prefs => isDark(prefs.theme))
  const told = useCallback(
    (i: number): string => {
      const p = points[i]
      if (p === undefined) return ''
      const limits = p.limits === null ? '' : ` · ${t('chart.limits', { low: p.limits.low, high: p.limits.high })}`
      return `${names[i] ?? ''} · ${t('chart.opened', { count: p.opened })} · ${t('chart.closed', { count: p.closed })}${limits}`
    },
    [points, names, t],
  )
  const option = useMemo(
    // Colours come from the page, so another theme is another drawing.
    () => ({ ...controlOption({ points, names, notes: notes?.slice(0, 2) ?? [], tooltip: told }), darkMode: dark }),
    [points, names, notes, dark, told],
  )
  const out = points.filter(p => p.out).length
  return (
    <Suspense fallback={<div style={{ height }} />}>
      <Chart
        option={option}
        height={height}
        told={t('chart.told', { count: points.length, out })}
        {...(onPoint && { onPoint })}
      />
    </Suspense>
  )
}

/** What the lines are, with their last numbers, for the head of the region. */
export function ControlLegend({ points }: { points: readonly ControlPoint[] }): ReactNode {
  const t = useKitTexts()
  const last = points.at(-1)
  const out = points.filter(p => p.out).length
  return (
    <span className="legend">
      <span>
        <i style={{ background: 'var(--accent)' }} />
        {t('chart.opened', { count: last?.opened ?? 0 })}
      </span>
      <span>
        <i style={{ background: 'var(--bar)' }} />
        {t('chart.closed', { count: last?.closed ?? 0 })}
      </span>
      {out > 0 && (
        <span className="red">
          <svg width="9" height="9" aria-hidden="true">
            <circle cx="4.5" cy="4.5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.75" />
          </svg>
          {t('chart.out', { count: out })}
        </span>
      )}
    </span>
  )
}

/** The same numbers as a table, for whoever cannot or will not read the drawing. */
export function ControlTable({ points, names }: Pick<ControlChartProps, 'points' | 'names'>): ReactNode {
  const t = useKitTexts()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by the keyboard
    <section style={{ maxHeight: '100%', overflow: 'auto' }} tabIndex={0} aria-label={t('chart.showTable')}>
      <table className="t">
        <thead>
          <tr>
            <th>{t('chart.when')}</th>
            <th className="num">{t('chart.col.opened')}</th>
            <th className="num">{t('chart.col.closed')}</th>
            <th className="num">{t('chart.col.limits')}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((p, i) => (
            <tr key={names[i]}>
              <td>{names[i]}</td>
              <td className={`num ${p.out ? 'red b' : ''}`}>{p.opened}</td>
              <td className="num">{p.closed}</td>
              <td className="num d2">{p.limits === null ? '—' : `${p.limits.low}–${p.limits.high}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export interface ControlViewProps extends ControlChartProps {
  readonly as: 'chart' | 'table'
}

/** Chart or table; see `ControlSwitch`. */
export const ControlView = ({ as, ...props }: ControlViewProps): ReactNode =>
  as === 'table' ? <ControlTable {...props} /> : <ControlChart {...props} />

export interface ControlSwitchProps {
  readonly as: 'chart' | 'table'
  readonly onChange: (as: 'chart' | 'table') => void
}

/** The verb that changes between them, for the head of the region. */
export function ControlSwitch({ as, onChange }: ControlSwitchProps): ReactNode {
  const t = useKitTexts()
  const table = as === 'table'
  return (
    <button type="button" className="l" onClick={() => onChange(table ? 'chart' : 'table')}>
      {table ? t('chart.showChart') : t('chart.showTable')}
    </button>
  )
}
