import './pareto.css'
import type { ReactNode } from 'react'
import { count, percent } from '../lib/format.ts'

export interface ParetoRow {
  readonly id: string
  /** A link to the rows behind it. */
  readonly name: ReactNode
  /** What is ranked by: money, cases, minutes. */
  readonly value: number
  /** As it is shown. */
  readonly shown: ReactNode
  readonly cases: number
}

export interface ParetoProps {
  readonly heads: { readonly name: string; readonly value: string; readonly cases: string; readonly share: string }
  readonly rows: readonly ParetoRow[]
  /** Of all rows, also those that are not listed. */
  readonly total: number
}

/** What makes up most of it, stands above this line. */
const CUT = 0.8

/** The causes that count, the largest first, and which few of them make up four fifths. */
export function Pareto({ heads, rows, total }: ParetoProps): ReactNode {
  const most = Math.max(1, ...rows.map(row => row.value))
  const shares = sharesOf(rows, total)
  const cut = shares.findIndex(share => share >= CUT)
  return (
    <ul className="pareto">
      <li className="hd">
        <span>{heads.name}</span>
        <span />
        <span className="num">{heads.value}</span>
        <span className="num">{heads.cases}</span>
        <span className="num">{heads.share}</span>
      </li>
      {rows.map((row, i) => (
        <li key={row.id} className={`${cut < 0 || i <= cut ? 'few' : ''} ${i === cut ? 'cut' : ''}`}>
          <span>{row.name}</span>
          <span>
            <i className="bar" style={{ width: `${(row.value / most) * 100}%` }} />
          </span>
          <span className="num m">{row.shown}</span>
          <span className="num d2">{count(row.cases)}</span>
          <span className="num d2">{percent(shares[i] ?? 0, 0)}%</span>
        </li>
      ))}
    </ul>
  )
}

/** How much the rows up to each one make up together. */
export function sharesOf(rows: readonly { readonly value: number }[], total: number): number[] {
  let sum = 0
  return rows.map(row => {
    sum += row.value
    return total === 0 ? 0 : sum / total
  })
}
