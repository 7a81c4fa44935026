import '../cases.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { AuthorGlyph } from '../../../kit/author.tsx'
import { Button } from '../../../kit/button.tsx'
import { Go } from '../../../kit/go.tsx'
import { useNames, useRuleName } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { Severity } from '../../../kit/severity.tsx'
import { StateCircle } from '../../../kit/state-circle.tsx'
import { View } from '../../../kit/states.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { orderAt } from '../../../lib/addresses.ts'
import { count, shortTime } from '../../../lib/format.ts'
import { onLive } from '../../../lib/live.ts'
import { asking, readAgain } from '../../../lib/query.ts'
import { shown, useVerbs, type Verb } from '../../../lib/verbs.ts'
import { type Act, useAct } from '../act/use-act.tsx'
import { type OnTrail, placeOn, useTrail } from '../model/trail.ts'
import { useCaseTexts } from '../texts.ts'
import { useWho, useWhy } from '../words.ts'
import { CaseClock } from './clock.tsx'
import { EvidenceList } from './evidence.tsx'
import { NextStep } from './next.tsx'
import { MoneyAtStake, OrderFacts } from './order.tsx'
import { Reopenings } from './reopenings.tsx'
import { Similar } from './similar.tsx'
import { Timeline } from './timeline.tsx'
import { CaseVerbs, useCaseKeys } from './verbs.tsx'

const route = getRouteApi('/cases/$id')

/** One case: what is wrong and why, by when, what happened, and what can be done. */
export function CasePage(): ReactNode {
  const t = useCaseTexts()
  const { id } = route.useParams()
  const trail = useTrail()
  const place = placeOn(trail, id)
  const query = useQuery({ ...asking('getCase', { params: { id } }), refetchInterval: 30_000 })
  useFollowed(id)
  useBack()
  const crumbs = (
    <>
      <Link to="/cases" search={trail.search}>
        {t('title')}
      </Link>
      <ChevronRight size={13} aria-hidden />
    </>
  )
  return (
    <Page
      title={query.data?.number ?? t('what')}
      crumbs={crumbs}
      ownHeading={query.data !== undefined}
      hints={place !== null && <Steps place={place} />}
    >
      <View query={query} what={t('what')} rows={12}>
        {found => <Body key={found.id} case={found} />}
      </View>
    </Page>
  )
}

/** What changes about the case is read as it changes. */
function useFollowed(id: string): void {
  useEffect(
    () =>
      onLive(events => {
        if (!events.some(event => event.name === 'case' && event.data.id === id)) return
        for (const key of ['getCase', 'caseTimeline']) readAgain({ queryKey: [key] })
      }),
    [id],
  )
}

function useBack(): void {
  const t = useCaseTexts()
  const navigate = route.useNavigate()
  useVerbs(
    useMemo((): Verb[] => {
      const run = () => void navigate({ to: '/cases', search: { ...useTrail.getState().search, open: undefined } })
      return [{ id: 'case.back', label: t('step.back'), group: t('group'), keys: 'Escape', keyOnly: true, run }]
    }, [t, navigate]),
  )
}

function Steps({ place }: { place: OnTrail }): ReactNode {
  const t = useCaseTexts()
  const navigate = route.useNavigate()
  const { before, after } = place
  const go = useCallback(
    (id: string | null) => void (id !== null && navigate({ to: '/cases/$id', params: { id } })),
    [navigate],
  )
  useVerbs(
    useMemo((): Verb[] => {
      const group = t('group')
      const [first, last] = [before === null ? t('step.first') : null, after === null ? t('step.last') : null]
      return [
        { id: 'case.after', label: t('step.after'), group, keys: 'j', unable: last, run: () => go(after) },
        { id: 'case.before', label: t('step.before'), group, keys: 'k', unable: first, run: () => go(before) },
      ]
    }, [t, before, after, go]),
  )
  return (
    <span className="row sm d2" style={{ gap: 4 }}>
      {t('step.place', { place: count(place.place), total: count(place.total) })}
      <Button
        small
        kind="ghost"
        name={t('step.before')}
        keys={shown('k')}
        unable={before === null ? t('step.first') : null}
        onClick={() => go(before)}
      />
      <Button
        small
        kind="ghost"
        name={t('step.after')}
        keys={shown('j')}
        unable={after === null ? t('step.last') : null}
        onClick={() => go(after)}
      />
    </span>
  )
}

