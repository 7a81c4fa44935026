import './state-circle.css'
import type { ReactNode } from 'react'
import { useKitTexts } from './texts.ts'

export const STATES = [
  'open',
  'acknowledged',
  'working',
  'waiting',
  'resolved',
  'cleared',
  'closed',
  'reopened',
  'cancelled',
] as const
export type State = (typeof STATES)[number]

const COLOUR: Readonly<Record<State, string>> = {
  open: 'var(--ink3)',
  acknowledged: 'var(--ink3)',
  working: 'var(--accent)',
  waiting: 'var(--ink3)',
  resolved: 'var(--green)',
  cleared: 'var(--ink3)',
  closed: 'var(--ink3)',
  reopened: 'var(--red)',
  cancelled: 'var(--ink3)',
}

export interface StateCircleProps {
  readonly of: State
  /** Without the word, for lists; the tooltip has it. */
  readonly bare?: boolean
  /** Behind the word: for whom it waits. */
  readonly note?: ReactNode
}

/** How full the circle is, is how far the case is. */
export function StateCircle({ of, bare, note }: StateCircleProps): ReactNode {
  const t = useKitTexts()
  const word = t(`state.${of}`)
  return (
    <span className="state" title={bare ? word : undefined}>
      <Circle of={of} />
      {bare ? (
        <span className="sr">{word}</span>
      ) : (
        <span>
          {word}
          {note !== undefined && <span className="d2"> · {note}</span>}
        </span>
      )}
    </span>
  )
}

function Circle({ of }: { of: State }): ReactNode {
  const colour = COLOUR[of]
  const full = of === 'resolved' || of === 'closed' || of === 'cleared'
  const dashed = of === 'open' || of === 'reopened'
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke={colour} strokeWidth="1.5" aria-hidden="true">
      <circle cx="7" cy="7" r="5.5" strokeDasharray={dashed ? '2.2 1.6' : undefined} fill={full ? colour : 'none'} />
      {of === 'acknowledged' && <path d="M7 7V3.6A3.4 3.4 0 0 1 10.4 7Z" fill={colour} stroke="none" />}
      {of === 'working' && <path d="M7 3.4a3.6 3.6 0 0 1 0 7.2Z" fill={colour} stroke="none" />}
      {of === 'waiting' && <path d="M5.6 5v4M8.4 5v4" strokeLinecap="round" />}
      {of === 'cancelled' && <path d="m5 5 4 4M9 5l-4 4" strokeLinecap="round" />}
      {full && <path d="m4.6 7.1 1.7 1.7 3.1-3.4" stroke="var(--surface)" strokeLinecap="round" />}
    </svg>
  )
}
