import type { ReactNode } from 'react'

export interface Column<R> {
  readonly id: string
  /** What stands in the head, and what it is called where columns are chosen. */
  readonly name: string
  /** The head shows nothing: the cells speak for themselves. */
  readonly quietHead?: boolean
  /** Pixels, or a track that grows. */
  readonly width: number | `minmax(${number}px, ${number}fr)`
  /** Figures stand at the right. */
  readonly num?: boolean
  /** Cannot be hidden or made wider. */
  readonly fixed?: boolean
  /** Hidden until somebody chooses it. */
  readonly optional?: boolean
  readonly cell: (row: R) => ReactNode
}

export interface RowLine<R> {
  readonly kind: 'row'
  readonly key: string
  readonly row: R
  /** It was not read yet: it has its place, and cannot be selected or opened. */
  readonly empty?: true
}

export interface GroupLine {
  readonly kind: 'group'
  readonly key: string
  readonly title: ReactNode
  readonly count?: number
  readonly closed: boolean
  readonly onToggle: () => void
}

export type GridLine<R> = RowLine<R> | GroupLine
