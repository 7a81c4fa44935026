import { type ReactNode, useState } from 'react'
import { Clock } from '../../kit/clock.tsx'
import { Gantt, GanttLegend } from '../../kit/gantt.tsx'
import { LargeClock } from '../../kit/large-clock.tsx'
import { NodeTimeline } from '../../kit/node-timeline.tsx'
import { Pane } from '../../kit/region.tsx'
import { clockTime, shortTime } from '../../lib/format.ts'
import { useGalleryTexts } from './texts.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Clocks, nodes and stages around the instant at which the page was opened. */
export function TimeParts(): ReactNode {
  const t = useGalleryTexts()
  const [now] = useState(() => Date.now())
  return (
    <>
      <div className="wide">
        <Pane title={t('part.largeClock')}>
          <BigClock now={now} />
        </Pane>
      </div>
      <Pane title={t('part.clock')}>
        <div className="in2">
          <Clock openedAt={now - HOUR} dueAt={now + 3.5 * HOUR} />
          <Clock openedAt={now - 4 * HOUR} dueAt={now + 102 * MINUTE + 30_000} />
          <Clock openedAt={now - 4 * HOUR} dueAt={now + 18 * MINUTE + 30_000} />
          <Clock openedAt={now - 4 * HOUR} dueAt={now - 38 * MINUTE} />
          <Clock openedAt={now} dueAt={now + HOUR} waitingFor={t('tag.plain')} waitingUntil={now + 30 * MINUTE} />
          <Clock openedAt={now} dueAt={null} />
        </div>
      </Pane>
      <div className="two">
        <Pane title={t('part.nodes')}>
          <Nodes now={now} />
        </Pane>
      </div>
      <div className="wide">
        <Pane title={t('part.gantt')} end={<GanttLegend kinds={['planned', 'actual', 'queue', 'stop', 'forecast']} />}>
          <Stages now={now} />
        </Pane>
      </div>
    </>
  )
}

function BigClock({ now }: { now: number }): ReactNode {
  const t = useGalleryTexts()
  const from = now - 4 * HOUR
  const due = now + 102 * MINUTE
  return (
    <LargeClock
      openedAt={from}
      dueAt={due}
      promise={{ endsAt: due, word: t('say.promise') }}
      budget={{
        endsAt: now + 190 * MINUTE,
        segments: [
          { kind: 'closed', from, to: from + 78 * MINUTE },
          { kind: 'run', from: from + 78 * MINUTE, to: from + 144 * MINUTE },
          { kind: 'wait', from: from + 144 * MINUTE, to: from + 196 * MINUTE },
          { kind: 'run', from: from + 196 * MINUTE, to: now },
        ],
      }}
      next={t('say.next', { time: clockTime(now + 48 * MINUTE) })}
      why={t('say.why', { used: '1:50', time: shortTime(due, now) })}
    />
  )
}

function Nodes({ now }: { now: number }): ReactNode {
  const t = useGalleryTexts()
  return (
    <NodeTimeline
      label={t('part.nodes')}
      nodes={[
        { id: 'confirm', name: t('stage.confirm'), at: now - 34 * HOUR },
        { id: 'pay', name: t('stage.pay'), at: now - 33 * HOUR, note: '48 s' },
        { id: 'pick', name: t('stage.pick'), at: now - 26 * HOUR, note: '7:32' },
        { id: 'ship', name: t('stage.ship'), at: null, expected: now - 16 * HOUR, late: true, note: t('tag.late') },
        { id: 'collect', name: t('stage.collect'), at: null, expected: now + 9 * HOUR },
        { id: 'deliver', name: t('stage.deliver'), at: null, expected: now + 48 * HOUR },
      ]}
    />
  )
}

function Stages({ now }: { now: number }): ReactNode {
  const t = useGalleryTexts()
  return (
    <Gantt
      label={t('part.gantt')}
      now={now}
      promise={now + 55 * HOUR}
      lines={[
        {
          id: 'pick',
          name: t('stage.pick'),
          bars: [
            { kind: 'planned', from: now - 32 * HOUR, to: now - 24 * HOUR },
            { kind: 'queue', from: now - 34 * HOUR, to: now - 28 * HOUR },
            { kind: 'actual', from: now - 28 * HOUR, to: now - 24 * HOUR },
            { kind: 'stop', from: now - 24 * HOUR, to: now, note: t('stage.note'), bad: true },
          ],
        },
        {
          id: 'ship',
          name: t('stage.ship'),
          bars: [
            { kind: 'planned', from: now - 24 * HOUR, to: now - 14 * HOUR },
            { kind: 'forecast', from: now + 2 * HOUR, to: now + 8 * HOUR, note: t('tag.hold') },
          ],
        },
        {
          id: 'deliver',
          name: t('stage.deliver'),
          bars: [
            { kind: 'planned', from: now - 6 * HOUR, to: now + 20 * HOUR },
            { kind: 'forecast', from: now + 12 * HOUR, to: now + 48 * HOUR },
          ],
        },
      ]}
    />
  )
}
