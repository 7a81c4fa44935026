import './bulk-bar.css'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { useKitTexts } from './texts.ts'

export interface BulkBarProps {
  readonly count: number
  /** What the selected have in common, or are worth. */
  readonly shared?: ReactNode
  /** Their verbs, the first one solid. */
  readonly children: ReactNode
  readonly onClear: () => void
}

/** Floats over the list while rows are selected; the keys are then its own. */
export function BulkBar({ count, shared, children, onClear }: BulkBarProps): ReactNode {
  const t = useKitTexts()
  if (count === 0) return null
  return (
    <div className="bulk" role="toolbar" aria-label={t('bulk.label')}>
      <span>
        <b className="m">{t('bulk.count', { count })}</b>
        {shared !== undefined && <span className="d2"> {shared}</span>}
      </span>
      {children}
      <Button kind="ghost" keys="Esc" onClick={onClear}>
        {t('bulk.clear')}
      </Button>
    </div>
  )
}

export interface OutcomeBarProps {
  readonly done: number
  readonly refused: number
  readonly waiting: number
  readonly todo: number
}

/** What came of a bulk command: one bar in parts, and the counts in words. */
export function OutcomeBar({ done, refused, waiting, todo }: OutcomeBarProps): ReactNode {
  const t = useKitTexts()
  const parts = [
    ['done', done],
    ['refused', refused],
    ['waiting', waiting],
    ['todo', todo],
  ] as const
  const shown = parts.filter(([, n]) => n > 0)
  return (
    <div>
      <div className="outcome" aria-hidden="true">
        {shown.map(([kind, n]) => (
          <i key={kind} className={kind} style={{ flexGrow: n }} />
        ))}
      </div>
      <div className="row sm wrap">
        {shown.map(([kind, n]) => (
          <span key={kind} className={kind === 'refused' ? 'red' : 'd1'}>
            {t(`outcome.${kind}`, { count: n })}
          </span>
        ))}
      </div>
    </div>
  )
}
