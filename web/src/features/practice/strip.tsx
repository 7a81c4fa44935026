import './strip.css'
import { FlaskConical, Pause, Play, TriangleAlert } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { PracticeShop } from '../../../../src/contract/api/index.ts'
import { PRACTICE_SPEEDS } from '../../../../src/contract/practice.ts'
import { Button, Segment } from '../../kit/button.tsx'
import { useLanguage, useNow } from '../../kit/time.tsx'
import { percent } from '../../lib/format.ts'
import { useVerbs, type Verb } from '../../lib/verbs.ts'
import { Incidents, useGoing } from './incidents.tsx'
import { Offer } from './offer.tsx'
import { usePractice, usePracticeVerb } from './queries.ts'
import { ResetDialog } from './reset.tsx'
import { usePracticeTexts } from './texts.ts'
import { Tour, TourButton } from './tour.tsx'

/** Over the whole console: in a practice world its controls, in an empty live one the offer to start one, else nothing. */
export function PracticeStrip(): ReactNode {
  const practice = usePractice()
  if (practice === null) return null
  if (practice.shop !== null) return <Controls shop={practice.shop} />
  return practice.offered ? <Offer url={practice.url} /> : null
}

type Open = 'incidents' | 'reset' | null

function Controls({ shop }: { shop: PracticeShop }): ReactNode {
  const t = usePracticeTexts()
  const [open, setOpen] = useState<Open>(null)
  usePracticeVerbs(shop, setOpen)
  const going = useGoing(shop)
  return (
    <section className="practice" aria-label={t('title')}>
      <span className="what" title={t('title.more')}>
        <FlaskConical size={15} strokeWidth={1.75} aria-hidden />
        {t('title')}
      </span>
      {shop.phase === 'history' ? <History shop={shop} /> : <Clock shop={shop} />}
      <Staff shop={shop} />
      <span className="row">
        <Button small icon={<TriangleAlert size={14} aria-hidden />} onClick={() => setOpen('incidents')}>
          {t('incidents')}
        </Button>
        {going.length > 0 && <span className="s">{t('incidents.running', { count: going.length })}</span>}
      </span>
      <span className="grow" />
      {shop.phase !== 'history' && <TourButton />}
      <Button small kind="ghost" onClick={() => setOpen('reset')}>
        {t('reset')}
      </Button>
      <Incidents shop={shop} open={open === 'incidents'} onClose={() => setOpen(null)} />
      <Tour />
      <ResetDialog shop={shop} open={open === 'reset'} onClose={() => setOpen(null)} />
    </section>
  )
}

/** What came before the opening, on its way. */
function History({ shop }: { shop: PracticeShop }): ReactNode {
  const t = usePracticeTexts()
  const [from, now, to] = [shop.startsAt, shop.now, shop.opensAt].map(at => Date.parse(at)) as [number, number, number]
  const share = Math.min(1, Math.max(0, (now - from) / Math.max(1, to - from)))
  return (
    <span className="row">
      <span className="s" id="practice-history">
        {t('history')}
      </span>
      <progress value={share} aria-labelledby="practice-history" />
      <span className="s">{t('history.done', { percent: percent(share, 0) })}</span>
    </span>
  )
}

function Clock({ shop }: { shop: PracticeShop }): ReactNode {
  const t = usePracticeTexts()
  const set = usePracticeVerb('setPractice')
  const name = t(shop.paused ? 'resume' : 'pause')
  const Icon = shop.paused ? Play : Pause
  return (
    <span className="row wrap">
      <WorldTime />
      <Segment
        label={t('speed')}
        value={String(shop.speed)}
        options={PRACTICE_SPEEDS.map(speed => ({ value: String(speed), label: `${speed}×` }))}
        onChange={speed => set.mutate({ body: { speed: Number(speed) } })}
      />
      <Button
        small
        kind="ghost"
        name={name}
        icon={<Icon size={14} aria-hidden />}
        onClick={() => set.mutate({ body: { paused: !shop.paused } })}
      />
      {shop.behind && <span className="s amber">{t('behind')}</span>}
      {shop.phase === 'stopped' && <span className="s amber">{t('stopped')}</span>}
    </span>
  )
}

/** It ticks once a second, however fast the world runs. */
function WorldTime(): ReactNode {
  const t = usePracticeTexts()
  const language = useLanguage()
  const now = useNow(1000)
  const text = useMemo(
    () =>
      new Intl.DateTimeFormat(language, {
        ...{ month: '2-digit', day: '2-digit', weekday: 'short' },
        ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
      }),
    [language],
  ).format(now)
  return (
    <time className="world-time" dateTime={new Date(now).toISOString()} title={t('time')}>
      {text}
    </time>
  )
}

function Staff({ shop }: { shop: PracticeShop }): ReactNode {
  const t = usePracticeTexts()
  const set = usePracticeVerb('setPractice')
  return (
    <span className="row">
      <span className="s">{t('staff')}</span>
      <Segment<'team' | 'me'>
        label={t('staff')}
        value={shop.staff}
        options={[
          { value: 'team', label: t('staff.team') },
          { value: 'me', label: t('staff.me') },
        ]}
        onChange={staff => set.mutate({ body: { staff } })}
      />
    </span>
  )
}

/** The same as verbs of the command menu. */
function usePracticeVerbs(shop: PracticeShop, open: (what: Open) => void): void {
  const t = usePracticeTexts()
  const { mutate } = usePracticeVerb('setPractice')
  const { paused } = shop
  const verbs = useMemo((): Verb[] => {
    const verb = (id: string, label: string, run: () => void): Verb => ({ id, label, group: t('group'), run })
    return [
      verb('practice.incident', t('incidents'), () => open('incidents')),
      verb('practice.pause', t(paused ? 'resume' : 'pause'), () => mutate({ body: { paused: !paused } })),
      ...PRACTICE_SPEEDS.map(speed =>
        verb(`practice.speed.${speed}`, t('speed.of', { speed }), () => mutate({ body: { speed } })),
      ),
      verb('practice.reset', t('reset'), () => open('reset')),
    ]
  }, [t, mutate, open, paused])
  useVerbs(verbs)
}
