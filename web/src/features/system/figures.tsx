import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { System, SystemMinute } from '../../../../src/contract/api/index.ts'
import { Pane } from '../../kit/region.tsx'
import { Spark } from '../../kit/spark.tsx'
import { View } from '../../kit/states.tsx'
import { Time } from '../../kit/time.tsx'
import { count, percent } from '../../lib/format.ts'
import { asking } from '../../lib/query.ts'
import { bytesText, tookText } from './model.ts'
import { useSystemTexts } from './texts.ts'

const EVERY = 5000

/** How the system is, at a glance; the rest is for monitoring. */
export function Figures(): ReactNode {
  const t = useSystemTexts()
  const query = useQuery({ ...asking('getSystem', {}), refetchInterval: EVERY })
  return (
    <View query={query} what={t('figures.what')} rows={10}>
      {system => (
        <>
          <Flow minutes={system.minutes} />
          <Waits system={system} />
          <Machine system={system} />
        </>
      )}
    </View>
  )
}

const FLOW = ['events', 'facts', 'cases', 'requests', 'problems', 'steps', 'stepMs', 'requestMs'] as const

function Flow({ minutes }: { minutes: readonly SystemMinute[] }): ReactNode {
  const t = useSystemTexts()
  // The minute at hand is not over; before the first full one it is all there is.
  const whole = minutes.length > 1 ? minutes.slice(0, -1) : minutes
  return (
    <Pane title={t('figures.minute')} sub={t('figures.minuteMore')}>
      <dl className="figures">
        {FLOW.map(name => {
          const value = whole.at(-1)?.[name] ?? 0
          return (
            <Figure key={name} label={t(`figures.${name}`)} spark={whole.map(minute => minute[name])}>
              {name.endsWith('Ms') ? tookText(value) : count(value)}
            </Figure>
          )
        })}
      </dl>
    </Pane>
  )
}

function Waits({ system }: { system: System }): ReactNode {
  const t = useSystemTexts()
  const { pipeline, outbox, quarantine, unmatched } = system
  const behind = pipeline.followers.reduce((most, follower) => Math.max(most, follower.behind), 0)
  return (
    <Pane title={t('figures.waits')} sub={t('figures.waitsMore')}>
      <dl className="figures">
        <Figure label={t('figures.mail')}>{count(pipeline.waiting)}</Figure>
        <Figure label={t('figures.followers')}>{count(behind)}</Figure>
        <Figure label={t('figures.outbox')}>{count(outbox.waiting)}</Figure>
        <Figure label={t('figures.dead')}>{count(outbox.dead)}</Figure>
        <Figure label={t('figures.quarantine')}>
          <Link className="l" to="/system/waiting">
            {count(quarantine.door + quarantine.step)}
          </Link>
        </Figure>
        <Figure label={t('figures.unmatched')}>
          <Link className="l" to="/system/waiting">
            {count(unmatched)}
          </Link>
        </Figure>
      </dl>
    </Pane>
  )
}

function Machine({ system }: { system: System }): ReactNode {
  const t = useSystemTexts()
  const { process, database, pipeline } = system
  return (
    <Pane title={t('figures.machine')}>
      <dl className="figures">
        <Figure label={t('figures.memory')}>{bytesText(process.memory)}</Figure>
        <Figure label={t('figures.cpu')} small>
          {t('figures.cpuOf', { percent: percent(process.cpu, 0) })}
        </Figure>
        <Figure label={t('figures.loop')}>{`${process.eventLoop} ms`}</Figure>
        <Figure label={t('figures.size')}>{bytesText(database.bytes)}</Figure>
        <Figure label={t('figures.connections')}>{count(database.connections)}</Figure>
        <Figure label={t('figures.groups')}>{count(pipeline.groups)}</Figure>
        <Figure label={t('figures.rules')}>{pipeline.rulesVersion ?? '—'}</Figure>
        <Figure label={t('figures.database')} small>
          {`PostgreSQL ${database.version}`}
        </Figure>
        <Figure label={t('figures.node')} small>
          {system.node}
        </Figure>
        <Figure label={t('figures.up')} small>
          <Time of={system.startedAt} />
        </Figure>
      </dl>
      <p className="foot">
        <a className="l" href="/metrics">
          {t('figures.all')}
        </a>
      </p>
    </Pane>
  )
}

interface FigureProps {
  readonly label: string
  readonly children: ReactNode
  /** How it went, beside it. */
  readonly spark?: readonly number[]
  /** Words, not a figure. */
  readonly small?: boolean
}

const Figure = ({ label, children, spark, small }: FigureProps): ReactNode => (
  <div>
    <dt>{label}</dt>
    <dd>
      <b className={small ? 'long' : ''}>{children}</b>
      {spark && <Spark values={spark} width={72} />}
    </dd>
  </div>
)
