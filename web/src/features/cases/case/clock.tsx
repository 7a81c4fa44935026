import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { type ClockSegment, LargeClock } from '../../../kit/large-clock.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { clockSpan, duration, shortTime } from '../../../lib/format.ts'
import { useCaseTexts } from '../texts.ts'
import { useWho } from '../words.ts'

/** By when, and why by then; of a case that is over, how long it took. */
export const CaseClock = ({ case: found }: { case: CaseDetail }): ReactNode =>
  found.endedAt === null ? <Running case={found} /> : <Over case={found} endedAt={found.endedAt} />

function Over({ case: found, endedAt }: { case: CaseDetail; endedAt: string }): ReactNode {
  const t = useCaseTexts()
  const now = useNow()
  const [opened, ended] = [Date.parse(found.openedAt), Date.parse(endedAt)]
  const late = found.dueAt === null ? 0 : ended - Date.parse(found.dueAt)
  return (
    <p className="case-over d1">
      {t('clock.over', { time: shortTime(endedAt, now), took: duration(ended - opened) })}{' '}
      {found.dueAt !== null && (
        <span className={late > 0 ? 'red' : 'green'}>
          {late > 0 ? t('clock.late', { time: duration(late) }) : t('clock.inTime', { time: duration(late) })}
        </span>
      )}
    </p>
  )
}

/** Where the budget of the type ends: what did not count, a wait that goes on too, is added. */
function budgetEnd(found: CaseDetail, now: number): number | null {
  if (found.budgetMs === null) return null
  if (found.dueBy === 'budget' && found.dueAt !== null) return Date.parse(found.dueAt)
  const waited = found.waiting === null ? 0 : Math.max(0, now - Date.parse(found.waiting.since))
  return Date.parse(found.openedAt) + found.budgetMs + found.pausedMs + waited
}

function Running({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const now = useNow()
  const whoOf = useWho()
  const segments = useSegments(found)
  const { dueAt, promiseEndsAt, waiting } = found
  const ends = budgetEnd(found, now)
  return (
    <LargeClock
      openedAt={Date.parse(found.openedAt)}
      dueAt={dueAt === null ? null : Date.parse(dueAt)}
      waitingFor={waiting === null ? null : whoOf(waiting.for)}
      waitingUntil={waiting === null ? null : Date.parse(waiting.until)}
      budget={ends === null ? null : { endsAt: ends, segments }}
      promise={promiseEndsAt === null ? null : { endsAt: Date.parse(promiseEndsAt), word: t('clock.promise') }}
      why={<Why case={found} ends={ends} />}
      {...(waiting !== null && {
        next: t('clock.waits', { who: whoOf(waiting.for), time: shortTime(waiting.until, now) }),
      })}
    />
  )
}

/** How the time was spent so far; each stretch leads to the fact that began it. */
function useSegments(found: CaseDetail): ClockSegment[] {
  const t = useCaseTexts()
  const now = useNow()
  const whoOf = useWho()
  const navigate = useNavigate()
  return found.segments.map(({ from, to, kind, for: who, seq }) => {
    const [began, ended] = [Date.parse(from), to === null ? now : Date.parse(to)]
    const time = clockSpan(ended - began)
    const word =
      kind === 'run'
        ? t('segment.run', { time })
        : kind === 'wait'
          ? t('segment.wait', { time, who: whoOf(who ?? '') })
          : t('segment.stop', { time })
    const onOpen = found.stream.startsWith('o-')
      ? () => void navigate({ to: '/orders/$id', params: { id: found.stream }, search: { fact: seq } })
      : undefined
    return {
      ...{ kind: kind === 'run' || kind === 'wait' ? kind : 'closed', from: began, to: Math.max(began, ended), word },
      ...(onOpen && { onOpen }),
    }
  })
}

function bindingText({ dueBy, openedAt }: CaseDetail, promiseEndsAt: number) {
  if (dueBy === 'promise') return 'why.byPromise'
  return promiseEndsAt <= Date.parse(openedAt) ? 'why.pastPromise' : 'why.byBudget'
}

/** The deadline in numbers: the budget of the type, what did not count, and the promise; the earlier of the two binds. */
export function Why({ case: found, ends }: { case: CaseDetail; ends: number | null }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const now = useNow()
  const { budgetMs, pausedMs, promiseEndsAt, severity, openedAt } = found
  const name = language === 'en' ? found.name.en : found.name.zh
  if (found.dueAt === null) return t('why.none')
  // Chinese sentences bring their own space.
  const gap = language === 'en' ? ' ' : ''
  return (
    <>
      {budgetMs !== null && ends !== null && (
        <span>
          {t('why.budget', { type: name, severity, budget: duration(budgetMs), from: shortTime(openedAt, now) })}
          {pausedMs > 0 && t('why.paused', { time: duration(pausedMs) })}
          {t('why.ends', { time: shortTime(ends, now) })}
        </span>
      )}
      {gap}
      {promiseEndsAt !== null && <span>{t('why.promise', { time: shortTime(promiseEndsAt, now) })}</span>}
      {gap}
      {budgetMs !== null && promiseEndsAt !== null && (
        <b className="m">{t(bindingText(found, Date.parse(promiseEndsAt)))}</b>
      )}
    </>
  )
}
