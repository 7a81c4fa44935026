import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { UnmatchedItem } from '../../../../src/contract/api/index.ts'
import { Button } from '../../kit/button.tsx'
import { Pane } from '../../kit/region.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { Tag } from '../../kit/tag.tsx'
import { Time, useNow } from '../../kit/time.tsx'
import { call, type Reply } from '../../lib/api.ts'
import { keyOf } from '../../lib/query.ts'
import { Counted } from './counted.tsx'
import { useSystemTexts } from './texts.ts'

const EVERY = 15_000

type Page = Reply<'listUnmatched'>

/** What came before its order. Nothing is to be done about it but to know. */
export function Unmatched(): ReactNode {
  const t = useSystemTexts()
  const query = useInfiniteQuery({
    queryKey: keyOf('listUnmatched', {}),
    queryFn: ({ pageParam, signal }) =>
      call('listUnmatched', { query: { limit: 50, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page) => page.next,
    refetchInterval: EVERY,
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
        {data => <Table items={data.pages.flatMap(page => page.items)} />}
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

function Table({ items }: { items: readonly UnmatchedItem[] }): ReactNode {
  const t = useSystemTexts()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('col.feed')}</th>
          <th>{t('col.type')}</th>
          <th>{t('col.keys')}</th>
          <th>{t('col.happened')}</th>
          <th>{t('col.since')}</th>
          <th>{t('col.until')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(item => (
          <Row key={item.id} item={item} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ item }: { item: UnmatchedItem }): ReactNode {
  const t = useSystemTexts()
  const now = useNow()
  return (
    <tr>
      <td className="m el" title={item.feed}>
        {item.feed}
      </td>
      <td className="mono">{item.type}</td>
      <td className="say mono">{item.keys.map(key => `${key.kind} ${key.value}`).join(', ')}</td>
      <td>
        <Time of={item.occurredAt} />
      </td>
      <td>
        <Time of={item.recordedAt} />
      </td>
      <td>
        <Time of={item.until} /> {Date.parse(item.until) <= now && <Tag tone="amber">{t('unmatched.over')}</Tag>}
      </td>
    </tr>
  )
}
