import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Section } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { duration, percent } from '../../../lib/format.ts'
import { asking } from '../../../lib/query.ts'
import { useCaseTexts } from '../texts.ts'

/** How cases of this type ended, and those that were most alike. */
export function Similar({ id }: { id: string }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const query = useQuery(asking('similarCases', { params: { id } }))
  return (
    <Section title={t('similar.title')}>
      <View
        query={query}
        what={t('similar.title')}
        rows={4}
        isEmpty={({ count }) => count === 0}
        empty={<p className="d2">{t('similar.none')}</p>}
      >
        {({ days, count, endings, nearest }) => (
          <>
            <p className="d2 sm">{t('similar.endings', { days, count })}</p>
            <dl className="kv">
              {endings.slice(0, 5).map(ending => (
                <div key={ending.cause ?? ''} style={{ display: 'contents' }}>
                  <dt>{language === 'en' ? ending.name.en : ending.name.zh}</dt>
                  <dd>{t('similar.share', { share: percent(ending.share, 0), time: duration(ending.medianMs) })}</dd>
                </div>
              ))}
            </dl>
            <ul style={{ marginTop: 8 }}>
              {nearest.slice(0, 5).map(near => (
                <li key={near.case.id} className="row">
                  <Link className="l" to="/cases/$id" params={{ id: near.case.id }}>
                    {near.case.number}
                  </Link>
                  <span className="d2 el">{near.result ?? ''}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </View>
    </Section>
  )
}
