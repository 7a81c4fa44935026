import '../access.css'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import type { AuditItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Table } from '../../../kit/table.tsx'
import { Time } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { useAuditWords } from '../audit-words/words.ts'
import { useAccessTexts } from '../texts.ts'
import { AuditBar } from './bar.tsx'
import { EntryDialog } from './entry.tsx'
import { auditQueryOf } from './query.ts'

const route = getRouteApi('/audit')

/** Who did what, from where, with what before and after. */
export function AuditPage(): ReactNode {
  const t = useAccessTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const words = useAuditWords()
  const like = useMemo(() => (search.q === undefined ? [] : words.verbsLike(search.q)), [search.q, words])
  const [open, setOpen] = useState<AuditItem | null>(null)
  const query = useInfiniteQuery({
    queryKey: ['listAudit', search, like],
    queryFn: ({ pageParam, signal }) =>
      call('listAudit', {
        query: { ...auditQueryOf(search, like), limit: 100, ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
  })
  const items = query.data?.pages.flatMap(page => page.items)
  return (
    <Page title={t('audit.title')}>
      <AuditBar
        search={search}
        like={like}
        onChange={change =>
          void navigate({
            search: before =>
              Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, v]) => v !== undefined)),
            replace: true,
          })
        }
      />
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
          cell: ({ actor, actorName, behalf, behalfName }) => (
            <>
              <span title={actor}>{words.actor(actor, actorName)}</span>
              {behalf !== null && <span className="d2"> → {words.actor(behalf, behalfName)}</span>}
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
              <span className="d2 mono xs verb-id"> {entry.verb}</span>
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
