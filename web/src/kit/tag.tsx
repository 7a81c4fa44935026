import './tag.css'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useKitTexts } from './texts.ts'

export type Tone = 'plain' | 'amber' | 'green' | 'red' | 'violet' | 'accent'

/** A word on a tint. Never for categories: a tint says that something needs attention or has come out well. */
export const Tag = ({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }): ReactNode => (
  <span className={`tag ${tone}`}>{children}</span>
)

/** A row of filter chips. */
export const Chips = ({ label, children }: { label: string; children: ReactNode }): ReactNode => (
  <fieldset className="chips" aria-label={label} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
    {children}
  </fieldset>
)

export interface ChipProps {
  readonly field: string
  readonly value: string
  /** Opens the choice of values. */
  readonly onEdit?: () => void
  readonly onRemove: () => void
}

/** A filter that is on: field, value, and how to take it off. */
export function Chip({ field, value, onEdit, onRemove }: ChipProps): ReactNode {
  const t = useKitTexts()
  return (
    <span className="chip">
      <span>{field}</span>
      {onEdit === undefined ? (
        <span className="value">{value}</span>
      ) : (
        <button type="button" className="value" onClick={onEdit}>
          {value}
        </button>
      )}
      <button type="button" onClick={onRemove} aria-label={t('chip.remove', { field })}>
        <X size={12} aria-hidden />
      </button>
    </span>
  )
}
