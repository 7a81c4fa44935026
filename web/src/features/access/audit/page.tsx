import '../access.css'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { AuditItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { useUnable } from '../../../lib/me.ts'
import { Field } from '../field.tsx'
import type { AuditSearch } from '../search.ts'
import { SearchField } from '../search-field.tsx'
import { Table } from '../table.tsx'
import { useAccessTexts } from '../texts.ts'
import { EntryDialog } from './entry.tsx'
import { auditQueryOf, exportAddress } from './query.ts'
import { useAuditWords } from './words.ts'

const route = getRouteApi('/audit')

/** Who did what, from where, with what before and after. */
export function AuditPage(): ReactNode {
  const t = useAccessTexts()
  const search = route.useSearch()
  const [open, setOpen] = useState<AuditItem | null>(null)
  const query = useInfiniteQuery({
    queryKey: ['listAudit', search],
    queryFn: ({ pageParam, signal }) =>
      call('listAudit', {
        query: { ...auditQueryOf(search), limit: 100, ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
  })
  const items = query.data?.pages.flatMap(page => page.items)
  return (
    <Page title={t('audit.title')}>
      <AuditBar search={search} />
      <View
        query={{ ...query, data: items }}
        what={t('audit.title')}
        rows={14}
        isEmpty={list => list.length === 0 && !query.hasNextPage}
        empty={<Empty title={t('audit.none')} why={t('audit.noneWhy')} />}
      >
        {list => (
          <>
            <Entries items={list} onOpen={setOpen} />
            {query.hasNextPage && (
              <div style={{ padding: 14 }}>
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('more')}
                </Button>
              </div>
            )}
          </>
        )}
      </View>
      <EntryDialog entry={open} onClose={() => setOpen(null)} />
    </Page>
  )
}

function AuditBar({ search }: { search: AuditSearch }): ReactNode {
  const t = useAccessTexts()
  const navigate = route.useNavigate()
  const unable = useUnable('audit.export')
  const set = (change: { [K in keyof AuditSearch]?: AuditSearch[K] | undefined }): void =>
    void navigate({
      search: before => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, v]) => v !== undefined)),
      replace: true,
    })
  const textOf = (text: string): string | undefined => (text === '' ? undefined : text)
  return (
    <div className="acc-bar">
      <SearchField label={t('audit.find')} given={search.q ?? ''} onFind={q => set({ q: textOf(q) })} />
      <SearchField
        label={t('audit.actor')}
        given={search.actor ?? ''}
        onFind={actor => set({ actor: textOf(actor) })}
      />
      <Pick
        label={t('audit.outcome')}
        value={search.outcome}
        options={{ done: t('outcome.done'), refused: t('outcome.refused'), failed: t('outcome.failed') }}
        onPick={outcome => set({ outcome })}
      />
      <Pick
        label={t('audit.source')}
        value={search.source}
        options={{ trail: t('source.trail'), ledger: t('source.ledger') }}
        onPick={source => set({ source })}
      />
      <Field
        label={t('audit.from')}
        type="date"
        value={search.from ?? ''}
        onText={from => set({ from: textOf(from) })}
      />
      <Field label={t('audit.to')} type="date" value={search.to ?? ''} onText={to => set({ to: textOf(to) })} />
      <span className="grow" />
      {unable === null ? (
        <a className="btn" href={exportAddress(search)} download>
          <Download size={15} aria-hidden />
          {t('audit.export')}
        </a>
      ) : (
        <Button unable={unable}>{t('audit.export')}</Button>
      )}
    </div>
  )
}

interface PickProps<V extends string> {
  readonly label: string
  readonly value: V | undefined
  readonly options: Readonly<Record<V, string>>
  readonly onPick: (value: V | undefined) => void
}

function Pick<V extends string>({ label, value, options, onPick }: PickProps<V>): ReactNode {
  const t = useAccessTexts()
  const id = useId()
  // Safe: the entries of a record have its keys.
  const entries = Object.entries(options) as [V, string][]
  return (
    <div className="fld">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={e => onPick(entries.find(([v]) => v === e.target.value)?.[0])}>
        <option value="">{t('any')}</option>
        {entries.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}

function Entries({ items, onOpen }: { items: readonly AuditItem[]; onOpen: (entry: AuditItem) => void }): ReactNode {
  const t = useAccessTexts()
  const words = useAuditWords()
  const about = ({ subject }: AuditItem): string => (subject === null ? '—' : words.subject(subject))
  return (
    <Table
      items={items}
      keyOf={entry => entry.id}
      columns={[
        { head: t('audit.at'), cell: entry => <Time of={entry.at} /> },
        {
          head: t('audit.actor'),
          cell: ({ actor, behalf }) => (
            <>
              <span title={actor}>{words.actor(actor)}</span>
              {behalf !== null && <span className="d2"> → {words.actor(behalf)}</span>}
            </>
          ),
        },
        {
          head: t('audit.verb'),
          cell: entry => (
            <>
              <button type="button" className="l" onClick={() => onOpen(entry)}>
                {words.verb(entry.verb)}
              </button>
              <span className="d2 mono xs"> {entry.verb}</span>
              {entry.times > 1 && <span className="d2"> ×{entry.times}</span>}
            </>
          ),
        },
        { head: t('audit.subject'), cell: about, cut: { at: 300, text: about } },
        {
          head: t('audit.outcome'),
          cell: ({ outcome, code }) => (
            <>
              {t(`outcome.${outcome}`)}
              {code !== null && <span className="d2 mono sm"> {code}</span>}
            </>
          ),
          className: ({ outcome }) => (outcome === 'done' ? '' : 'red'),
        },
        { head: t('audit.address'), cell: entry => entry.address ?? '—', className: 'mono' },
      ]}
    />
  )
}
