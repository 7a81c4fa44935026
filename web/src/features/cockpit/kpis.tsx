import { ArrowDownRight, ArrowUpRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Go } from '../../kit/go.tsx'
import { Spark } from '../../kit/spark.tsx'

/** A headline figure, with what it was before and how it went. */
export interface Kpi {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly unit?: string
  /** Stands before the value: the sign of a currency. */
  readonly sign?: string
  readonly bad?: boolean
  /** Against the time compared with; null when there is nothing to compare with. */
  readonly change: { readonly text: string; readonly up: boolean; readonly good: boolean } | null
  readonly note: ReactNode
  readonly trend: readonly number[]
  /** The rows behind it. */
  readonly to: string
}

export const Kpis = ({ label, kpis }: { label: string; kpis: readonly Kpi[] }): ReactNode => (
  <section className="kpis" aria-label={label}>
    {kpis.map((kpi, i) => (
      <Figure key={kpi.id} kpi={kpi} wide={i === 0} />
    ))}
  </section>
)

function Figure({ kpi, wide }: { kpi: Kpi; wide: boolean }): ReactNode {
  const { label, value, unit, sign, bad, change, note, trend, to } = kpi
  const Arrow = change?.up ? ArrowUpRight : ArrowDownRight
  return (
    <Go to={to} className="kpi">
      <div className="sm d2 el">{label}</div>
      <div className="row">
        <span className={`v ${bad ? 'red' : ''}`}>
          {sign !== undefined && <small className="before">{sign}</small>}
          {value}
          {unit !== undefined && <small>{unit}</small>}
        </span>
        <span className="grow" />
        <Spark values={trend} width={wide ? 84 : 46} />
      </div>
      <div className="row xs" style={{ gap: 6 }}>
        {change !== null && (
          <span className={`change ${change.good ? 'green' : 'red'}`}>
            <Arrow size={12} aria-hidden />
            {change.text}
          </span>
        )}
        <span className="d2 el">{note}</span>
      </div>
    </Go>
  )
}
