import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Segment } from '../../../kit/button.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { fullTime, shortTime } from '../../../lib/format.ts'
import { shown } from '../../../lib/verbs.ts'
import { factsUntil, shareOf, step, type Tick } from '../model/past.ts'
import { useOrderTexts } from '../texts.ts'

export interface AsItWasProps {
  readonly ticks: readonly Tick[]
  /** Epoch ms; null: now. */
  readonly at: number | null
  readonly by: 'occurred' | 'known'
  readonly onShow: (at: number | null) => void
  readonly onBy: (by: 'occurred' | 'known') => void
}

/** Any instant of the order's life: by dragging, by the arrow keys, from fact to fact. */
export function AsItWas({ ticks, at, by, onShow, onBy }: AsItWasProps): ReactNode {
  const t = useOrderTexts()
  const now = useNow()
  return (
    <div className="asof">
      <span className="m nw">{t('past.label')}</span>
      <Track ticks={ticks} at={at} onShow={onShow} />
      <span className="nw">
        <span className={at === null ? 'm' : 'm acc'}>{at === null ? t('past.now') : shortTime(at, now)}</span>{' '}
        <span className="d2 sm">
          {at === null
            ? t('past.facts', { count: ticks.length })
            : t('past.of', { count: factsUntil(ticks, at), all: ticks.length })}{' '}
          <kbd aria-hidden>{shown('[')}</kbd> <kbd aria-hidden>{shown(']')}</kbd>
        </span>
      </span>
      <Segment
        label={t('past.by')}
        value={by}
        options={[
          { value: 'occurred', label: t('past.occurred') },
          { value: 'known', label: t('past.known') },
        ]}
        onChange={onBy}
      />
    </div>
  )
}

const IS_ALARM = /^(finding\.raised|case\.opened|case\.reopened)$/

function Track({ ticks, at, onShow }: Pick<AsItWasProps, 'ticks' | 'at' | 'onShow'>): ReactNode {
  const t = useOrderTexts()
  const language = useLanguage()
  const now = useNow()
  const line = useRef<HTMLDivElement>(null)
  const [held, setHeld] = useState<number | null>(null)
  const from = ticks[0]?.at ?? now
  const to = Math.max(now, ticks.at(-1)?.at ?? now)
  const stands = held ?? at
  const show = useSettled(onShow)

  const instantAt = (event: PointerEvent): number => {
    const box = line.current?.getBoundingClientRect()
    if (!box) return to
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    return Math.round(from + share * (to - from))
  }
  const move = (event: PointerEvent): void => {
    if (event.buttons !== 1) return
    const instant = instantAt(event)
    setHeld(instant)
    show(instant >= to ? null : instant)
  }
  const end = (): void => setHeld(null)

  return (
    <div
      ref={line}
      className="ln"
      role="slider"
      tabIndex={0}
      aria-label={t('past.slider')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(shareOf(stands ?? to, from, to) * 100)}
      aria-valuetext={stands === null ? t('past.now') : fullTime(stands, language)}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        move(event)
      }}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={event => onKey(event, ticks, at, onShow)}
    >
      {ticks.map(tick => (
        <i
          key={tick.seq}
          className={`${IS_ALARM.test(tick.type) ? 'x' : ''} ${stands !== null && tick.at > stands ? 'off' : ''}`}
          style={{ left: `${shareOf(tick.at, from, to) * 100}%` }}
        />
      ))}
      {ticks.length > 0 && <em style={{ left: 0, transform: 'none' }}>{shortTime(from, now)}</em>}
      <b style={{ left: `${shareOf(stands ?? to, from, to) * 100}%` }} />
    </div>
  )
}

const STEPS: Readonly<Record<string, 'before' | 'after'>> = {
  ArrowLeft: 'before',
  ArrowDown: 'before',
  ArrowRight: 'after',
  ArrowUp: 'after',
}

function onKey(event: KeyboardEvent, ticks: readonly Tick[], at: number | null, onShow: AsItWasProps['onShow']): void {
  const to = STEPS[event.key]
  const target = to !== undefined ? step(ticks, at, to) : event.key === 'Home' ? (ticks[0]?.at ?? null) : null
  if (to === undefined && event.key !== 'Home' && event.key !== 'End') return
  event.preventDefault()
  onShow(target)
}

/** The last of many calls, when the hand rests: each asks the server for a page. */
function useSettled(work: (at: number | null) => void): (at: number | null) => void {
  const timer = useRef(0)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  return at => {
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => work(at), 60)
  }
}
