import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pencil, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { call } from '../../../lib/api.ts'
import { count } from '../../../lib/format.ts'
import { keyOf } from '../../../lib/query.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { effective, queryOf, type Search } from '../model/filters.ts'
import { tabOf } from '../model/views.ts'
import { useCaseTexts } from '../texts.ts'
import { useViewTabs, useViewVerbs, type ViewTab } from './use-views.ts'
import { ViewDialog } from './view-dialog.tsx'

export interface ViewTabsProps {
  readonly search: Search
  readonly onView: (search: Search) => void
}

/** Saved filters as tabs, each with how many cases it has now. */
export function ViewTabs({ search, onView }: ViewTabsProps): ReactNode {
  const t = useCaseTexts()
  const tabs = useViewTabs()
  const { change } = useViewVerbs()
  const [dialog, setDialog] = useState<'new' | 'edit' | null>(null)
  const at = tabOf(tabs, search)
  const current = at === null ? null : (tabs.find(tab => tab.id === at.tab.id) ?? null)
  const saved = current?.saved
  return (
    <nav className="tabs" aria-label={t('view.label')}>
      {tabs.map(tab => (
        <Tab key={tab.id} tab={tab} on={tab.id === at?.tab.id} changed={tab.id === at?.tab.id && at.changed} />
      ))}
      {saved?.mine === true && at?.changed === true && (
        <Button small unable={null} busy={change.isPending} onClick={() => change.mutate({ view: saved, search })}>
          {t('view.keep')}
        </Button>
      )}
      {saved?.mine === true && (
        <Button
          small
          kind="ghost"
          name={t('view.edit')}
          icon={<Pencil size={13} aria-hidden />}
          onClick={() => setDialog('edit')}
        />
      )}
      <Button
        small
        kind="ghost"
        name={t('view.new')}
        icon={<Plus size={14} aria-hidden />}
        onClick={() => setDialog('new')}
      />
      {dialog !== null && (
        <ViewDialog
          search={search}
          {...(dialog === 'edit' && saved && { view: saved })}
          onClose={() => setDialog(null)}
          onView={onView}
        />
      )}
    </nav>
  )
}

function Tab({ tab, on, changed }: { tab: ViewTab; on: boolean; changed: boolean }): ReactNode {
  const t = useCaseTexts()
  const filters = effective(tab.search)
  const query = useQuery({
    // As for the facets: what `due` means is said when it is asked.
    queryKey: [...keyOf('listCases'), 'tab', filters],
    queryFn: ({ signal }) => call('listCases', { query: { ...queryOf(filters, worldNow()), limit: 1 }, signal }),
    ...{ staleTime: 15_000, refetchInterval: 30_000, placeholderData: keepPreviousData },
  })
  const total = query.data?.total
  return (
    <Link to="/cases" search={{ ...tab.search, view: tab.id }} aria-current={on ? 'page' : undefined}>
      {tab.name}
      {changed && <span className="sr">{t('view.changed')}</span>}
      {changed && '*'}
      {total !== undefined && <span>{total.exact ? count(total.count) : `${count(total.count - 1)}+`}</span>}
    </Link>
  )
}
