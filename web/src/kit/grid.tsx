import './grid.css'
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, memo, type ReactNode, useEffect, useId, useMemo, useRef } from 'react'
import { count } from '../lib/format.ts'
import { usePrefs } from '../lib/prefs.ts'
import type { SelectionChange } from '../lib/selection.ts'
import { type Columns, useColumns } from './columns.ts'
import { GridHead } from './grid-head.tsx'
import { type GridState, keysOf } from './grid-state.ts'
import type { Column, GroupLine, RowLine } from './grid-types.ts'
import { useKitTexts } from './texts.ts'

export interface GridProps<R> {
  /** Under which the choice of columns is kept. */
  readonly name: string
  readonly label: string
  readonly columns: readonly Column<R>[]
  readonly grid: GridState<R>
  /** Rows of the whole list, of which `grid.lines` may hold the first part only. */
  readonly total: number
  readonly selectable?: boolean
  /** Keys of rows that changed a moment ago. */
  readonly changed?: ReadonlySet<string>
  readonly onOpen: (key: string) => void
  /** The end is near: fetch more. */
  readonly onEnd?: () => void
  /** Which lines are drawn, by their index: what of them was not read is to be read. */
  readonly onSeen?: (first: number, last: number) => void
}

const NEAR = 40
/** Width of the column with the check boxes. */
const BOX = 36

/** A list of any length: only what is seen is in the page. Rows are moved through with the keys of `useGridVerbs`. */
export function Grid<R>(props: GridProps<R>): ReactNode {
  const { name, label, grid, total, selectable = false, onOpen } = props
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const columns = useColumns(name, props.columns)
  const tracks = selectable ? `${BOX}px ${columns.tracks}` : columns.tracks
  const minWidth = columns.minWidth + (selectable ? BOX : 0)
  const virtual = useRows(props, box)
  const atIndex = grid.lines.findIndex(line => line.key === grid.at)
  useEffect(() => {
    if (atIndex < 0) return
    virtual.scrollToIndex(atIndex)
    // Moving through the rows leaves a button or a link behind: Enter then opens the row and does not press it again.
    if (document.activeElement?.closest('dialog, input, textarea, select') === null)
      box.current?.focus({ preventScroll: true })
  }, [atIndex, virtual])
  return (
    <div
      ref={box}
      className="grid"
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.shown.length + (selectable ? 1 : 0)}
      aria-multiselectable={selectable || undefined}
      aria-activedescendant={atIndex >= 0 ? `${id}-${grid.at}` : undefined}
      tabIndex={0}
      onKeyDown={event => onGridKey(event, grid)}
    >
      <GridHead
        columns={columns}
        tracks={tracks}
        minWidth={minWidth}
        selectable={selectable}
        selected={selectedOf(grid)}
        onSelect={() => grid.change({ type: 'all', order: keysOf(grid.lines) })}
      />
      <div role="rowgroup" className="body" style={{ height: virtual.getTotalSize(), minWidth }}>
        <Lines {...{ id, props, virtual, columns, tracks, selectable, onOpen }} />
      </div>
    </div>
  )
}

function useRows<R>({ grid, onEnd, onSeen }: GridProps<R>, box: React.RefObject<HTMLDivElement | null>): Rows {
  const height = usePrefs(prefs => (prefs.density === 'comfortable' ? 42 : 34))
  const virtual = useVirtualizer({
    count: grid.lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 10,
    scrollPaddingStart: 30,
    scrollPaddingEnd: 8,
  })
  useEffect(() => {
    if (height > 0) virtual.measure()
  }, [height, virtual])
  const drawn = virtual.getVirtualItems()
  const [first, last] = [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0]
  useEffect(() => onSeen?.(first, last), [first, last, onSeen])
  useEffect(() => {
    if (last >= grid.lines.length - NEAR && grid.lines.length > 0) onEnd?.()
  }, [last, grid.lines.length, onEnd])
  return virtual
}

type Rows = Virtualizer<HTMLDivElement, Element>

const PAGE = 15

function onGridKey<R>(event: KeyboardEvent, grid: GridState<R>): void {
  if (event.target !== event.currentTarget) return
  const far = grid.lines.length
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -far, End: far }[event.key]
  if (by === undefined) return
  event.preventDefault()
  grid.move(by)
}

function selectedOf<R>({ lines, selection }: GridState<R>): 'none' | 'some' | 'all' {
  if (selection.keys.size === 0) return 'none'
  return selection.keys.size >= keysOf(lines).length ? 'all' : 'some'
}

