import './search-box.css'
import { Search } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { Echo } from './echo.ts'

export interface SearchBoxProps {
  readonly label: string
  /** What can be searched for, in the empty box. */
  readonly hint?: string
  readonly input?: RefObject<HTMLInputElement | null>
  /** What is searched for now. */
  readonly given: string
  readonly onFind: (text: string) => void
  readonly className?: string
}

const HAND_RESTS = 150

/** The search of a list, carried out when the hand rests. `/` is the key that leads to it. */
export function SearchBox({ label, hint, input, given, onFind, className = '' }: SearchBoxProps): ReactNode {
  const [text, setText, composing] = useFound(given, onFind)
  return (
    <label className={`search-box ${className}`}>
      <Search size={14} strokeWidth={1.75} aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={hint}
        maxLength={100}
        value={text}
        onChange={event => setText(event.target.value)}
        {...composing}
        onKeyDown={event => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
          // It leaves the field, and closes nothing.
          event.preventDefault()
          event.currentTarget.blur()
        }}
      />
      <kbd aria-hidden>/</kbd>
    </label>
  )
}

interface Composing {
  onCompositionStart(): void
  onCompositionEnd(): void
}

/** The text of a search field: what is given from outside, then what is typed, told when the hand rests. */
export function useFound(
  given: string,
  onFind: (text: string) => void,
): [text: string, setText: (text: string) => void, composing: Composing] {
  const [text, setText] = useState(given)
  const [composing, setComposing] = useState(false)
  const [echo] = useState(() => new Echo(given))
  const find = useRef(onFind)
  useEffect(() => {
    find.current = onFind
  }, [onFind])
  useEffect(() => {
    if (echo.take(given)) setText(given)
  }, [given, echo])
  useEffect(() => {
    const found = text.trim()
    // Half a sign of an input method is not yet what is looked for.
    if (composing || found === echo.last) return
    const timer = window.setTimeout(() => {
      echo.send(found)
      find.current(found)
    }, HAND_RESTS)
    return () => window.clearTimeout(timer)
  }, [text, composing, echo])
  return [text, setText, { onCompositionStart: () => setComposing(true), onCompositionEnd: () => setComposing(false) }]
}
