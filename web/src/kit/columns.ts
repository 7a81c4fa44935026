import { useMemo } from 'react'
import { type ColumnChoice, setPrefs, usePrefs } from '../lib/prefs.ts'
import type { Column } from './grid-types.ts'

const NONE: ColumnChoice = {}

/** What somebody chose for the columns of a list, and how to choose otherwise. @param list the name under which it is kept */
export interface Columns<R> {
  readonly shown: readonly Column<R>[]
  /** For `grid-template-columns`. */
  readonly tracks: string
  /** Below this the list is scrolled sideways. Pixels. */
  readonly minWidth: number
  readonly hidden: ReadonlySet<string>
  setHidden(id: string, hidden: boolean): void
  setWidth(id: string, width: number): void
}

const NARROWEST = 40
const WIDEST = 900

type Width = Column<unknown>['width']
const trackOf = (width: Width): string => (typeof width === 'number' ? `${width}px` : width)
const leastOf = (width: Width): number =>
  typeof width === 'number' ? width : Number.parseFloat(width.slice('minmax('.length))

export function useColumns<R>(list: string, columns: readonly Column<R>[]): Columns<R> {
  const choice = usePrefs(prefs => prefs.columns[list] ?? NONE)
  return useMemo(() => {
    const hidden = new Set(choice.hidden ?? columns.filter(column => column.optional).map(column => column.id))
    const shown = columns.filter(column => column.fixed || !hidden.has(column.id))
    const widthOf = (column: Column<R>): Column<R>['width'] =>
      (column.fixed ? undefined : choice.widths?.[column.id]) ?? column.width
    const keep = (change: ColumnChoice): void =>
      setPrefs({ columns: { ...usePrefs.getState().columns, [list]: { ...choice, ...change } } })
    return {
      shown,
      tracks: shown.map(column => trackOf(widthOf(column))).join(' '),
      minWidth: shown.reduce((sum, column) => sum + leastOf(widthOf(column)), 0),
      hidden,
      setHidden: (id, hide) => keep({ hidden: hide ? [...hidden, id] : [...hidden].filter(one => one !== id) }),
      setWidth: (id, width) =>
        keep({ widths: { ...choice.widths, [id]: Math.round(Math.max(NARROWEST, Math.min(WIDEST, width))) } }),
    }
  }, [list, columns, choice])
}
