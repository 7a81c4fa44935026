import './heat.css'
import type { ReactNode } from 'react'
import { isDark, usePrefs } from '../lib/prefs.ts'

export interface HeatCell {
  readonly value: number
  /** Multiples of what is usual here; null where nothing is usual yet. */
  readonly times: number | null
  /** Spoken and in the tooltip: stage, hour, number. */
  readonly told: string
  /** The rows behind it. */
  readonly href?: string
}

export interface HeatProps {
  readonly label: string
  readonly columns: readonly { readonly id: string; readonly name: string }[]
  readonly rows: readonly { readonly id: string; readonly name: string; readonly cells: readonly HeatCell[] }[]
  /** Numbers below this are not printed, except where it is hot. */
  readonly quietBelow?: number
  readonly onOpen?: (href: string) => void
}

const HOT = 1.5

/** A grid of numbers on a tint: the tint says how far each is from what is usual in its own cell. */
export function Heat({ label, columns, rows, quietBelow = 10, onOpen }: HeatProps): ReactNode {
  const dark = usePrefs(prefs => isDark(prefs.theme))
  return (
    <table className="heat" aria-label={label}>
      <thead>
        <tr>
          <td />
          {columns.map(column => (
            <th key={column.id} scope="col">
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.id}>
            <th scope="row">{row.name}</th>
            {row.cells.map((cell, i) => (
              <td key={columns[i]?.id ?? i}>
                <Cell {...{ cell, dark, quietBelow, onOpen }} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** Fits into a narrow cell; what is spoken has all of it. */
const short = (value: number): string => (value < 10_000 ? String(value) : SHORT.format(value))

interface CellProps {
  readonly cell: HeatCell
  readonly dark: boolean
  readonly quietBelow: number
  readonly onOpen: ((href: string) => void) | undefined
}

function Cell({ cell, dark, quietBelow, onOpen }: CellProps): ReactNode {
  const times = cell.times ?? 0
  const hot = times > HOT
  // As dark as the ink on it can still be read.
  const tint = Math.min(dark ? 0.46 : 0.62, 0.03 + times * (dark ? 0.12 : 0.16))
  const printed = cell.value > 0 && (hot || cell.value >= quietBelow) ? short(cell.value) : ''
  const shared = {
    className: `c ${hot ? 'hot' : ''}`,
    style: { background: `rgb(var(--heat) / ${tint.toFixed(2)})` },
    title: cell.told,
  }
  if (cell.href === undefined || cell.value === 0)
    return (
      <span {...shared}>
        {printed}
        <span className="sr">{cell.told}</span>
      </span>
    )
  const { href } = cell
  return (
    <a
      {...shared}
      href={href}
      aria-label={cell.told.includes(printed) ? cell.told : `${printed}, ${cell.told}`}
      onClick={event => {
        if (onOpen === undefined || event.metaKey || event.ctrlKey) return
        event.preventDefault()
        onOpen(href)
      }}
    >
      {printed}
    </a>
  )
}
