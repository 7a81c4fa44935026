import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import type { SelectionChange } from '../lib/selection.ts'
import type { Columns } from './columns.ts'
import type { Column } from './grid-types.ts'
import { useKitTexts } from './texts.ts'

export interface GridHeadProps<R> {
  readonly columns: Columns<R>
  readonly tracks: string
  readonly minWidth: number
  readonly selectable: boolean
  readonly selected: 'none' | 'some' | 'all'
  readonly onSelect: (change: SelectionChange['type']) => void
}

export function GridHead<R>(props: GridHeadProps<R>): ReactNode {
  const { columns, tracks, minWidth, selectable, selected, onSelect } = props
  const t = useKitTexts()
  return (
    <div role="row" aria-rowindex={1} className="head" style={{ gridTemplateColumns: tracks, minWidth }}>
      {selectable && (
        <div role="columnheader">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t('grid.all')}
            checked={selected === 'all'}
            ref={box => {
              if (box) box.indeterminate = selected === 'some'
            }}
            onChange={() => onSelect('all')}
          />
        </div>
      )}
      {columns.shown.map(column => (
        <Head key={column.id} column={column} onWidth={width => columns.setWidth(column.id, width)} />
      ))}
    </div>
  )
}

const STEP = 16

/** A head, and at its edge a handle that makes the column wider: drag it, or focus it and use the arrow keys. */
function Head<R>({ column, onWidth }: { column: Column<R>; onWidth: (width: number) => void }): ReactNode {
  const t = useKitTexts()
  const box = useRef<HTMLDivElement>(null)
  const width = (): number => box.current?.offsetWidth ?? 0
  const drag = (event: PointerEvent<HTMLButtonElement>): void => {
    const [start, from] = [event.clientX, width()]
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    const move = (e: globalThis.PointerEvent): void => onWidth(from + e.clientX - start)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true })
  }
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onWidth(width() + by)
  }
  return (
    <div role="columnheader" ref={box} className={column.num ? 'num' : undefined}>
      {column.quietHead ? <span className="sr">{column.name}</span> : column.name}
      {!column.fixed && (
        <button
          type="button"
          tabIndex={-1}
          className="handle"
          aria-label={t('grid.wider', { column: column.name })}
          onPointerDown={drag}
          onKeyDown={onKey}
        />
      )}
    </div>
  )
}
