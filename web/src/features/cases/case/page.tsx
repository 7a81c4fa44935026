import '../cases.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { Clock } from '../../../kit/clock.tsx'
import { Money } from '../../../kit/money.tsx'
import { Page } from '../../../kit/page.tsx'
import { Section } from '../../../kit/region.tsx'
import { Severity } from '../../../kit/severity.tsx'
import { StateCircle } from '../../../kit/state-circle.tsx'
import { View } from '../../../kit/states.tsx'
import { Time, useLanguage, useNow } from '../../../kit/time.tsx'
import { shortTime } from '../../../lib/format.ts'
import { asking } from '../../../lib/query.ts'
import { useCaseTexts } from '../texts.ts'
import { EvidenceList } from './evidence.tsx'
import { Similar } from './similar.tsx'
import { Timeline } from './timeline.tsx'
import { CaseVerbs } from './verbs.tsx'

const route = getRouteApi('/cases/$id')

/** One case: what is wrong and why, by when, what happened, and what can be done. */
export function CasePage(): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const { id } = route.useParams()
  const query = useQuery({ ...asking('getCase', { params: { id } }), refetchInterval: 10_000 })
  const name = query.data && (language === 'en' ? query.data.name.en : query.data.name.zh)
  const crumbs = (
    <>
      <Link to="/cases">{t('title')}</Link>
      <ChevronRight size={13} aria-hidden />
    </>
  )
  return (
    <Page title={query.data?.number ?? name ?? t('what')} crumbs={crumbs} ownHeading>
      <View query={query} what={t('what')} rows={12}>
        {found => (
          <>
            <Head case={found} name={name ?? found.type} />
            <div className="case-b">
              <div>
                <EvidenceList case={found} />
                <Timeline id={found.id} />
              </div>
              <aside className="case-side">
                <OrderFacts case={found} />
                <Similar id={found.id} />
              </aside>
            </div>
          </>
        )}
      </View>
    </Page>
  )
}

function Head({ case: found, name }: { case: CaseDetail; name: string }): ReactNode {
  const t = useCaseTexts()
  const now = useNow()
  const { dueAt, waiting } = found
  return (
    <header className="case-h">
      <div className="row wrap">
        <Severity of={found.severity} />
        <h1>{name}</h1>
        <StateCircle of={found.status} note={waiting?.for.replace(/^\w+:/, '')} />
        <span className={found.holds ? 'red' : 'green'}>{found.holds ? t('head.holds') : t('head.gone')}</span>
        {found.reopened > 0 && <span className="amber">{t('head.reopened', { count: found.reopened })}</span>}
        <span className="grow" />
        <CaseVerbs case={found} />
      </div>
      <div className="row wrap d1" style={{ gap: '4px 16px' }}>
        {found.orderNo !== null && (
          <Link className="l" to="/orders/$id" params={{ id: found.stream }}>
            {t('head.order', { no: found.orderNo })}
          </Link>
        )}
        <span>{t('head.opened', { time: shortTime(found.openedAt, now) })}</span>
        {dueAt !== null && <span>{t('head.due', { time: shortTime(dueAt, now) })}</span>}
        <Clock
          openedAt={Date.parse(found.openedAt)}
          dueAt={dueAt === null ? null : Date.parse(dueAt)}
          waitingFor={waiting?.for.replace(/^\w+:/, '') ?? null}
          waitingUntil={waiting === null ? null : Date.parse(waiting.until)}
        />
      </div>
    </header>
  )
}

function OrderFacts({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  return (
    <Section title={t('facts.title')}>
      <dl className="kv">
        <dt>{t('facts.channel')}</dt>
        <dd>{found.channel ?? '—'}</dd>
        <dt>{t('facts.region')}</dt>
        <dd>{found.region ?? '—'}</dd>
        <dt>{t('facts.money')}</dt>
        <dd>
          <Money of={found.amount} />
        </dd>
        <dt>{t('facts.promise')}</dt>
        <dd>
          <Time of={found.promiseEndsAt} />
        </dd>
        <dt>{t('facts.owner')}</dt>
        <dd>{found.owner?.replace(/^\w+:/, '') ?? t('facts.nobody')}</dd>
      </dl>
    </Section>
  )
}
