import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Beside } from '../../../kit/drawer.tsx'
import { Grid } from '../../../kit/grid.tsx'
import { type GridState, useGrid, useGridVerbs } from '../../../kit/grid-state.ts'
import type { Column } from '../../../kit/grid-types.ts'
import { useVerbs, type Verb } from '../../../lib/verbs.ts'
import { useAct } from '../act/use-act.tsx'
import type { CaseList, CaseListState } from '../model/case-list.ts'
import { type Search, sortOf, withoutGaps } from '../model/filters.ts'
import { type InboxRow, linesOf, MOST_ROWS } from '../model/lines.ts'
import { useTrail } from '../model/trail.ts'
import { useCaseTexts } from '../texts.ts'
import { ActBar, useActVerbs } from './act-bar.tsx'
import { CaseDrawer } from './drawer.tsx'
import { useGroups, useGroupTitle } from './groups.tsx'

const route = getRouteApi('/cases')

export interface InboxProps {
  readonly list: CaseList
  readonly state: CaseListState
  readonly columns: readonly Column<InboxRow>[]
  readonly search: Search
}

/** The list, the case that is looked at beside it, and what is done with those that are selected. */
export function Inbox({ list, state, columns, search }: InboxProps): ReactNode {
  const t = useCaseTexts()
  const { items, summary, news, gone, changed } = state
  const total = summary?.count ?? 0
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const groups = useGroups(sortOf(search), summary)
  const title = useGroupTitle(sortOf(search), summary)
  const lines = useMemo(() => {
    const onToggle = (id: string): void => setClosed(before => before.symmetricDifference(new Set([id])))
    return linesOf({ total, items, groups, closed, title, onToggle })
  }, [total, items, groups, closed, title])
  const grid = useGrid(lines)
  const { peek, open } = useOpening(grid, search, total)
  const act = useAct({
    onDone: useCallback(() => void list.reload(), [list]),
    onGuess: useCallback((ids, change) => list.patch(ids, change), [list]),
  })
  const seen = useSeen(list, grid)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a case is what it is in the rows that are there now
  const chosen = useMemo(
    () => [...grid.selection.keys].flatMap(id => list.item(id) ?? []),
    [grid.selection.keys, list, items],
  )
  useEffect(() => list.hold(grid.selection.keys), [list, grid.selection.keys])
  useActVerbs({ act, grid, chosen })
  return (
    <Beside
      list={
        <div className="inbox-list">
          <NewsBar news={news.size} gone={gone.size} onRead={() => void list.reload()} />
          <Grid
            {...{ name: 'cases', label: t('title'), columns, grid, changed, selectable: true }}
            total={Math.min(total, MOST_ROWS)}
            onOpen={peek}
            onSeen={seen}
          />
          <ActBar {...{ act, chosen, total }} read={items.size} onClear={() => grid.change({ type: 'clear' })} />
          {act.dialog}
        </div>
      }
      drawer={
        search.open !== undefined && <CaseDrawer id={search.open} act={act} onOpen={open} onClose={() => peek(null)} />
      }
    />
  )
}

interface Opening {
  peek(id: string | null): void
  open(id: string): void
}

/** Beside the list, or as a page of its own; both by address. While the drawer is open it follows the row. */
function useOpening(grid: GridState<InboxRow>, search: Search, total: number): Opening {
  const t = useCaseTexts()
  const navigate = route.useNavigate()
  const { at, row, lines } = grid
  const shown = search.open
  const peek = useCallback(
    (id: string | null) =>
      void navigate({
        search: before => withoutGaps<Search>({ ...before, open: id ?? undefined }),
        replace: true,
      }),
    [navigate],
  )
  const open = useCallback(
    (id: string) => {
      const read = lines.flatMap(line => (line.kind === 'row' && line.row.item !== null ? [line] : []))
      const rows = read.map(({ key, row: { place } }) => ({ id: key, place }))
      // A case that an address brought may stand where nobody looked: it opens, and has no neighbours.
      useTrail.setState({ rows: rows.some(one => one.id === id) ? rows : [], total, search })
      void navigate({ to: '/cases/$id', params: { id } })
    },
    [lines, total, search, navigate],
  )
  const follows = shown !== undefined && row?.item != null && shown !== row.item.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the row is followed, not the address
  useEffect(() => {
    if (follows && at !== null) peek(at)
  }, [at])
  const { go } = grid
  // An address with an open case is a row with the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the address that one came with
  useEffect(() => {
    if (shown !== undefined) go(shown)
  }, [])
  useVerbs(useGridVerbs(grid, open))
  const label = t('verb.peek')
  const group = t('group')
  useVerbs(
    useMemo(
      (): Verb[] => [
        {
          ...{ id: 'cases.peek', label, group, keys: 'Space' },
          run: () => (shown !== undefined ? peek(null) : row?.item && peek(row.item.id)),
        },
      ],
      [label, group, shown, row, peek],
    ),
  )
  return { peek, open }
}

/** Tells the list which places are looked at. */
function useSeen(list: CaseList, { lines }: GridState<InboxRow>): (first: number, last: number) => void {
  return useCallback(
    (first, last) => {
      const places = lines.slice(first, last + 1).flatMap(line => (line.kind === 'row' ? [line.row.place] : []))
      list.need(places)
    },
    [list, lines],
  )
}

interface NewsBarProps {
  readonly news: number
  readonly gone: number
  readonly onRead: () => void
}

/** What came and what left waits here, so that no row moves under the pointer. */
function NewsBar({ news, gone, onRead }: NewsBarProps): ReactNode {
  const t = useCaseTexts()
  return (
    <div role="status" className={news + gone === 0 ? '' : 'news'}>
      {news > 0 && <span>{t('news.new', { count: news })}</span>}
      {gone > 0 && <span className="d2">{t('news.gone', { count: gone })}</span>}
      {news + gone > 0 && (
        <Button small onClick={onRead}>
          {t('news.read')}
        </Button>
      )}
    </div>
  )
}
