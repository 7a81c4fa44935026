import type { ReactNode } from 'react'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { Go } from '../../kit/go.tsx'
import { useNameOf } from '../../kit/names.ts'
import { useNow } from '../../kit/time.tsx'
import { duration } from '../../lib/format.ts'
import { useCockpitTexts } from './texts.ts'

/** Whether the feeds speak: one line, which names those that give trouble. A number without its sources is worth little. */
export function Sources({ feeds }: { feeds: NonNullable<Cockpit['feeds']> }): ReactNode {
  const t = useCockpitTexts()
  const now = useNow()
  const feedName = useNameOf('feed')
  if (feeds.length === 0) return null
  const overdue = feeds.filter(feed => feed.overdue)
  const heard = feeds.flatMap(feed => (feed.lastHeardAt === null ? [] : [Date.parse(feed.lastHeardAt)]))
  const last = heard.length === 0 ? null : Math.max(...heard)
  return (
    <Go to="/system/feeds" className="sources">
      <svg width="8" height="8" aria-hidden="true">
        <circle cx="4" cy="4" r="3.5" fill={overdue.length > 0 ? 'var(--amber-fill)' : 'var(--green-fill)'} />
      </svg>
      {t('sources', { count: feeds.length })}
      {last !== null && <span className="d2"> · {t('sources.heard', { age: duration(Math.max(0, now - last)) })}</span>}
      {overdue.length > 0 && (
        <span className="amber">
          {' '}
          · {t('sources.overdue', { names: overdue.map(feed => feedName(feed.name)).join(', ') })}
        </span>
      )}
    </Go>
  )
}
