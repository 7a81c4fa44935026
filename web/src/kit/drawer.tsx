import './drawer.css'
import { type ReactNode, useMemo } from 'react'
import { useVerbs, type Verb } from '../lib/verbs.ts'
import { Boundary } from './region.tsx'
import { useKitTexts } from './texts.ts'

export interface DrawerProps {
  /** What it shows, spoken. */
  readonly label: string
  readonly head?: ReactNode
  readonly foot?: ReactNode
  readonly children: ReactNode
  readonly onClose: () => void
}

/** A list and, when something is open, its drawer. */
export const Beside = ({ list, drawer }: { list: ReactNode; drawer: ReactNode }): ReactNode => (
  <div className="beside">
    {list}
    {drawer}
  </div>
)

/** Enough of one row to act without leaving the list. Not modal: the list keeps its keys; Escape closes. */
export function Drawer({ label, head, foot, children, onClose }: DrawerProps): ReactNode {
  const t = useKitTexts()
  const verbs = useMemo(
    (): Verb[] => [
      { id: 'drawer.close', label: t('close'), group: t('group.edit'), keys: 'Escape', keyOnly: true, run: onClose },
    ],
    [t, onClose],
  )
  useVerbs(verbs)
  return (
    <aside className="drawer" aria-label={label}>
      {head !== undefined && <header>{head}</header>}
      <div className="in">
        <Boundary what={label}>{children}</Boundary>
      </div>
      {foot !== undefined && <footer>{foot}</footer>}
    </aside>
  )
}
