import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { useLanguage } from '../../../kit/time.tsx'
import { duration, fullTime, hoursMinutes, shortTime } from '../../../lib/format.ts'
import { type NodeView, nodeViews } from '../model/nodes.ts'
import { useOrderTexts } from '../texts.ts'

/** The ten nodes of an order: done, current, expected; the stretch after a stuck one is dashed. */
export function NodeLine({ order, now }: { order: OrderDetail; now: number }): ReactNode {
  const t = useOrderTexts()
  return (
    <ol className="nodes" aria-label={t('nodes.label')}>
      {nodeViews(order, now).map(view => (
        <Node key={view.name} view={view} now={now} />
      ))}
    </ol>
  )
}

function Node({ view, now }: { view: NodeView; now: number }): ReactNode {
  const t = useOrderTexts()
  const language = useLanguage()
  const isLate = view.late !== null && view.late > 0
  const mark = view.state === 'done' ? 'done' : view.state === 'current' ? `cur ${isLate ? 'late' : ''}` : view.state
  const shownAt = view.at ?? view.due
  return (
    <li className={mark} aria-current={view.state === 'current' ? 'step' : undefined}>
      <span className="dot">{view.state === 'done' && <Check size={8} strokeWidth={4} aria-hidden />}</span>
      <div className="n el">{t(`node.${view.name}`)}</div>
      <div className="t" title={shownAt === null ? undefined : fullTime(shownAt, language)}>
        <When view={view} now={now} />
      </div>
      <div className="d">
        <Note view={view} />
      </div>
    </li>
  )
}

function When({ view, now }: { view: NodeView; now: number }): ReactNode {
  const t = useOrderTexts()
  if (view.at !== null) return shortTime(view.at, now)
  if (view.due !== null) return t('node.due', { time: shortTime(view.due, now) })
  return view.state === 'passed' ? t('node.passed') : ' '
}

function Note({ view }: { view: NodeView }): ReactNode {
  const t = useOrderTexts()
  if (view.late !== null && view.late > 0)
    return <b className="red m">{t('node.late', { time: hoursMinutes(view.late) })}</b>
  if (view.late !== null && view.late < 0)
    return <span className="green">{t('node.early', { time: hoursMinutes(view.late) })}</span>
  if (view.took !== null && view.took >= 0)
    return <span className="d2">{t('node.took', { time: duration(view.took) })}</span>
  return view.state === 'current' ? <span className="d2">{t('node.current')}</span> : ' '
}