interface LinesProps<R> {
  readonly id: string
  readonly props: GridProps<R>
  readonly virtual: Rows
  readonly columns: Columns<R>
  readonly tracks: string
  readonly selectable: boolean
  readonly onOpen: (key: string) => void
}

function Lines<R>({ id, props, virtual, columns, tracks, selectable, onOpen }: LinesProps<R>): ReactNode {
  const { grid, changed } = props
  // The number of a row counts rows only: heads of groups are none.
  const numbers = useMemo(
    () => new Map(grid.lines.filter(line => line.kind === 'row').map((line, i) => [line.key, i + 2])),
    [grid.lines],
  )
  return virtual.getVirtualItems().map(item => {
    const line = grid.lines[item.index]
    if (line === undefined) return null
    if (line.kind === 'group')
      return <Group key={line.key} line={line} top={item.start} columns={columns.shown.length} />
    return (
      <Row
        key={line.key}
        id={`${id}-${line.key}`}
        line={line}
        number={numbers.get(line.key) ?? 2}
        top={item.start}
        columns={columns.shown}
        tracks={tracks}
        at={line.key === grid.at}
        selected={grid.selection.keys.has(line.key)}
        selectable={selectable}
        empty={line.empty ?? false}
        changed={changed?.has(line.key) ?? false}
        grid={grid}
        onOpen={onOpen}
      />
    )
  })
}

function Group({ line, top, columns }: { line: GroupLine; top: number; columns: number }): ReactNode {
  const Icon = line.closed ? ChevronRight : ChevronDown
  return (
    <div role="row" className="g" style={{ transform: `translateY(${top}px)` }}>
      <div role="gridcell" aria-colspan={columns}>
        <button type="button" tabIndex={-1} aria-expanded={!line.closed} onClick={line.onToggle}>
          <Icon size={14} aria-hidden />
          {line.title}
        </button>
        {line.count !== undefined && <span className="d2 sm"> {count(line.count)}</span>}
      </div>
    </div>
  )
}

interface RowProps<R> {
  readonly id: string
  readonly line: RowLine<R>
  readonly number: number
  readonly top: number
  readonly columns: readonly Column<R>[]
  readonly tracks: string
  readonly at: boolean
  readonly selected: boolean
  readonly selectable: boolean
  readonly changed: boolean
  readonly empty: boolean
  readonly grid: GridState<R>
  readonly onOpen: (key: string) => void
}

function DrawnRow<R>(props: RowProps<R>): ReactNode {
  const t = useKitTexts()
  const { id, line, number, top, columns, tracks, at, selected, selectable, changed, empty, grid, onOpen } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys, its rows are its active descendants
    <div
      role="row"
      tabIndex={-1}
      id={id}
      aria-rowindex={number}
      aria-selected={selectable ? selected : undefined}
      className={`r ${at ? 'at' : ''} ${changed ? 'changed' : ''}`}
      style={{ gridTemplateColumns: tracks, transform: `translateY(${top}px)` }}
      onClick={event => {
        grid.go(line.key)
        if (!empty && !(event.target instanceof HTMLElement && event.target.closest('a,button,input'))) onOpen(line.key)
      }}
    >
      {selectable && (
        <div role="gridcell">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t('grid.select')}
            checked={selected}
            disabled={empty}
            onChange={event => grid.change(changeBy(event.nativeEvent, line.key, grid))}
          />
        </div>
      )}
      {columns.map(column => (
        <div role="gridcell" key={column.id} className={column.num ? 'num' : undefined}>
          {column.cell(line.row)}
        </div>
      ))}
    </div>
  )
}

/** With Shift from the row that was selected before up to this one. */
const changeBy = <R,>(event: Event, key: string, grid: GridState<R>): SelectionChange =>
  'shiftKey' in event && event.shiftKey === true
    ? { type: 'range', to: key, order: keysOf(grid.lines) }
    : { type: 'toggle', key }

const unchanged = <R,>(a: RowProps<R>, b: RowProps<R>): boolean =>
  a.line.row === b.line.row &&
  a.top === b.top &&
  a.number === b.number &&
  a.columns === b.columns &&
  a.tracks === b.tracks &&
  a.at === b.at &&
  a.selected === b.selected &&
  a.selectable === b.selectable &&
  a.changed === b.changed &&
  a.empty === b.empty &&
  a.grid.go === b.grid.go &&
  a.onOpen === b.onOpen

// `memo` forgets the type parameter; the component is the same.
const Row = memo(DrawnRow, unchanged) as typeof DrawnRow
