import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ErasureItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { useNames } from '../../../kit/names.ts'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Table } from '../../../kit/table.tsx'
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
  const nameOf = useNames()
  return (
    <Table
      items={items}
      keyOf={item => item.id}
      columns={[
        { head: t('audit.at'), cell: item => <Time of={item.at} /> },
        { head: t('personal.by'), cell: item => <span title={item.actor}>{nameOf(item.actor)}</span> },
        { head: t('personal.reason'), cell: item => item.reason, cut: { at: 280, text: item => item.reason } },
        {
          head: t('people.status'),
          cell: item => t(`erasure.${item.status}`),
          className: item => TONES[item.status],
        },
        { head: t('personal.done'), cell: item => count(item.erased), num: true },
        { head: t('personal.waiting'), cell: item => count(item.waiting), num: true },
        { head: t('personal.checked'), cell: item => <Time of={item.checkedAt} /> },
      ]}
    />
  )
}
