import './tour.css'
import { useQuery } from '@tanstack/react-query'
import { useRouter, useRouterState } from '@tanstack/react-router'
import { Check, Compass } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../kit/button.tsx'
import { caseAt } from '../../lib/addresses.ts'
import { call } from '../../lib/api.ts'
import { asking } from '../../lib/query.ts'
import { toast } from '../../lib/toasts.ts'
import { useVerbs, type Verb } from '../../lib/verbs.ts'
import { worldNow } from '../../lib/world-time.ts'
import { usePracticeVerb } from './queries.ts'
import { usePracticeTexts } from './texts.ts'
import { beginTour, endTour, isDone, leaveTour, STEPS, type Step, setTour, stepFrom, useTour } from './tour-state.ts'

/** Begins the tour, or goes on with it. */
export function TourButton(): ReactNode {
  const t = usePracticeTexts()
  const { step, away } = useTour()
  const verbs = useMemo(
    (): Verb[] => [{ id: 'practice.tour', label: t('tour'), group: t('group'), run: beginTour }],
    [t],
  )
  useVerbs(verbs)
  if (step !== null && !away) return null
  const text = step === null ? t('tour.begin') : t('tour.resume', { n: STEPS.indexOf(step) + 1, all: STEPS.length })
  return (
    <Button small icon={<Compass size={14} aria-hidden />} onClick={beginTour}>
      {text}
    </Button>
  )
}

/** What a step is about, on the page. */
const ABOUT: Readonly<Record<Step, string | null>> = {
  cockpit: '.kpis',
  case: '.risk',
  evidence: '.ev',
  act: 'main header .btn.pri',
  effect: '.practice .seg',
  close: 'main header .btn.pri',
  done: '.feed',
}

/** From the numbers to a case that one closes oneself; it stands beside the page and keeps nobody from anything. */
export function Tour(): ReactNode {
  const { step, away } = useTour()
  if (step === null || away) return null
  return (
    <>
      <Ring key={step} around={ABOUT[step]} />
      <Card step={step} />
    </>
  )
}

function Card({ step }: { step: Step }): ReactNode {
  const t = usePracticeTexts()
  const { go, work, done } = useStep(step)
  const card = useRef<HTMLElement>(null)
  useEffect(() => card.current?.focus(), [])
  const last = stepFrom(step, 1) === null
  return (
    <aside
      ref={card}
      tabIndex={-1}
      className="tour"
      aria-label={t('tour')}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        // It leaves the tour, not the page below.
        event.preventDefault()
        leaveTour()
      }}
    >
      <div className="row">
        <h2>{t(`tour.${step}`)}</h2>
        <span className="grow" />
        <span className="d2 sm">{t('tour.place', { n: STEPS.indexOf(step) + 1, all: STEPS.length })}</span>
      </div>
      <p aria-live="polite">{t(`tour.${step}.text`)}</p>
      {done && (
        <p className="row green m">
          <Check size={14} aria-hidden />
          {t('tour.done.it')}
        </p>
      )}
      <div className="row wrap">
        {work !== null && <Button onClick={work.run}>{work.label}</Button>}
        <span className="grow" />
        <Button kind="ghost" onClick={leaveTour}>
          {t('tour.leave')}
        </Button>
        {step !== 'cockpit' && <Button onClick={() => go(-1)}>{t('tour.back')}</Button>}
        <Button kind="solid" onClick={() => go(1)}>
          {last ? t('tour.end') : t('tour.next')}
        </Button>
      </div>
    </aside>
  )
}

/** What can be done at a step, and whether it is done. */
function useStep(step: Step) {
  const t = usePracticeTexts()
  const { history } = useRouter()
  const { caseId } = useTour()
  const { mutate } = usePracticeVerb('setPractice')
  const path = useRouterState({ select: state => state.location.pathname })
  const seen = useQuery({
    ...asking('getCase', { params: { id: caseId ?? '' } }),
    enabled: caseId !== null,
    refetchInterval: 2000,
  })
  const open = async (): Promise<void> => {
    const id = await chooseCase()
    if (id === null) toast(t('tour.none'), { tone: 'bad' })
    else {
      setTour({ caseId: id, step: 'evidence' })
      history.push(caseAt(id))
    }
  }
  const go = (by: 1 | -1): void => {
    const next = stepFrom(step, by)
    if (next === null) {
      endTour()
      return
    }
    if (by > 0 && step === 'case') {
      void open()
      return
    }
    // Sped up, what one did oneself would be gone from the feed before one gets there.
    if (by > 0 && step === 'effect') mutate({ body: { speed: 1 } })
    setTour({ step: next })
    if (next === 'cockpit' || next === 'case' || next === 'done') history.push('/')
    else if (caseId !== null && path !== caseAt(caseId)) history.push(caseAt(caseId))
  }
  const works: Readonly<Partial<Record<Step, { label: string; run: () => void }>>> = {
    effect: { label: t('tour.faster'), run: () => mutate({ body: { speed: 60, paused: false } }) },
  }
  return { go, work: works[step] ?? null, done: isDone(step, seen.data ?? null) === true }
}

/** The team has taken what it takes at once before the first of these times. The rest it takes after six hours: the second leaves an hour. */
const [LEFT_ALONE, LEFT_OVER] = [75 * 60_000, 5 * 3_600_000]

/** Paid short: one sees at once why, and the customer answers within minutes. Best one that no colleague takes meanwhile; else whatever is open. */
async function chooseCase(): Promise<string | null> {
  const short = { type: ['amount_mismatch'] }
  const ago = (ms: number): string => new Date(worldNow() - ms).toISOString()
  const quiet = { ...short, openedFrom: ago(LEFT_OVER), openedTo: ago(LEFT_ALONE) }
  const free = { state: 'active', status: ['open'], holds: true, owner: ['none'], limit: 1 } as const
  for (const narrower of [quiet, short, {}]) {
    const query = { ...free, status: [...free.status], owner: [...free.owner], ...narrower }
    const found = (await call('listCases', { query })).items[0]
    if (found !== undefined) return found.id
  }
  return null
}

const LOOK_EVERY = 300

/** A ring around what the step is about, wherever the page has it; nothing where it has none. */
function Ring({ around }: { around: string | null }): ReactNode {
  const [box, setBox] = useState<DOMRect | null>(null)
  useEffect(() => {
    const look = (): void => {
      const found = around === null ? null : document.querySelector(around)
      setBox(found?.getBoundingClientRect() ?? null)
    }
    look()
    const timer = window.setInterval(look, LOOK_EVERY)
    return () => window.clearInterval(timer)
  }, [around])
  if (box === null || box.width === 0) return null
  const { left, top, width, height } = box
  return <div className="tour-ring" style={{ left: left - 2, top: top - 2, width: width + 4, height: height + 4 }} />
}
