import '../cases.css'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo, useRef } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { BulkBar } from '../../../kit/bulk-bar.tsx'
import { Button } from '../../../kit/button.tsx'
import { Grid } from '../../../kit/grid.tsx'
import { useGrid, useGridVerbs } from '../../../kit/grid-state.ts'
import type { GridLine } from '../../../kit/grid-types.ts'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { useUnable } from '../../../lib/me.ts'
import { shown, useVerbs, type Verb } from '../../../lib/verbs.ts'
import { type Filters, withoutGaps } from '../filters.ts'
import { useCaseTexts } from '../texts.ts'
import { useBulk } from './bulk.ts'
import { useCaseColumns } from './columns.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type Listed, listedIn, listQuery } from './query.ts'

const route = getRouteApi('/cases')

/** The inbox: what needs somebody, the most urgent first. */
export function CasesPage(): ReactNode {
  const t = useCaseTexts()
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const query = useInfiniteQuery(listQuery(filters))
  const listed = useMemo(() => listedIn(query.data), [query.data])
  const set = useCallback(
    (change: { [K in keyof Filters]?: Filters[K] | undefined }) =>
      void navigate({ search: before => withoutGaps({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const clear = useCallback(() => void navigate({ search: {}, replace: true }), [navigate])
  const find = t('find.label')
  const group = t('group')
  useVerbs(
    useMemo(
      (): Verb[] => [{ id: 'cases.find', label: find, group, keys: '/', run: () => input.current?.focus() }],
      [find, group],
    ),
  )
  const { data } = query
  const more = (): void => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage())
  const counted = data === undefined ? '' : t(listed.exact ? 'count' : 'atLeast', { count: listed.total })
  return (
    <Page title={t('title')}>
      <div className="inbox">
        <FilterBar filters={filters} input={input} counted={counted} onChange={set} />
        <View
          query={{ ...query, data: data === undefined ? undefined : listed }}
          what={t('title')}
          rows={20}
          isEmpty={({ rows }) => rows.length === 0}
          empty={
            <Empty title={t('none')} why={t('noneWhy')}>
              <Button onClick={clear}>{t('clear')}</Button>
            </Empty>
          }
        >
          {found => <Inbox listed={found} onEnd={more} />}
        </View>
      </div>
    </Page>
  )
}

function Inbox({ listed, onEnd }: { listed: Listed; onEnd: () => void }): ReactNode {
  const t = useCaseTexts()
  const navigate = route.useNavigate()
  const columns = useCaseColumns()
  const bulk = useBulk()
  const unable = useUnable('case.work')
  const lines = useMemo(
    (): GridLine<CaseItem>[] => listed.rows.map(row => ({ kind: 'row', key: row.id, row })),
    [listed.rows],
  )
  const grid = useGrid(lines)
  const open = useCallback((id: string) => void navigate({ to: '/cases/$id', params: { id } }), [navigate])
  const { at, selection, change } = grid
  const claim = useCallback(() => {
    const ids = selection.keys.size > 0 ? [...selection.keys] : at === null ? [] : [at]
    if (ids.length > 0) void bulk('acknowledge', ids).then(() => change({ type: 'clear' }))
  }, [bulk, selection, at, change])
  useVerbs(useGridVerbs(grid, open))
  const label = t('verb.claim')
  const group = t('group')
  useVerbs(
    useMemo(
      (): Verb[] => [{ id: 'cases.claim', label, group, keys: 'e', unable, run: claim }],
      [label, group, unable, claim],
    ),
  )
  return (
    <>
      <Grid
        {...{ name: 'cases', label: t('title'), columns, grid, total: listed.total, selectable: true }}
        onOpen={open}
        onEnd={onEnd}
      />
      <BulkBar count={selection.keys.size} onClear={() => change({ type: 'clear' })}>
        <Button kind="solid" keys={shown('e')} unable={unable} onClick={claim}>
          {label}
        </Button>
      </BulkBar>
    </>
  )
}
