import './clock.css'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type ClockFacts, readClock } from '../lib/clock.ts'
import { clockSpan, clockTime, hoursMinutesSeconds, shortTime } from '../lib/format.ts'
import { useKitTexts } from './texts.ts'
import { useNow } from './time.tsx'

/** A stretch of a track: it ran, was outside working hours, or waited for somebody. Epoch ms. */
export interface ClockSegment {
  readonly kind: 'run' | 'closed' | 'wait'
  readonly from: number
  readonly to: number
  /** What stands above it; its length when left out. */
  readonly word?: string
  /** Leads to the fact that began it. */
  readonly onOpen?: () => void
}

export interface LargeClockProps extends ClockFacts {
  /** The budget of the type: its stretches up to now, and its own end. */
  readonly budget: { readonly endsAt: number; readonly segments: readonly ClockSegment[] } | null
  /** The customer's promise, counted back by the stages still to come. */
  readonly promise: { readonly endsAt: number; readonly word: string } | null
  /** One sentence with the numbers: why it is due then. */
  readonly why: ReactNode
  /** Who is told next, and when. */
  readonly next?: ReactNode
}

/** Countdown and due instant; two tracks on one axis, of which the one that binds is coloured; why it is due then. */
export function LargeClock(props: LargeClockProps): ReactNode {
  const now = useNow(1000)
  return (
    <div className="big">
      <Countdown {...props} now={now} />
      <Tracks {...props} now={now} />
      <p className="d1 sm">{props.why}</p>
    </div>
  )
}

type At = LargeClockProps & { readonly now: number }

const INK = { calm: '', risk: 'amber', over: 'red', paused: 'd2' } as const

function Countdown(props: At): ReactNode {
  const t = useKitTexts()
  const { level, left, used } = readClock(props, props.now)
  if (left === null || props.dueAt === null) return <div className="d2">{t('clock.none')}</div>
  const due = shortTime(props.dueAt, props.now)
  return (
    <div>
      <div className={`left ${INK[level]}`}>
        <span aria-hidden>{hoursMinutesSeconds(left)}</span>
        <small>{left > 0 ? t('clock.remaining') : t('clock.past')}</small>
      </div>
      <div className="d1 sm">{t('clock.due', { time: due, used: Math.round(used * 100) })}</div>
      {props.next !== undefined && <div className="d2 sm">{props.next}</div>}
      <Announcement level={level} left={left} />
    </div>
  )
}

/** Spoken when the clock passes a mark, not each second. */
function Announcement({ level, left }: { level: string; left: number }): ReactNode {
  const t = useKitTexts()
  const before = useRef(level)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (before.current === level) return
    before.current = level
    setSaid(left > 0 ? t('clock.left', { time: clockSpan(left) }) : t('clock.over', { time: clockSpan(left) }))
  }, [level, left, t])
  return (
    <span className="sr" aria-live="polite">
      {said}
    </span>
  )
}

/** Where the second lane is, what stands below it, and what the name of an end takes; pixels. */
const [LANE, FOOT, NAMED] = [56, 28, 14]

function Tracks(props: At): ReactNode {
  const { budget, promise, now, openedAt } = props
  const ends = [budget?.endsAt, promise?.endsAt].filter(end => end !== undefined)
  if (ends.length === 0) return <div />
  const from = Math.min(openedAt, ...(budget?.segments.map(s => s.from) ?? []))
  const to = Math.max(...ends, now)
  const place = (at: number): number => ((at - from) / Math.max(1, to - from)) * 100
  // A promise that was over before anybody could keep it binds nobody: the clock runs to the end of the budget then.
  const binding = promise !== null && (budget === null || promise.endsAt === props.dueAt) ? 'promise' : 'budget'
  // What is named below its lane pushes down what follows.
  const top = LANE + (promise !== null && now > promise.endsAt ? NAMED : 0)
  const height = top + FOOT + (budget !== null && now > budget.endsAt ? NAMED : 0)
  return (
    <div className="tracks" style={{ height }}>
      {promise !== null && <PromiseLane {...{ ...props, promise, from, place, binds: binding === 'promise' }} />}
      {budget !== null && <BudgetLane {...{ ...props, budget, place, top, binds: binding === 'budget' }} />}
      <div className="now" style={{ left: `${place(now)}%` }}>
        <span>{clockTime(now)}</span>
      </div>
    </div>
  )
}

type Place = (at: number) => number
type LaneProps<N extends 'promise' | 'budget'> = At & {
  readonly [K in N]: NonNullable<LargeClockProps[N]>
} & { readonly place: Place; readonly binds: boolean }

const span = (place: Place, from: number, to: number): { left: string; width: string } => ({
  left: `${place(from)}%`,
  width: `${Math.max(0, place(to) - place(from))}%`,
})

const laneClass = (binds: boolean, over: boolean): string => `lane ${binds ? 'binds' : ''} ${over ? 'over' : ''}`

function PromiseLane(props: LaneProps<'promise'> & { readonly from: number }): ReactNode {
  const { promise, place, binds, now, from } = props
  const seen = Math.min(now, promise.endsAt)
  return (
    <div className={laneClass(binds, now > promise.endsAt)} style={{ top: 20 }}>
      <span className="word" style={{ left: 0 }}>
        {promise.word}
      </span>
      <i className="run" style={span(place, from, seen)} />
      <i className="rest" style={span(place, seen, promise.endsAt)} />
      <LaneEnd at={promise.endsAt} other={props.budget?.endsAt} {...{ place, binds, now }} />
    </div>
  )
}

function BudgetLane({
  budget,
  promise,
  place,
  binds,
  now,
  top,
}: LaneProps<'budget'> & { readonly top: number }): ReactNode {
  const last = budget.segments.at(-1)?.to ?? now
  return (
    <div className={laneClass(binds, now > budget.endsAt)} style={{ top }}>
      {budget.segments.map(segment => (
        <BudgetSegment key={segment.from} {...segment} place={place} />
      ))}
      <i className="rest" style={span(place, Math.min(last, budget.endsAt), budget.endsAt)} />
      <LaneEnd at={budget.endsAt} other={promise?.endsAt} {...{ place, binds, now }} />
    </div>
  )
}

/** Percent of the axis below which there is no room for words. */
const ROOM = 6

const BudgetSegment = ({ kind, from, to, word, onOpen, place }: ClockSegment & { place: Place }): ReactNode => (
  <>
    {place(to) - place(from) >= ROOM && (
      <span className="word" style={span(place, from, to)} title={word}>
        {word ?? clockSpan(to - from)}
      </span>
    )}
    {onOpen === undefined ? (
      <i className={kind} style={span(place, from, to)} />
    ) : (
      <button
        type="button"
        className={kind}
        style={span(place, from, to)}
        aria-label={word ?? clockSpan(to - from)}
        title={word}
        onClick={onOpen}
      />
    )}
  </>
)

interface LaneEndProps {
  readonly at: number
  /** Where the other lane ends; none: there is no other. */
  readonly other: number | undefined
  readonly place: Place
  readonly binds: boolean
  readonly now: number
}

function LaneEnd({ at, other, place, binds, now }: LaneEndProps): ReactNode {
  const t = useKitTexts()
  const time = shortTime(at, now)
  return (
    <span className={`end ${binds ? 'b' : 'other'}`} style={{ left: `${place(at)}%` }}>
      {binds && other !== undefined && at <= other ? t('clock.binds', { time }) : time}
    </span>
  )
}
