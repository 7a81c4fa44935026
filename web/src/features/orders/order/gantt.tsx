import { type ReactNode, useState } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Gantt, GanttLegend, type GanttLine } from '../../../kit/gantt.tsx'
import { Section } from '../../../kit/region.tsx'
import { Empty } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { duration } from '../../../lib/format.ts'
import type { Usual } from '../model/outlook.ts'
import { type StageRow, stagesOf } from '../model/stages.ts'
import { useOrderTexts } from '../texts.ts'

const KINDS = ['planned', 'actual', 'queue', 'stop', 'forecast'] as const

/** What each stage took against what was promised. */
export function GanttPane({ order, now, usual }: { order: OrderDetail; now: number; usual: Usual }): ReactNode {
  const t = useOrderTexts()
  const [asTable, setAsTable] = useState(false)
  const stages = stagesOf(order, now, usual)
  const line = ({ stage, bars, standing }: StageRow): GanttLine => {
    const last = bars.findLast(bar => bar.kind !== 'planned' && bar.kind !== 'forecast')
    const note = standing === null ? {} : { note: t('gantt.standing', { time: duration(standing) }) }
    return {
      ...{ id: stage, name: t(`stage.${stage}`) },
      bars: bars.map(bar => (bar === last ? { ...bar, ...note, bad: bar.kind === 'stop' } : bar)),
    }
  }
  const end = (
    <span className="row wrap">
      <GanttLegend kinds={KINDS} />
      <button type="button" className="l" onClick={() => setAsTable(!asTable)}>
        {asTable ? t('gantt.asPicture') : t('gantt.asTable')}
      </button>
    </span>
  )
  return (
    <Section title={t('gantt.title')} end={end}>
      {stages === null ? (
        <Empty title={t('gantt.none')} />
      ) : asTable ? (
        <StageTable rows={stages.rows} />
      ) : (
        <div className="bleed">
          <Gantt label={t('gantt.title')} lines={stages.rows.map(line)} now={now} promise={stages.promise} />
        </div>
      )}
    </Section>
  )
}

function StageTable({ rows }: { rows: readonly StageRow[] }): ReactNode {
  const t = useOrderTexts()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('gantt.stage')}</th>
          <th>{t('gantt.kind')}</th>
          <th>{t('gantt.from')}</th>
          <th>{t('gantt.to')}</th>
          <th className="num">{t('gantt.took')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.flatMap(row =>
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
