import './clock.css'
import type { ReactNode } from 'react'
import { type ClockFacts, type ClockReading, readClock } from '../lib/clock.ts'
import { clockSpan, shortTime } from '../lib/format.ts'
import { useKitTexts } from './texts.ts'
import { useNow } from './time.tsx'

/** The clock of a case in a list: how much of its budget is used, then the words. Ticks once a minute. */
export function Clock(facts: ClockFacts): ReactNode {
  const now = useNow()
  const reading = readClock(facts, now)
  const words = useClockWords(facts, reading, now)
  return (
    <span className={`ck ${reading.level}`}>
      <span className="track">
        {reading.level !== 'paused' && <i style={{ width: `${Math.round(reading.used * 100)}%` }} />}
      </span>
      <span className="words">{words}</span>
    </span>
  )
}

function useClockWords({ waitingFor, waitingUntil }: ClockFacts, { level, left }: ClockReading, now: number): string {
  const t = useKitTexts()
  if (level === 'paused') {
    const who = waitingFor ?? ''
    return waitingUntil == null
      ? t('clock.waits', { who })
      : t('clock.waitsUntil', { who, time: shortTime(waitingUntil, now) })
  }
  if (left === null) return t('clock.none')
  return left > 0 ? t('clock.left', { time: clockSpan(left) }) : t('clock.over', { time: clockSpan(left) })
}
