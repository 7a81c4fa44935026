import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Go } from '../../../kit/go.tsx'
import { View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { orderAt } from '../../../lib/addresses.ts'
import { call, type Reply } from '../../../lib/api.ts'
import { count, duration } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { keyOf } from '../../../lib/query.ts'
import { useRuleTexts } from '../texts.ts'

type Hit = Reply<'listBacktestHits'>['items'][number]

/** The orders behind the figures. */
export function Hits({ id, listed, compared }: { id: string; listed: number; compared: boolean }): ReactNode {
  const t = useRuleTexts()
  const unable = useUnable('order.read')
  const pages = useInfiniteQuery({
    queryKey: keyOf('listBacktestHits', { id }),
    queryFn: ({ pageParam, signal }) =>
      call('listBacktestHits', {
        params: { id },
        query: { limit: 50, ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next,
    enabled: unable === null,
  })
  if (unable !== null) return <p className="d2 sm">{unable}</p>
  return (
    <details className="hits">
      <summary className="m">{t('hits.title', { count: listed })}</summary>
      <View query={pages} what={t('test.hits')} rows={6}>
        {({ pages: got }) => <Table hits={got.flatMap(page => page.items)} compared={compared} />}
      </View>
      {pages.hasNextPage && (
        <Button small busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('hits.more', { left: count(Math.max(0, listed - (pages.data?.pages.flatMap(p => p.items).length ?? 0))) })}
        </Button>
      )}
    </details>
  )
}

function Table({ hits, compared }: { hits: readonly Hit[]; compared: boolean }): ReactNode {
  const t = useRuleTexts()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('hits.order')}</th>
          <th>{t('hits.at')}</th>
          <th>{t('hits.harm')}</th>
          <th className="num">{t('test.lead')}</th>
          {compared && <th>{t('hits.change')}</th>}
          <th>{t('hits.notes')}</th>
        </tr>
      </thead>
      <tbody>
        {hits.map(hit => (
          <tr key={hit.order}>
            <td>
              <Go className="l" to={orderAt(hit.order)}>
                <bdi>{hit.orderNo}</bdi>
              </Go>
            </td>
            <td>
              <Time of={hit.at} />
            </td>
            <td>
              <Time of={hit.harmAt} />
            </td>
            <td className="num">{hit.lead === null ? '—' : `${hit.lead < 0 ? '−' : ''}${duration(hit.lead)}`}</td>
            {compared && <td>{t(`change.${hit.change}`)}</td>}
            <td>{hit.influenced ? t('hits.influenced') : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
