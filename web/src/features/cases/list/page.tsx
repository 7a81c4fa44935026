import '../cases.css'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import { Button, Keys } from '../../../kit/button.tsx'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { useVerbs, type Verb } from '../../../lib/verbs.ts'
import { effective, type Search, type Sort, sortOf, USUAL, withoutGaps } from '../model/filters.ts'
import { isBare } from '../model/views.ts'
import { useCaseTexts } from '../texts.ts'
import { useCaseColumns } from './columns.tsx'
import { FilterLine } from './filter-line.tsx'
import type { Change } from './filter-panel.tsx'
import { Inbox } from './inbox.tsx'
import { useCaseList } from './use-case-list.ts'
import { useDefaultView, useViewTabs } from './use-views.ts'
import { ViewTabs } from './view-tabs.tsx'

const route = getRouteApi('/cases')
const NO_MONEY = [] as const

/** The inbox: what needs somebody, what is due first at the top. */
export function CasesPage(): ReactNode {
  const t = useCaseTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const opener = useRef<(() => void) | null>(null)
  const { list, state } = useCaseList(search)
  const show = useCallback((next: Search) => void navigate({ search: next, replace: true }), [navigate])
  const set = useCallback(
    (change: Change) =>
      // What is chosen is added to what holds, which the address may not have said.
      void navigate({
        search: before =>
          withoutGaps<Search>({
            ...effective(before),
            ...change,
            ...{ sort: before.sort, view: before.view, open: before.open },
          }),
        replace: true,
      }),
    [navigate],
  )
  const sortBy = useCallback(
    (sort: Sort) => void navigate({ search: before => ({ ...before, ...effective(before), sort }), replace: true }),
    [navigate],
  )
  useOpensWithDefault(search, show)
  useListVerbs({ find: () => input.current?.focus(), filter: () => opener.current?.() })
  const { summary, error } = state
  const columns = useCaseColumns(summary?.money ?? NO_MONEY)
  const query = {
    ...{ data: summary === null ? undefined : state, error, isPending: summary === null && error === null },
    refetch: () => void list.reload(),
  }
  return (
    <Page title={t('title')} hints={<Hints />}>
      <div className="inbox">
        <ViewTabs search={search} onView={show} />
        <FilterLine
          {...{ filters: effective(search), sort: sortOf(search), summary, columns, input, opener }}
          onChange={set}
          onSort={sortBy}
        />
        {summary !== null && error !== null && <Stale onRetry={query.refetch} />}
        <View
          query={query}
          what={t('title')}
          rows={20}
          isEmpty={found => found.summary?.count === 0 && found.news.size === 0}
          empty={<NoCases onClear={() => show({ ...USUAL })} usual={isBare(search)} />}
        >
          {found => <Inbox {...{ list, state: found, columns, search }} />}
        </View>
      </div>
    </Page>
  )
}

/** The inbox opens with the view that somebody chose for that. */
function useOpensWithDefault(search: Search, show: (search: Search) => void): void {
  const first = useDefaultView()
  const tabs = useViewTabs()
  const tab = isBare(search) ? tabs.find(one => one.id === first) : undefined
  useEffect(() => {
    if (tab) show({ ...tab.search, view: tab.id })
  }, [tab, show])
}

function useListVerbs({ find, filter }: { find: () => void; filter: () => void }): void {
  const t = useCaseTexts()
  // biome-ignore lint/correctness/useExhaustiveDependencies: both act on what is there when they are run
  const verbs = useMemo(
    (): Verb[] => [
      { id: 'cases.find', label: t('find.label'), group: t('group'), keys: '/', run: find },
      { id: 'cases.filter', label: t('filter.add'), group: t('group'), keys: 'f', run: filter },
    ],
    [t],
  )
  useVerbs(verbs)
}

function Hints(): ReactNode {
  const t = useCaseTexts()
  return (
    <span className="hints d2 sm" aria-hidden>
      <Keys of="J" /> <Keys of="K" /> {t('hint.move')} <Keys of="X" /> {t('hint.select')} <Keys of="E" />{' '}
      {t('verb.claim')} <Keys of="?" /> {t('hint.all')}
    </span>
  )
}

/** Rows stay when reading fails, and say that they are old. */
function Stale({ onRetry }: { onRetry: () => void }): ReactNode {
  const t = useCaseTexts()
  return (
    <div role="alert" className="news">
      <span className="red">{t('stale')}</span>
      <Button small onClick={onRetry}>
        {t('stale.retry')}
      </Button>
    </div>
  )
}

function NoCases({ usual, onClear }: { usual: boolean; onClear: () => void }): ReactNode {
  const t = useCaseTexts()
  if (usual) return <Empty title={t('calm')} why={t('calmWhy')} />
  return (
    <Empty title={t('none')} why={t('noneWhy')}>
      <Button onClick={onClear}>{t('clear')}</Button>
    </Empty>
  )
}
