import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import type { BacktestItem } from '../../../../../src/contract/api/backtests.ts'
import { useNameOf } from '../../../kit/names.ts'
import { useLanguage } from '../../../kit/time.tsx'
import { count, duration, fullTime, percent } from '../../../lib/format.ts'
import { part } from '../../../lib/part.ts'
import { isDark, usePrefs } from '../../../lib/prefs.ts'
import { useRuleTexts } from '../texts.ts'
import { stepsOf } from './days.ts'
import { daysOption } from './days-option.ts'
import { Hits } from './hits.tsx'
import { Lead } from './lead.tsx'

const DaysChart = lazy(part(() => import('./days-chart.tsx').then(m => ({ default: m.DaysChart }))))

type ResultItem = NonNullable<BacktestItem['result']>

export interface ResultProps {
  readonly test: BacktestItem
  readonly result: ResultItem
}

const share = (value: number | null): string => (value === null ? '—' : `${percent(value)} %`)

/** Figures first, each beside that of the live version; then when, how early, and which orders. */
export function Result({ test, result }: ResultProps): ReactNode {
  const t = useRuleTexts()
  const language = useLanguage()
  const { draft, live, difference } = result
  return (
    <>
      <p className="sm d1">
        {t('test.orders', {
          count: count(result.orders),
          harmed: count(result.harmed),
          outcome: t(`outcome.${test.outcome}`),
        })}
        {result.groups < 32 && <span className="amber"> {t('test.sample', { groups: result.groups })}</span>}
        <span className="d2" title={fullTime(test.createdAt, language)}>
          {' '}
          {t('test.took', { time: duration(Date.parse(test.endedAt ?? test.createdAt) - Date.parse(test.createdAt)) })}
        </span>
      </p>
      <Figures result={result} />
      <Days {...{ test, result }} />
      <Lead lead={draft.lead} live={live?.lead ?? null} />
      {draft.influenced > 0 && <p className="sm amber">{t('test.influenced', { count: draft.influenced })}</p>}
      {difference && (
        <p className="sm d1">
          {t('test.diff', {
            version: test.liveVersion ?? 0,
            added: count(difference.added),
            removed: count(difference.removed),
            both: count(difference.both),
          })}
        </p>
      )}
      <p className="xs d2">{t('test.honest')}</p>
      {result.listed > 0 && <Hits id={test.id} listed={result.listed} compared={live !== null} />}
    </>
  )
}

function Figures({ result: { draft, live } }: { result: ResultItem }): ReactNode {
  const t = useRuleTexts()
  const teamName = useNameOf('team')
  const figures = [
    { name: t('test.hits'), value: count(draft.hits), note: live && t('test.ofLive', { value: count(live.hits) }) },
    {
      name: t('test.precision'),
      value: share(draft.precision),
      note: live && t('test.ofLive', { value: share(live.precision) }),
    },
    {
      name: t('test.recall'),
      value: share(draft.recall),
      note: t('test.inTime', { share: share(draft.recallInTime) }),
    },
    {
      name: draft.load.team === null ? t('test.load') : t('test.loadOf', { team: teamName(draft.load.team) }),
      value: draft.load.mean.toFixed(1),
      note: t('test.worst', { count: draft.load.worst }),
    },
  ]
  return (
    <dl className="bt">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt className="d2 sm">{name}</dt>
          <dd className="v nw">{value}</dd>
          <dd className="xs d2">{note ?? ''}</dd>
        </div>
      ))}
    </dl>
  )
}

function Days({ test, result }: ResultProps): ReactNode {
  const t = useRuleTexts()
  const dark = usePrefs(prefs => isDark(prefs.theme))
  const steps = useMemo(() => stepsOf(test, result), [test, result])
  const option = useMemo(
    // Colours come from the page, so another theme is another drawing.
    () => ({ ...daysOption(steps, { draft: t('test.hits'), live: t('test.live') }), darkMode: dark }),
    [steps, t, dark],
  )
  const told = t('test.told', { days: steps.length, hits: result.draft.hits, worst: result.draft.load.worst })
  if (result.draft.hits === 0 && (result.live?.hits ?? 0) === 0) return null
  return (
    <>
      <Suspense fallback={<div style={{ height: 190 }} />}>
        <DaysChart option={option} height={190} told={told} />
      </Suspense>
      <p className="xs d2">{t('test.utc')}</p>
      <details className="sm">
        <summary>{t('test.table')}</summary>
        <table className="t">
          <thead>
            <tr>
              <th>{t('test.day')}</th>
              <th className="num">{t('test.hits')}</th>
              {result.live && <th className="num">{t('test.live')}</th>}
            </tr>
          </thead>
          <tbody>
            {steps
              .filter(step => step.draft > 0 || (step.live ?? 0) > 0)
              .slice(0, 400)
              .map(step => (
                <tr key={step.name}>
                  <td>{step.name}</td>
                  <td className="num">{count(step.draft)}</td>
                  {step.live !== null && <td className="num">{count(step.live)}</td>}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </>
  )
}
