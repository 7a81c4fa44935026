import { Search } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import { Segment } from '../../../kit/button.tsx'
import { Chip } from '../../../kit/tag.tsx'
import { type Filters, LINKED, SEVERITIES, SORTS } from '../filters.ts'
import { useCaseTexts } from '../texts.ts'

export interface FilterBarProps {
  readonly filters: Filters
  readonly input: RefObject<HTMLInputElement | null>
  readonly counted: string
  readonly onChange: (change: { [K in keyof Filters]?: Filters[K] | undefined }) => void
}

const HAND_RESTS = 150

/** Whose, how severe, in which order; and how many there are. */
export function FilterBar({ filters, input, counted, onChange }: FilterBarProps): ReactNode {
  const t = useCaseTexts()
  const { severity, whose, state, type, sort } = filters
  const chosen = severity ?? []
  return (
    <div className="inbox-bar">
      <Find input={input} given={filters.q ?? ''} onFind={q => onChange({ q: q === '' ? undefined : q })} />
      <Segment
        label={t('whose.label')}
        value={whose ?? 'all'}
        options={(['all', 'mine', 'none'] as const).map(value => ({ value, label: t(`whose.${value}`) }))}
        onChange={value => onChange({ whose: value === 'all' ? undefined : value })}
      />
      <div className="row" style={{ gap: 2 }}>
        {SEVERITIES.map(level => (
          <button
            key={level}
            type="button"
            className={`pick-sev ${chosen.includes(level) ? 'on' : ''}`}
            aria-pressed={chosen.includes(level)}
            onClick={() => {
              const next = chosen.includes(level) ? chosen.filter(one => one !== level) : [...chosen, level]
              onChange({ severity: next.length === 0 ? undefined : next })
            }}
          >
            {level}
          </button>
        ))}
      </div>
      <Segment
        label={t('state.label')}
        value={state === 'over' ? 'over' : 'active'}
        options={(['active', 'over'] as const).map(value => ({ value, label: t(`state.${value}`) }))}
        onChange={value => onChange({ state: value === 'over' ? 'over' : undefined })}
      />
      {type !== undefined && <Chip field={t('col.what')} value={type} onRemove={() => onChange({ type: undefined })} />}
      {LINKED.filter(name => filters[name] !== undefined).map(name => (
        <Chip key={name} field={name} value={filters[name] ?? ''} onRemove={() => onChange({ [name]: undefined })} />
      ))}
      <span className="grow" />
      <output className="d1 nw">{counted}</output>
      <Segment
        label={t('sort.label')}
        value={sort ?? 'urgency'}
        options={SORTS.map(value => ({ value, label: t(`sort.${value}`) }))}
        onChange={value => onChange({ sort: value === 'urgency' ? undefined : value })}
      />
    </div>
  )
}

interface FindProps {
  readonly input: RefObject<HTMLInputElement | null>
  readonly given: string
  readonly onFind: (text: string) => void
}

function Find({ input, given, onFind }: FindProps): ReactNode {
  const t = useCaseTexts()
  const [text, setText] = useState(given)
  useEffect(() => setText(given), [given])
  useEffect(() => {
    const found = text.trim()
    if (found === given) return
    const timer = window.setTimeout(() => onFind(found), HAND_RESTS)
    return () => window.clearTimeout(timer)
  }, [text, given, onFind])
  return (
    <label className="inbox-find">
      <Search size={14} strokeWidth={1.75} aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={t('find.label')}
        placeholder={t('find')}
        maxLength={100}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd aria-hidden>/</kbd>
    </label>
  )
}
