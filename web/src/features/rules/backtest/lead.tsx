import type { ReactNode } from 'react'
import type { BacktestItem } from '../../../../../src/contract/api/backtests.ts'
import { count, duration } from '../../../lib/format.ts'
import { useRuleTexts } from '../texts.ts'

type LeadItem = NonNullable<BacktestItem['result']>['draft']['lead']

/** How long before the harm: how it is spread; of a back-test of an earlier release the middle eight tenths only. */
export function Lead({ lead, live }: { lead: LeadItem; live: LeadItem }): ReactNode {
  const t = useRuleTexts()
  const early = useEarly()
  if (lead === null) return null
  const told = t('lead.told', { median: early(lead.p50), early: early(lead.p90), late: early(lead.p10) })
  return (
    <figure className="lead-f">
      <figcaption className="sm">
        <b>{t('test.lead')}</b> <span className="d1">{told}</span>
        {live && <span className="d2"> {t('test.ofLive', { value: early(live.p50) })}</span>}
      </figcaption>
      {lead.points.length > 0 ? <Spread points={lead.points} /> : <Middle lead={lead} live={live} told={told} />}
    </figure>
  )
}

function useEarly(): (ms: number) => string {
  const t = useRuleTexts()
  return ms => (ms >= 0 ? t('lead.before', { time: duration(ms) }) : t('lead.after', { time: duration(ms) }))
}

/** So many orders each, the earliest at the left; a red line is the harm, and what came after it is amber. */
function Spread({ points }: Pick<NonNullable<LeadItem>, 'points'>): ReactNode {
  const t = useRuleTexts()
  const early = useEarly()
  const most = Math.max(1, ...points.map(point => point.n))
  const told = ({ from, upTo, n }: (typeof points)[number]): string =>
    t('lead.bar', { from: early(upTo), to: early(from), orders: count(n) })
  return (
    <>
      <ul className="lead-h" aria-label={t('lead.spread')}>
        {points.toReversed().map(point => (
          <li key={point.from} title={told(point)} className={harmAt(point)}>
            <span className="sr">{told(point)}</span>
            <i className={point.upTo <= 0 ? 'late' : ''} style={{ height: `${(point.n / most) * 100}%` }} aria-hidden />
          </li>
        ))}
      </ul>
      <div className="xs d2 row">
        <span>{early(points.at(-1)?.upTo ?? 0)}</span>
        <span className="grow" />
        <span>{points[0]?.from === 0 ? t('lead.harm') : early(points[0]?.from ?? 0)}</span>
      </div>
    </>
  )
}

/** At which side of a bar the harm is. */
const harmAt = ({ from, upTo }: { from: number; upTo: number }): string =>
  upTo === 0 ? 'harm' : from === 0 ? 'harm-r' : ''

/** The middle eight tenths as a bar with the median, on one axis with the harm itself. */
function Middle({ lead, live, told }: RangeOf & { readonly live: LeadItem; readonly told: string }): ReactNode {
  const t = useRuleTexts()
  const early = useEarly()
  const all = [lead, live].filter(one => one !== null)
  const low = Math.min(0, ...all.map(one => one.p10))
  const high = Math.max(0, ...all.map(one => one.p90))
  const span = high - low || 1
  // The harm is at the right end: earlier is further to the left.
  const at = (ms: number): string => `${(((high - ms) / span) * 100).toFixed(2)}%`
  return (
    <>
      <div className="lead-x" role="img" aria-label={told}>
        {live && <Range lead={live} at={at} className="live" />}
        <Range lead={lead} at={at} className="own" />
        <i className="harm" style={{ left: at(0) }} />
      </div>
      <div className="xs d2 row">
        <span>{early(high)}</span>
        <span className="grow" />
        <span>{low < 0 ? early(low) : t('lead.harm')}</span>
      </div>
    </>
  )
}

interface RangeOf {
  readonly lead: NonNullable<LeadItem>
}

interface RangeProps extends RangeOf {
  readonly at: (ms: number) => string
  readonly className: string
}

const Range = ({ lead, at, className }: RangeProps): ReactNode => (
  <>
    <i className={className} style={{ left: at(lead.p90), right: `calc(100% - ${at(lead.p10)})` }} />
    <i className={`mid ${className}`} style={{ left: at(lead.p50) }} />
  </>
)
