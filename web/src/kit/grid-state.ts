import { useCallback, useMemo, useReducer, useState } from 'react'
import { NOTHING, type Selection, type SelectionChange, select } from '../lib/selection.ts'
import type { Verb } from '../lib/verbs.ts'
import type { GridLine } from './grid-types.ts'
import { useKitTexts } from './texts.ts'

/** Where one is in a list and what is selected; held by the page, since its verbs act on it. */
export interface GridState<R> {
  readonly lines: readonly GridLine<R>[]
  /** Key of the row with the focus. */
  readonly at: string | null
  readonly selection: Selection
  go(key: string | null): void
  /** By so many rows, over the heads of groups. */
  move(by: number): void
  change(change: SelectionChange): void
  /** The row with the focus. */
  readonly row: R | null
}

export function useGrid<R>(lines: readonly GridLine<R>[]): GridState<R> {
  const [wanted, setWanted] = useState<{ key: string; index: number } | null>(null)
  const [selection, change] = useReducer(select, NOTHING)
  const rows = useMemo(() => lines.filter(line => line.kind === 'row'), [lines])
  // A row that went away leaves the focus at its place, not at the top.
  const found = wanted === null ? -1 : rows.findIndex(row => row.key === wanted.key)
  const index = found >= 0 ? found : Math.min(wanted?.index ?? -1, rows.length - 1)
  const current = rows[index] ?? null
  const go = useCallback(
    (key: string | null) => {
      const to = rows.findIndex(row => row.key === key)
      setWanted(to < 0 || key === null ? null : { key, index: to })
    },
    [rows],
  )
  const move = useCallback(
    (by: number) => {
      const to = Math.max(0, Math.min(rows.length - 1, index + by))
      const row = rows[to]
      if (row !== undefined) setWanted({ key: row.key, index: to })
    },
    [rows, index],
  )
  return { lines, at: current?.key ?? null, row: current?.row ?? null, selection, go, move, change }
}

/** Rows that can be selected: those that were read. */
export const keysOf = <R>(lines: readonly GridLine<R>[]): string[] =>
  lines.flatMap(line => (line.kind === 'row' && line.empty !== true ? [line.key] : []))

/** Moving, opening and selecting as verbs, for the list of keys. @param onOpen gets the key of the row */
export function useGridVerbs<R>(grid: GridState<R>, onOpen: (key: string) => void): readonly Verb[] {
  const t = useKitTexts()
  const { at, lines, selection, move, change } = grid
  return useMemo(() => {
    const verb = (id: string, keys: string, run: () => void): Verb => ({
      id: `grid.${id}`,
      label: t(`grid.${id as 'down'}`),
      group: t('group.list'),
      keys,
      keyOnly: true,
      run,
    })
    const range = (by: number): void => {
      const order = keysOf(lines)
      const to = order[order.indexOf(at ?? '') + by]
      if (at !== null && selection.keys.size === 0) change({ type: 'toggle', key: at })
      if (to !== undefined) change({ type: 'range', to, order })
      move(by)
    }
    return [
      verb('down', 'j', () => move(1)),
      verb('up', 'k', () => move(-1)),
      verb('open', 'Enter', () => at !== null && onOpen(at)),
      verb('select', 'x', () => at !== null && change({ type: 'toggle', key: at })),
      verb('rangeDown', 'shift+j', () => range(1)),
      verb('rangeUp', 'shift+k', () => range(-1)),
      verb('all', 'mod+a', () => change({ type: 'all', order: keysOf(lines) })),
      ...(selection.keys.size > 0 ? [verb('clear', 'Escape', () => change({ type: 'clear' }))] : []),
    ]
  }, [t, at, lines, selection, move, change, onOpen])
}
