import type { ReactNode } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import type { GridLine, RowLine } from '../../../kit/grid-types.ts'

/** A row of the grid: its place in the list, and the case when it was read already. */
export interface InboxRow {
  readonly place: number
  readonly item: CaseItem | null
}

/** So many rows of the list, one after the other. */
export interface Group {
  readonly id: string
  readonly count: number
}

export interface LinesOf {
  readonly total: number
  readonly items: ReadonlyMap<number, CaseItem>
  /** In the order of the list; null: it is not cut. */
  readonly groups: readonly Group[] | null
  readonly closed: ReadonlySet<string>
  readonly title: (group: string) => ReactNode
  readonly onToggle: (group: string) => void
}

/** Rows that a grid shows at most; whoever has more, filters. */
export const MOST_ROWS = 200_000

/** All lines of the grid, also of rows that were not read yet: they are there, at their height, and empty. */
export function linesOf(of: LinesOf): GridLine<InboxRow>[] {
  const total = Math.min(of.total, MOST_ROWS)
  if (of.groups === null) return rowLines(of.items, 0, total)
  const lines: GridLine<InboxRow>[] = []
  let place = 0
  for (const { id, count } of of.groups) {
    const end = Math.min(place + count, total)
    if (end === place) continue
    const closed = of.closed.has(id)
    const onToggle = (): void => of.onToggle(id)
    lines.push({ kind: 'group', key: `group ${id}`, title: of.title(id), count, closed, onToggle })
    if (!closed) for (const line of rowLines(of.items, place, end)) lines.push(line)
    place = end
  }
  // Groups beyond those that were counted follow them.
  for (const line of rowLines(of.items, place, total)) lines.push(line)
  return lines
}

function rowLines(items: ReadonlyMap<number, CaseItem>, from: number, to: number): GridLine<InboxRow>[] {
  const lines: GridLine<InboxRow>[] = new Array(Math.max(0, to - from))
  for (let place = from; place < to; place++) {
    const item = items.get(place) ?? null
    lines[place - from] = lineOf(place, item)
  }
  return lines
}

// The same line for the same case, so that a row is drawn again only when it changed.
const known = new WeakMap<CaseItem, RowLine<InboxRow>>()
const empty: RowLine<InboxRow>[] = []

function lineOf(place: number, item: CaseItem | null): RowLine<InboxRow> {
  if (item === null) {
    empty[place] ??= { kind: 'row', key: `at ${place}`, row: { place, item: null }, empty: true }
    return empty[place]
  }
  const before = known.get(item)
  if (before !== undefined && before.row.place === place) return before
  const made: RowLine<InboxRow> = { kind: 'row', key: item.id, row: { place, item } }
  known.set(item, made)
  return made
}
