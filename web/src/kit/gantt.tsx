import './gantt.css'
import type { CSSProperties, ReactNode } from 'react'
import { clockTime, dayOf, duration, shortTime } from '../lib/format.ts'
import { type TimeAxis, timeAxis } from '../lib/time-axis.ts'
import { useKitTexts } from './texts.ts'

export const BAR_KINDS = ['planned', 'actual', 'queue', 'stop', 'hold', 'forecast'] as const
export type BarKind = (typeof BAR_KINDS)[number]

export interface GanttBar {
  readonly kind: BarKind
  /** Epoch ms. */
  readonly from: number
  readonly to: number
  /** Stands behind the bar. */
  readonly note?: string
  readonly bad?: boolean
}

export interface GanttLine {
  readonly id: string
  readonly name: string
  readonly bars: readonly GanttBar[]
}

export interface GanttProps {
  readonly label: string
  readonly lines: readonly GanttLine[]
  readonly now: number
  /** The customer's promise. */
  readonly promise: number | null
}

const MARGIN = 0.03

/** Planned above, actual below, stage by stage, on one axis with now and the promise. */
export function Gantt({ label, lines, now, promise }: GanttProps): ReactNode {
  const bars = lines.flatMap(line => line.bars)
  const times = [...bars.flatMap(bar => [bar.from, bar.to]), ...(promise === null ? [] : [promise])]
  const [from, to] = [Math.min(now, ...times), Math.max(...times, bars.length === 0 ? now : 0)]
  const axis = timeAxis(from - (to - from) * MARGIN, to + (to - from) * MARGIN)
  return (
    <figure className="gantt" aria-label={label} style={{ margin: 0 }}>
      {lines.map(line => (
        <div className="line" key={line.id}>
          <span className="name el">{line.name}</span>
          <div className="plot">
            {line.bars.map(bar => (
              <Bar key={`${bar.kind}${bar.from}`} bar={bar} axis={axis} now={now} />
            ))}
          </div>
        </div>
      ))}
      <Marks axis={axis} now={now} promise={promise} />
    </figure>
  )
}

function Bar({ bar, axis, now }: { bar: GanttBar; axis: TimeAxis; now: number }): ReactNode {
  const t = useKitTexts()
  const { kind, from, to, note } = bar
  const told = `${t(`bar.${kind}`)} ${shortTime(from, now)}–${shortTime(to, now)} (${duration(to - from)})`
  return (
    <>
      <i className={kind} style={axis.span(from, to)} title={told} role="img" aria-label={told} />
      {note !== undefined && (
        <span className={`note ${bar.bad ? 'red' : 'amber'}`} style={noteAt(axis.place(to))}>
          {note}
        </span>
      )}
    </>
  )
}

/** Per cent from which a text stands left of its line. */
const EDGE = 93

function Marks({ axis, now, promise }: { axis: TimeAxis; now: number; promise: number | null }): ReactNode {
  const t = useKitTexts()
  const mark = (kind: string, at: number, text: string): ReactNode => (
    <div
      key={kind + at}
      className={`mark ${kind} ${axis.place(at) > EDGE ? 'edge' : ''}`}
      style={{ left: `${axis.place(at)}%` }}
    >
      <span>{text}</span>
    </div>
  )
  // A mark whose name would lie under that of now or of the promise goes without one.
  const near = (at: number): boolean =>
    [now, promise].some(m => {
      const apart = m === null ? 100 : axis.place(m) - axis.place(at)
      // A name at the right edge stands left of its line.
      return Math.abs(apart) < 9 || (m !== null && axis.place(m) > EDGE && apart > 0 && apart < 20)
    })
  return (
    <div className="over">
      {axis.marks().map(({ at, day }) => mark('day', at, near(at) ? '' : day ? dayOf(at, now) : clockTime(at)))}
      {now <= axis.to && mark('now', now, t('gantt.now', { time: shortTime(now, now) }))}
      {promise !== null && mark('promise', promise, t('gantt.promise', { time: shortTime(promise, now) }))}
    </div>
  )
}

// A note at a bar that ends at the right edge stands above it and not outside.
const noteAt = (end: number): CSSProperties => (end > 80 ? { right: 0, top: -6 } : { left: `${end}%` })

/** What the bars mean, for the head of the region. */
export function GanttLegend({ kinds }: { kinds: readonly BarKind[] }): ReactNode {
  const t = useKitTexts()
  return (
    <span className="row gantt" style={{ padding: 0, gap: 12 }}>
      {kinds.map(kind => (
        <span key={kind} className="row xs d1" style={{ gap: 5, position: 'relative' }}>
          <i className={kind} style={{ position: 'static', width: 16, display: 'inline-block' }} />
          {t(`bar.${kind}`)}
        </span>
      ))}
    </span>
  )
}
