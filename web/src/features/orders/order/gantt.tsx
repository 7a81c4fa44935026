import { type CSSProperties, type ReactNode, useState } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Section } from '../../../kit/region.tsx'
import { Empty } from '../../../kit/states.tsx'
import { Time, useNow } from '../../../kit/time.tsx'
import { dayOf, duration, shortTime } from '../../../lib/format.ts'
import { axisMarks, type Bar, type Gantt, ganttOf, type StageRow } from '../model/gantt.ts'
import { shareOf } from '../model/past.ts'
import { useOrderTexts } from '../texts.ts'

const KINDS = ['planned', 'actual', 'queue', 'stop'] as const

/** What each stage took against what was promised. */
export function GanttPane({ order, now }: { order: OrderDetail; now: number }): ReactNode {
  const t = useOrderTexts()
  const [asTable, setAsTable] = useState(false)
  const gantt = ganttOf(order, now)
  const end = (
    <span className="key">
      {KINDS.map(kind => (
        <span key={kind}>
          <i className={`g-${kind}`} />
          {t(`gantt.${kind}`)}
        </span>
      ))}
      <button type="button" className="l" onClick={() => setAsTable(!asTable)}>
        {asTable ? t('gantt.asPicture') : t('gantt.asTable')}
      </button>
    </span>
  )
  return (
    <Section title={t('gantt.title')} end={end}>
      {gantt === null ? (
        <Empty title={t('gantt.none')} />
      ) : asTable ? (
        <StageTable gantt={gantt} />
      ) : (
        <Picture gantt={gantt} now={now} over={now >= gantt.to} />
      )}
    </Section>
  )
}

function Picture({ gantt, now, over }: { gantt: Gantt; now: number; over: boolean }): ReactNode {
  const t = useOrderTexts()
  const wall = useNow()
  const place = (at: number): string => `${shareOf(at, gantt.from, gantt.to) * 100}%`
  const sentence = gantt.rows
    .flatMap(row => row.bars.filter(bar => bar.kind !== 'planned').map(bar => ({ row, bar })))
    .map(({ row, bar }) => `${t(`stage.${row.stage}`)} ${t(`gantt.${bar.kind}`)} ${duration(bar.to - bar.from)}`)
    .join('; ')
  return (
    <div className="gantt" role="img" aria-label={`${t('gantt.title')}: ${sentence}`}>
      <div>
        {gantt.rows.map(row => (
          <div className="lb el" key={row.stage}>
            {t(`stage.${row.stage}`)}
          </div>
        ))}
      </div>
      <div className="pl">
        {axisMarks(gantt.from, gantt.to).map(mark => (
          <span key={mark.at} className="v" style={{ left: place(mark.at) }} />
        ))}
        {!over && <span className="v now" style={{ left: place(now) }} />}
        {gantt.promise !== null && <span className="v pr" style={{ left: place(gantt.promise) }} />}
        {gantt.rows.map(row => (
          <StageBars key={row.stage} row={row} place={place} />
        ))}
        <div className="ax">
          <Axis gantt={gantt} now={now} over={over} place={place} wall={wall} />
        </div>
      </div>
    </div>
  )
}

interface AxisProps {
  readonly gantt: Gantt
  readonly now: number
  readonly over: boolean
  readonly wall: number
  readonly place: (at: number) => string
}

/** Marks give way to what matters: now and the promise. */
function Axis({ gantt, now, over, wall, place }: AxisProps): ReactNode {
  const t = useOrderTexts()
  const near = (gantt.to - gantt.from) * 0.09
  const named = [...(over ? [] : [now]), ...(gantt.promise === null ? [] : [gantt.promise])]
  const marks = axisMarks(gantt.from, gantt.to).filter(mark => named.every(at => Math.abs(at - mark.at) > near))
  const promiseApart = gantt.promise !== null && (over || Math.abs(gantt.promise - now) > near * 1.6)
  return (
    <>
      {marks.map(mark => (
        <span key={mark.at} style={{ left: place(mark.at) }}>
          {mark.day ? dayOf(mark.at, wall) : shortTime(mark.at, wall)}
        </span>
      ))}
      {!over && (
        <span className="acc m" style={{ left: place(now) }}>
          {t('gantt.now', { time: shortTime(now, wall) })}
        </span>
      )}
      {gantt.promise !== null && promiseApart && (
        <span className="m pr" style={{ left: place(gantt.promise) }}>
          {t('gantt.promise', { time: shortTime(gantt.promise, wall) })}
        </span>
      )}
    </>
  )
}

function StageBars({ row, place }: { row: StageRow; place: (at: number) => string }): ReactNode {
  const t = useOrderTexts()
  const last = row.bars.filter(bar => bar.kind !== 'planned').at(-1)
  return (
    <div className="g">
      {row.bars.map(bar => (
        <span
          key={`${bar.kind}${bar.from}`}
          className={`g-${bar.kind}`}
          style={{ left: place(bar.from), width: widthOf(bar, place) }}
          title={`${t(`gantt.${bar.kind}`)} ${duration(bar.to - bar.from)}`}
        />
      ))}
      {row.standing !== null && last && (
        <span className={`x ${last.kind === 'stop' ? 'red' : 'd2'}`} style={noteAt(place(last.to))}>
          {t('gantt.standing', { time: duration(row.standing) })}
        </span>
      )}
    </div>
  )
}

// A note beside a bar that ends at the right edge stands before it.
const noteAt = (end: string): CSSProperties =>
  Number.parseFloat(end) > 80 ? { right: 0, top: -4 } : { left: `calc(${end} + 6px)` }

const widthOf = (bar: Bar, place: (at: number) => string): string => `calc(${place(bar.to)} - ${place(bar.from)})`

function StageTable({ gantt }: { gantt: Gantt }): ReactNode {
  const t = useOrderTexts()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('gantt.stage')}</th>
          <th />
          <th>{t('gantt.from')}</th>
          <th>{t('gantt.to')}</th>
          <th className="num" />
        </tr>
      </thead>
      <tbody>
        {gantt.rows.flatMap(row =>
          row.bars.map(bar => (
            <tr key={`${row.stage}${bar.kind}${bar.from}`}>
              <td>{t(`stage.${row.stage}`)}</td>
              <td>{t(`gantt.${bar.kind}`)}</td>
              <td>
                <Time of={bar.from} />
              </td>
              <td>
                <Time of={bar.to} />
              </td>
              <td className="num">{duration(bar.to - bar.from)}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  )
}
