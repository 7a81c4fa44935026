import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { TimelineItem } from '../../../../../src/contract/api/index.ts'
import { AuthorGlyph } from '../../../kit/author.tsx'
import { Button } from '../../../kit/button.tsx'
import { Section } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { Time, useLanguage } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { useCaseTexts } from '../texts.ts'

/** What people, rules, the system and the outside did, in one list, the newest first. */
export function Timeline({ id }: { id: string }): ReactNode {
  const t = useCaseTexts()
  const query = useInfiniteQuery({
    queryKey: ['caseTimeline', id],
    queryFn: ({ pageParam, signal }) =>
      call('caseTimeline', {
        params: { id },
        query: { limit: 50, ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: 10_000,
  })
  const items = query.data?.pages.flatMap(page => page.items)
  return (
    <Section title={t('timeline.title')}>
      <View query={{ ...query, data: items }} what={t('timeline.title')} rows={6}>
        {list => (
          <>
            <ul className="tl">
              {list.map(item => (
                <Entry key={item.seq} item={item} />
              ))}
            </ul>
            {query.hasNextPage && (
              <Button small busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('timeline.more')}
              </Button>
            )}
          </>
        )}
      </View>
    </Section>
  )
}

const SAID = ['text', 'note', 'result', 'reason'] as const

function Entry({ item }: { item: TimelineItem }): ReactNode {
  const language = useLanguage()
  const said = SAID.map(field => item.data[field]).find(value => typeof value === 'string')
  return (
    <li>
      <Time of={item.at} />
      <AuthorGlyph of={item.actor} />
      <div>
        <span className={item.own ? 'm' : ''}>{language === 'en' ? item.name.en : item.name.zh}</span>{' '}
        <span className="d2 sm">{item.actor}</span>
        {typeof said === 'string' && <p className="d1">{said}</p>}
      </div>
    </li>
  )
}
