import type { ReactNode } from 'react'
import type { BacktestItem } from '../../../../../src/contract/api/backtests.ts'
import { duration } from '../../../lib/format.ts'
import { useRuleTexts } from '../texts.ts'

type LeadItem = NonNullable<BacktestItem['result']>['draft']['lead']

/** How long before the harm: the middle eight tenths as a bar with the median, on one axis with the harm itself. */
export function Lead({ lead, live }: { lead: LeadItem; live: LeadItem }): ReactNode {
  const t = useRuleTexts()
  if (lead === null) return null
  const all = [lead, live].filter(one => one !== null)
  const low = Math.min(0, ...all.map(one => one.p10))
  const high = Math.max(0, ...all.map(one => one.p90))
  const span = high - low || 1
  // The harm is at the right end: earlier is further to the left.
  const at = (ms: number): string => `${(((high - ms) / span) * 100).toFixed(2)}%`
  const early = (ms: number): string =>
    ms >= 0 ? t('lead.before', { time: duration(ms) }) : t('lead.after', { time: duration(ms) })
  return (
    <figure className="lead-f">
      <figcaption className="sm">
        <b>{t('test.lead')}</b>{' '}
        <span className="d1">
          {t('lead.told', { median: early(lead.p50), early: early(lead.p90), late: early(lead.p10) })}
        </span>
      </figcaption>
      <div
        className="lead-x"
        role="img"
        aria-label={t('lead.told', { median: early(lead.p50), early: early(lead.p90), late: early(lead.p10) })}
      >
        {live && <Range lead={live} at={at} className="live" />}
        <Range lead={lead} at={at} className="own" />
        <i className="harm" style={{ left: at(0) }} />
      </div>
      <div className="xs d2 row lead-ends">
        <span>{early(high)}</span>
        <span className="grow" />
        <span>{low < 0 ? early(low) : t('lead.harm')}</span>
      </div>
    </figure>
  )
}

interface RangeProps {
  readonly lead: NonNullable<LeadItem>
  readonly at: (ms: number) => string
  readonly className: string
}

const Range = ({ lead, at, className }: RangeProps): ReactNode => (
  <>
    <i className={className} style={{ left: at(lead.p90), right: `calc(100% - ${at(lead.p10)})` }} />
    <i className={`mid ${className}`} style={{ left: at(lead.p50) }} />
  </>
)
