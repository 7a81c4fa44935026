import { type ReactNode, useEffect, useRef, useState } from 'react'

export interface PickProps<V extends string> {
  /** Spoken. */
  readonly label: string
  readonly value: V
  readonly options: readonly { readonly value: V; readonly label: string }[]
  readonly onPick: (value: V) => void
  /** What a reader looks for: a value, not a word of the sentence. */
  readonly strong?: boolean
  readonly disabled?: boolean
}

/** A word of a sentence that can be another one. */
export function Pick<V extends string>({ label, value, options, onPick, strong, disabled }: PickProps<V>): ReactNode {
  return (
    <select
      className={`pick ${strong ? 'v' : ''}`}
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={event => {
        const chosen = options.find(o => o.value === event.target.value)
        if (chosen) onPick(chosen.value)
      }}
    >
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

export interface BoxProps {
  readonly label: string
  readonly value: string
  /** Takes it, or says that it is none. */
  readonly onText: (text: string) => boolean
  readonly width?: number
  readonly mono?: boolean
  readonly placeholder?: string
  readonly numeric?: boolean
}

/** A value that is typed. What is no value stays in the box, marked, and changes nothing. */
export function Box({ label, value, onText, width, mono, placeholder, numeric }: BoxProps): ReactNode {
  const [text, setText] = useState(value)
  const [bad, setBad] = useState(false)
  const typing = useRef(false)
  // Another value from outside replaces what stands there; while it is typed nothing is rewritten under the caret.
  useEffect(() => {
    if (typing.current) return
    setText(value)
    setBad(false)
  }, [value])
  return (
    <input
      className={`pick v ${mono ? 'mono' : ''}`}
      aria-label={label}
      aria-invalid={bad || undefined}
      value={text}
      placeholder={placeholder}
      inputMode={numeric ? 'decimal' : undefined}
      style={width === undefined ? undefined : { width }}
      onBlur={() => {
        typing.current = false
        if (!bad) setText(value)
      }}
      onChange={event => {
        typing.current = true
        setText(event.target.value)
        setBad(!onText(event.target.value))
      }}
    />
  )
}
