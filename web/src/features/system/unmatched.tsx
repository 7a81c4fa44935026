import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import type { UnmatchedItem } from '../../../../src/contract/api/index.ts'
import { Button } from '../../kit/button.tsx'
import { Named } from '../../kit/named.tsx'
import { Pane } from '../../kit/region.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import { Tag } from '../../kit/tag.tsx'
import { Time, useNow } from '../../kit/time.tsx'
import { call, type Reply } from '../../lib/api.ts'
import { keyOf } from '../../lib/query.ts'
import { Counted } from './counted.tsx'
import { useSystemTexts } from './texts.ts'

const EVERY = 15_000
/** A list that was read far is not read again and again. */
const REFRESHED_PAGES = 2

type Page = Reply<'listUnmatched'>

/** What came before its order. Nothing is to be done about it but to know. */
export function Unmatched(): ReactNode {
  const t = useSystemTexts()
  const columns = useUnmatchedColumns()
  const query = useInfiniteQuery({
    queryKey: keyOf('listUnmatched', {}),
    queryFn: ({ pageParam, signal }) =>
      call('listUnmatched', { query: { limit: 50, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page) => page.next,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= REFRESHED_PAGES ? EVERY : false),
  })
  return (
    <Pane title={t('unmatched.title')} sub={<Counted of={query.data?.pages[0]?.total} />}>
      <p className="lead">{t('unmatched.lead')}</p>
      <View
        query={query}
        what={t('unmatched.title')}
        isEmpty={(data: InfiniteData<Page>) => data.pages[0]?.items.length === 0}
        empty={<Empty title={t('unmatched.none')} why={t('unmatched.noneWhy')} />}
      >
        {data => <Table items={data.pages.flatMap(page => page.items)} keyOf={item => item.id} columns={columns} />}
      </View>
      {query.hasNextPage && (
        <div className="foot">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
    </Pane>
  )
}

function useUnmatchedColumns(): readonly Column<UnmatchedItem>[] {
  const t = useSystemTexts()
  return useMemo(
    (): Column<UnmatchedItem>[] => [
      {
        head: t('col.feed'),
        className: 'm',
        cut: { at: 220, text: item => item.feed },
        cell: item => <Named kind="feed" code={item.feed} />,
      },
      { head: t('col.type'), className: 'mono', cell: item => item.type },
      {
        ...{ head: t('col.keys'), className: 'say' },
        cell: item => <Pointers of={item} />,
      },
      { head: t('col.happened'), cell: item => <Time of={item.occurredAt} /> },
      { head: t('col.since'), cell: item => <Time of={item.recordedAt} /> },
      { head: t('col.until'), cell: item => <Until of={item.until} /> },
    ],
    [t],
  )
}

function Pointers({ of }: { of: UnmatchedItem }): ReactNode {
  const t = useSystemTexts()
  return of.keys.map(({ kind, value }, i) => (
    <span key={`${kind} ${value}`}>
      {i > 0 && ', '}
      {keyName(kind, t)} <span className="mono">{value}</span>
    </span>
  ))
}

const KEYS = ['order_no', 'tracking_no', 'payment_id', 'barcode'] as const

function keyName(kind: string, t: ReturnType<typeof useSystemTexts>): string {
  const known = KEYS.find(one => one === kind)
  return known === undefined ? kind : t(`key.${known}`)
}

function Until({ of }: { of: string }): ReactNode {
  const t = useSystemTexts()
  const now = useNow()
  return (
    <>
      <Time of={of} /> {Date.parse(of) <= now && <Tag tone="amber">{t('unmatched.over')}</Tag>}
    </>
  )
}
