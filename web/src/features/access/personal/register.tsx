import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ErasureItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { count } from '../../../lib/format.ts'
import { useAccessTexts } from '../texts.ts'

/** What was erased, by whom and why, and what still waits. */
export function RegisterPane(): ReactNode {
  const t = useAccessTexts()
  const query = useInfiniteQuery({
    queryKey: ['listErasures'],
    queryFn: ({ pageParam, signal }) =>
      call('listErasures', { query: { limit: 50, ...(pageParam !== '' && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
  })
  return (
    <Pane title={t('personal.register')} sub={t('personal.registerWhy')}>
      <View
        query={{ ...query, data: query.data?.pages.flatMap(page => page.items) }}
        what={t('personal.register')}
        rows={3}
        isEmpty={items => items.length === 0}
        empty={<Empty title={t('personal.none')} />}
      >
        {items => <Register items={items} />}
      </View>
      {query.hasNextPage && (
        <div className="in-pane">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
    </Pane>
  )
}

const TONES = { running: '', waiting: 'amber', done: 'green' } as const

function Register({ items }: { items: readonly ErasureItem[] }): ReactNode {
  const t = useAccessTexts()
  return (
    <div className="acc-table">
      <table className="t">
        <thead>
          <tr>
            <th>{t('audit.at')}</th>
            <th>{t('personal.by')}</th>
            <th>{t('personal.reason')}</th>
            <th>{t('people.status')}</th>
            <th className="num">{t('personal.done')}</th>
            <th className="num">{t('personal.waiting')}</th>
            <th>{t('personal.checked')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={item.id}>
              <td>
                <Time of={item.at} />
              </td>
              <td>{item.actor}</td>
              <td className="el" style={{ maxWidth: 280 }} title={item.reason}>
                {item.reason}
              </td>
              <td className={TONES[item.status]}>{t(`erasure.${item.status}`)}</td>
              <td className="num">{count(item.erased)}</td>
              <td className="num">{count(item.waiting)}</td>
              <td>
                <Time of={item.checkedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
