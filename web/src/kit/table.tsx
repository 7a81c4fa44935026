import type { ReactNode } from 'react'

export interface Column<T> {
  readonly head: string
  readonly cell: (item: T) => ReactNode
  /** Figures stand at the right. */
  readonly num?: true
  readonly className?: string | ((item: T) => string)
  /** Longer text is cut off here, px, and is whole in the tooltip. */
  readonly cut?: { readonly at: number; readonly text: (item: T) => string }
}

interface TableProps<T> {
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly columns: readonly Column<T>[]
}

/** A plain table: a column says its head and what it shows of a row. */
export function Table<T>({ items, keyOf, columns }: TableProps<T>): ReactNode {
  return (
    <div className="plain-table">
      <table className="t">
        <thead>
          <tr>
            {columns.map(({ head, num }) => (
              <th key={head} className={num ? 'num' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={keyOf(item)}>
              {columns.map(column => (
                <Cell key={column.head} item={item} column={column} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell<T>({ item, column: { cell, num, className, cut } }: { item: T; column: Column<T> }): ReactNode {
  const own = typeof className === 'function' ? className(item) : className
  const classes = [num && 'num', cut && 'el', own].filter(Boolean).join(' ')
  return (
    <td
      className={classes === '' ? undefined : classes}
      {...(cut && { style: { maxWidth: cut.at }, title: cut.text(item) })}
    >
      {cell(item)}
    </td>
  )
}
