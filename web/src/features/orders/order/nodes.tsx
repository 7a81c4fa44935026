import type { ReactNode } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { NodeTimeline, type TimelineNode } from '../../../kit/node-timeline.tsx'
import { clockSpan, duration } from '../../../lib/format.ts'
import { isOver, type NodeView, nodeViews } from '../model/nodes.ts'
import { type Usual, usualAt } from '../model/outlook.ts'
import { useOrderTexts } from '../texts.ts'

/** The ten nodes of an order: done, current, expected; each with when, and how long or how late. */
export function NodeLine({ order, now, usual }: { order: OrderDetail; now: number; usual: Usual }): ReactNode {
  const t = useOrderTexts()
  const views = nodeViews(order, now)
  // A node that its channel never tells of is not waited for.
  const told = views.find(view => view.at === null && view.state !== 'passed' && usual.has(view.name))
  const current = (told ?? views.find(view => view.state === 'current'))?.name
  const node = (view: NodeView): TimelineNode => ({
    ...{ id: view.name, name: t(`node.${view.name}`), at: view.at },
    // Where the limit has passed it says so; else when it usually comes.
    expected: isOver(order) ? null : (view.late ?? 0) > 0 ? view.due : (usualAt(usual, view.name) ?? view.due),
    late: (view.late ?? 0) > 0,
    standing: view.state === 'done' || view.name === current ? (view.state === 'done' ? 'done' : 'current') : 'ahead',
    note: <Note view={view} usual={usualAt(usual, view.name)} current={view.name === current} />,
  })
  return (
    <div className="node-line">
      <NodeTimeline label={t('nodes.label')} nodes={views.map(node)} />
    </div>
  )
}

interface NoteProps {
  readonly view: NodeView
  readonly usual: number | null
  readonly current: boolean
}

function Note({ view, usual, current }: NoteProps): ReactNode {
  const t = useOrderTexts()
  const { late, took, state } = view
  if (late !== null && late > 0) return <b className="m">{t('node.late', { time: clockSpan(late) })}</b>
  if (late !== null && late < 0) return <span className="green">{t('node.early', { time: clockSpan(late) })}</span>
  if (usual !== null && view.due !== null && usual < view.due)
    return <span className="green">{t('node.early', { time: clockSpan(view.due - usual) })}</span>
  if (usual !== null && view.due !== null)
    return <b className="m amber">{t('node.late', { time: clockSpan(usual - view.due) })}</b>
  if (took !== null && took >= 0) return t('node.took', { time: duration(took) })
  return state === 'passed' ? t('node.passed') : current ? t('node.current') : '\u00a0'
}
