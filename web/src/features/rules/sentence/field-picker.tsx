import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react'
import { Popup, type PopupProps } from '../../../kit/popup.tsx'
import { useRuleTexts } from '../texts.ts'

export interface Option<V> {
  readonly key: string
  readonly value: V
  /** What it is called, in the reader's language. */
  readonly label: string
  /** Empty for a list without headings. */
  readonly group: string
  /** Technical name, other language, unit: what one may also type to find it. */
  readonly also: string
  /** Told at its end: unit and an example. */
  readonly hint: string
}

export interface FieldPickerProps<V> {
  readonly button: PopupProps['button']
  readonly label: string
  readonly options: readonly Option<V>[]
  readonly onPick: (value: V) => void
}

/** A choice among many with search: by name in both languages, by technical name, by unit. */
export function FieldPicker<V>({ button, label, options, onPick }: FieldPickerProps<V>): ReactNode {
  return (
    <Popup button={button} label={label}>
      {close => (
        <Choose
          label={label}
          options={options}
          onPick={value => {
            close()
            onPick(value)
          }}
        />
      )}
    </Popup>
  )
}

function Choose<V>({ label, options, onPick }: Omit<FieldPickerProps<V>, 'button'>): ReactNode {
  const t = useRuleTexts()
  const list = useId()
  const [find, setFind] = useState('')
  const [at, setAt] = useState(0)
  const found = useMemo(() => fitting(options, find), [options, find])
  const current = Math.min(at, found.length - 1)
  const onKeyDown = (event: KeyboardEvent): void => {
    // The keys belong to the input method until the word stands.
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((current + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const chosen = found[current]
      if (chosen) onPick(chosen.value)
    }
  }
  return (
    <div className="choose">
      <input
        // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
        autoFocus
        type="search"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[current] === undefined ? undefined : `${list}-${current}`}
        aria-label={label}
        placeholder={t('pick.find')}
        value={find}
        onChange={event => {
          setFind(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label={label} tabIndex={-1}>
        {found.map((option, i) => (
          <Offer
            key={option.key}
            id={`${list}-${i}`}
            option={option}
            heading={option.group === (found[i - 1]?.group ?? '') ? null : option.group}
            on={i === current}
            onPick={() => onPick(option.value)}
          />
        ))}
      </div>
      {found.length === 0 && <p className="d2 sm none">{t('pick.none')}</p>}
    </div>
  )
}

interface OfferProps {
  readonly id: string
  readonly option: Option<unknown>
  readonly heading: string | null
  readonly on: boolean
  readonly onPick: () => void
}

function Offer({ id, option, heading, on, onPick }: OfferProps): ReactNode {
  return (
    <>
      {heading !== null && (
        <div className="xs d2 heading" role="presentation">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={on}
        className={on ? 'on' : ''}
        ref={on ? element => element?.scrollIntoView({ block: 'nearest' }) : undefined}
        onClick={onPick}
      >
        <span className="el">{option.label}</span>
        <span className="d2 xs el">{option.hint}</span>
      </div>
    </>
  )
}

/** All words that were typed, each anywhere. */
function fitting<V>(options: readonly Option<V>[], find: string): Option<V>[] {
  const words = find.toLowerCase().split(/\s+/)
  return options.filter(({ label, also, group }) => {
    const text = `${label} ${also} ${group}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
}
