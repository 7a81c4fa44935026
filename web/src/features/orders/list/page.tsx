import './list.css'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { useColumns } from '../../../kit/columns.ts'
import { Dialog } from '../../../kit/dialog.tsx'
import { Grid } from '../../../kit/grid.tsx'
import { useGrid, useGridVerbs } from '../../../kit/grid-state.ts'
import type { GridLine } from '../../../kit/grid-types.ts'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { count } from '../../../lib/format.ts'
import { useNarrowed } from '../../../lib/me.ts'
import { useVerbs, type Verb } from '../../../lib/verbs.ts'
import { type Filters, isFiltered, withoutGaps } from '../model/filters.ts'
import { rememberList } from '../model/neighbours.ts'
import { useOrderTexts } from '../texts.ts'
import { useOrderColumns } from './columns.tsx'
import { FilterBar } from './filter-bar.tsx'
import { Check, FilterDialog } from './filter-dialog.tsx'
import { type Listed, listedIn, listQuery } from './query.ts'

const route = getRouteApi('/orders')
const NAME = 'orders'
/** A number longer than this is no number that anybody reads. */
const LONGEST = 36

/** All orders, the newest first; any number finds one. */
export function OrdersPage(): ReactNode {
  const t = useOrderTexts()
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [open, setOpen] = useState<'filters' | 'columns' | null>(null)
  const query = useInfiniteQuery(listQuery(filters))
  const listed = useMemo(() => listedIn(query.data), [query.data])
  const set = useCallback(
    (change: Partial<Filters>) =>
      void navigate({ search: before => withoutGaps({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const clear = useCallback(() => void navigate({ search: {}, replace: true }), [navigate])
  useListVerbs({ find: () => input.current?.focus(), filter: () => setOpen('filters') })
  const { data } = query
  const more = (): void => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage())
  return (
    <Page title={t('title')}>
      <div className="olist">
        <FilterBar
          {...{ filters, input, onClear: clear, onChange: set }}
          counted={
            data === undefined
              ? ''
              : t(listed.exact ? 'list.count' : 'list.atLeast', { count: listed.total === 1 ? 1 : count(listed.total) })
          }
          onMore={() => setOpen('filters')}
          onColumns={() => setOpen('columns')}
        />
        <View
          query={{ ...query, data: data === undefined ? undefined : listed }}
          what={t('title')}
          rows={20}
          isEmpty={({ rows }) => rows.length === 0}
          empty={<NoOrders filtered={isFiltered(filters)} onClear={clear} />}
        >
          {found => <OrderGrid listed={found} onEnd={more} />}
        </View>
      </div>
      <FilterDialog
        open={open === 'filters'}
        filters={filters}
        onClose={() => setOpen(null)}
        onChange={next => void navigate({ search: withoutGaps({ ...next }), replace: true })}
      />
      <ColumnDialog open={open === 'columns'} onClose={() => setOpen(null)} />
    </Page>
  )
}

function OrderGrid({ listed, onEnd }: { listed: Listed; onEnd: () => void }): ReactNode {
  const t = useOrderTexts()
  const navigate = route.useNavigate()
  const longest = useMemo(() => listed.rows.reduce((most, row) => Math.max(most, row.orderNo.length), 0), [listed.rows])
  const columns = useOrderColumns(Math.min(longest, LONGEST))
  const lines = useMemo(
    (): GridLine<Listed['rows'][number]>[] => listed.rows.map(row => ({ kind: 'row', key: row.id, row })),
    [listed.rows],
  )
  useEffect(
    () =>
      rememberList(
        listed.rows.map(row => row.id),
        listed.total,
      ),
    [listed],
  )
  const grid = useGrid(lines)
  const open = useCallback((id: string) => void navigate({ to: '/orders/$id', params: { id } }), [navigate])
  useVerbs(useGridVerbs(grid, open))
  return (
    <Grid
      name={NAME}
      label={t('title')}
      columns={columns}
      grid={grid}
      total={listed.total}
      onOpen={open}
      onEnd={onEnd}
    />
  )
}

function NoOrders({ filtered, onClear }: { filtered: boolean; onClear: () => void }): ReactNode {
  const t = useOrderTexts()
  const narrowed = useNarrowed('order.read')
  if (!filtered && narrowed) return <Empty title={t('list.beyond')} why={t('list.beyondWhy')} />
  if (!filtered) return <Empty title={t('list.empty')} why={t('list.emptyWhy')} />
  return (
    <Empty title={t('list.none')} why={t('list.noneWhy')}>
      <Button onClick={onClear}>{t('list.clear')}</Button>
    </Empty>
  )
}

function ColumnDialog({ open, onClose }: { open: boolean; onClose: () => void }): ReactNode {
  const t = useOrderTexts()
  const all = useOrderColumns()
  const columns = useColumns(NAME, all)
  return (
    <Dialog open={open} title={t('list.columns')} onClose={onClose} width={320}>
      <div className="col-list">
        {all
          .filter(column => !column.fixed)
          .map(column => (
            <Check
              key={column.id}
              text={column.name}
              on={!columns.hidden.has(column.id)}
              onToggle={() => columns.setHidden(column.id, !columns.hidden.has(column.id))}
            />
          ))}
      </div>
    </Dialog>
  )
}

function useListVerbs({ find, filter }: { find: () => void; filter: () => void }): void {
  const t = useOrderTexts()
  const group = t('title')
  const verbs: Verb[] = [
    { id: 'orders.find', label: t('list.find'), group, keys: '/', run: find },
    { id: 'orders.filter', label: t('list.filters'), group, keys: 'f', run: filter },
  ]
  // biome-ignore lint/correctness/useExhaustiveDependencies: both act on what is there when they are run
  useVerbs(useMemo(() => verbs, [t]))
}
