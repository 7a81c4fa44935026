import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { SimilarCases } from '../../../../../src/contract/api/index.ts'
import { Section } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { count, duration, percent } from '../../../lib/format.ts'
import { asking } from '../../../lib/query.ts'
import { useCaseTexts } from '../texts.ts'

/** How cases of this type ended, and those that were most alike. */
export function Similar({ id }: { id: string }): ReactNode {
  const t = useCaseTexts()
  const query = useQuery(asking('similarCases', { params: { id } }))
  const sub =
    query.data && query.data.count > 0
      ? t('similar.endings', { days: query.data.days, count: query.data.count })
      : undefined
  return (
    <Section title={t('similar.title')} {...(sub !== undefined && { sub })}>
      <View
        query={query}
        what={t('similar.title')}
        rows={4}
        isEmpty={found => found.count === 0}
        empty={<p className="d2">{t('similar.none')}</p>}
      >
        {found => (
          <>
            <ul className="sim">
              {found.endings.slice(0, 5).map(ending => (
                <EndingLine key={ending.cause ?? ''} ending={ending} />
              ))}
            </ul>
            <ul className="near">
              {found.nearest.map(near => (
                <Near key={near.case.id} near={near} />
              ))}
            </ul>
          </>
        )}
      </View>
    </Section>
  )
}

function EndingLine({ ending }: { ending: SimilarCases['endings'][number] }): ReactNode {
  const language = useLanguage()
  const share = `${Math.round(ending.share * 100)}%`
  return (
    <li>
      <span className="el">
        {language === 'en' ? ending.name.en : ending.name.zh}{' '}
        <span className="d2">
          {count(ending.count)} · {duration(ending.medianMs)}
        </span>
      </span>
      <span className="meter" aria-hidden>
        <i style={{ width: share }} />
      </span>
      <span className="num">{percent(ending.share, 0)}%</span>
    </li>
  )
}

function Near({ near }: { near: SimilarCases['nearest'][number] }): ReactNode {
  const t = useCaseTexts()
  const same = near.same.map(trait => t(`trait.${trait}`)).join(' · ')
  return (
    <li>
      <Link className="l" to="/cases/$id" params={{ id: near.case.id }}>
        {near.case.number}
      </Link>{' '}
      {same !== '' && <span className="d2">{t('similar.same', { what: same })}</span>}{' '}
      {near.result !== null && <span className="d1">{near.result}</span>}
    </li>
  )
}
