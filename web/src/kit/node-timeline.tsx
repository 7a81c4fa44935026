import './node-timeline.css'
import type { ReactNode } from 'react'
import type { When } from '../lib/format.ts'
import { useKitTexts } from './texts.ts'
import { Time } from './time.tsx'

export interface TimelineNode {
  readonly id: string
  readonly name: string
  /** When it came about; null: not yet. */
  readonly at: When | null
  /** When it is expected or was due. */
  readonly expected?: When | null
  /** Below the time: how long it took, or how late it is. */
  readonly note?: ReactNode
  readonly late?: boolean
  /** How it stands, where that does not follow from the nodes before it: passed over, or no longer to come. */
  readonly standing?: Standing
}

export type Standing = 'done' | 'current' | 'ahead'

/** The nodes of an order in a line: ticked, the one it stands at ringed, those ahead hollow. */
export function NodeTimeline({ label, nodes }: { label: string; nodes: readonly TimelineNode[] }): ReactNode {
  const last = nodes.findLastIndex(node => node.at !== null)
  const standing = (i: number): Standing => {
    if (nodes[i]?.at !== null) return 'done'
    return i === last + 1 ? 'current' : 'ahead'
  }
  return (
    <ol className="nodes" aria-label={label}>
      {nodes.map((node, i) => (
        <Node key={node.id} node={node} standing={node.standing ?? standing(i)} />
      ))}
    </ol>
  )
}

function Node({ node, standing }: { node: TimelineNode; standing: Standing }): ReactNode {
  const t = useKitTexts()
  const stuck = standing === 'current' && node.late
  return (
    <li className={`${standing} ${stuck ? 'stuck' : ''}`}>
      <Ring standing={standing} late={node.late ?? false} />
      <div className="name el">{node.name}</div>
      <div className="xs d2">
        <span className="sr">{t(`node.${standing}`)}</span>
        {standing !== 'done' && node.expected != null && `${t(node.late ? 'node.due' : 'node.expected')} `}
        {(node.at !== null || node.expected != null) && <Time of={node.at ?? node.expected ?? null} />}
      </div>
      {node.note !== undefined && <div className={`xs ${node.late ? 'red' : 'd2'}`}>{node.note}</div>}
    </li>
  )
}

const Ring = ({ standing, late }: { standing: Standing; late: boolean }): ReactNode => (
  <svg width="13" height="13" viewBox="0 0 13 13" aria-hidden="true">
    {standing === 'done' ? (
      <>
        <circle cx="6.5" cy="6.5" r="6" fill="var(--bar)" />
        <path d="m4 6.6 1.7 1.7 3.2-3.4" fill="none" stroke="var(--surface)" strokeWidth="1.4" strokeLinecap="round" />
      </>
    ) : (
      <circle
        cx="6.5"
        cy="6.5"
        r={standing === 'current' ? 5 : 5.5}
        fill="var(--surface)"
        stroke={standing === 'ahead' ? 'var(--mute)' : late ? 'var(--red)' : 'var(--accent)'}
        strokeWidth={standing === 'current' ? 2.5 : 1.25}
      />
    )}
  </svg>
)