function Body({ case: found }: { case: CaseDetail }): ReactNode {
  const input = useRef<HTMLTextAreaElement>(null)
  const client = useQueryClient()
  const onNoted = useCallback(() => {
    for (const key of ['getCase', 'caseTimeline']) void client.invalidateQueries({ queryKey: [key] })
  }, [client])
  const act = useAct({ onDone: onNoted })
  useCaseKeys(found, act)
  useWays({ found, onComment: () => input.current?.focus() })
  return (
    <>
      <Head case={found} act={act} />
      <CaseClock case={found} />
      <div className="case-b">
        <div>
          <NextStep case={found} />
          <Timeline case={found} unable={act.unable.note} input={input} onNoted={onNoted} />
        </div>
        <aside className="case-side">
          <EvidenceList case={found} />
          <MoneyAtStake case={found} />
          <OrderFacts case={found} />
          <Reopenings case={found} />
          <Similar id={found.id} />
        </aside>
      </div>
      {act.dialog}
    </>
  )
}

interface Ways {
  readonly found: CaseDetail
  readonly onComment: () => void
}

/** To the order, and to the place where one writes. */
function useWays({ found, onComment }: Ways): void {
  const t = useCaseTexts()
  const navigate = route.useNavigate()
  // biome-ignore lint/correctness/useExhaustiveDependencies: writing begins in the field that is there when it is asked for
  const verbs = useMemo((): Verb[] => {
    const group = t('group')
    const order = () => void navigate({ to: '/orders/$id', params: { id: found.stream } })
    return [
      { id: 'case.comment', label: t('verb.note'), group, keys: 'c', run: onComment },
      ...(found.stream.startsWith('o-')
        ? [{ id: 'case.order', label: t('step.order'), group, keys: 'o', run: order }]
        : []),
    ]
  }, [t, navigate, found.stream])
  useVerbs(verbs)
}

function Head({ case: found, act }: { case: CaseDetail; act: Act }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const now = useNow()
  const nameOf = useNames()
  const ruleName = useRuleName()
  const whoOf = useWho()
  const why = useWhy(1)(found, now)
  const name = language === 'en' ? found.name.en : found.name.zh
  const { waiting, owner, scope } = found
  return (
    <header className="case-h">
      <div className="row">
        <Severity of={found.severity} />
        <h1>{why === '' ? name : t('head.title', { name, why })}</h1>
        <span className="grow" />
        <span className="row wrap acts">
          <CaseVerbs case={found} act={act} />
        </span>
      </div>
      <div className="row wrap d1" style={{ gap: '4px 16px' }}>
        <StateCircle
          of={found.reopened > 0 && found.status === 'open' ? 'reopened' : found.status}
          {...(waiting !== null && { note: whoOf(waiting.for) })}
        />
        <span className={found.holds ? 'red' : 'green'}>{found.holds ? t('head.holds') : t('head.gone')}</span>
        <span className="row" style={{ gap: 6 }}>
          <AuthorGlyph of={owner} {...(owner !== null && { name: nameOf(owner) })} />
          {owner === null ? t('value.none') : nameOf(owner)}
        </span>
        {found.orderNo !== null && (
          <Go className="l" to={orderAt(found.stream)}>
            {found.orderNo}
          </Go>
        )}
        {scope !== '' && <span>{t('head.scope', { scope })}</span>}
        {found.snoozedUntil !== null && Date.parse(found.snoozedUntil) > now && (
          <span className="amber">{t('head.asleep', { time: shortTime(found.snoozedUntil, now) })}</span>
        )}
        {found.reopened > 0 && <span className="amber">{t('head.reopened', { count: found.reopened })}</span>}
        <span className="d2">
          {t('head.opened', {
            ...{ time: shortTime(found.openedAt, now), version: found.rule.version },
            rule: ruleName(found.rule.id),
          })}
        </span>
      </div>
    </header>
  )
}
