import './search-box.css'
import { Search } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useState } from 'react'

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
  const [text, setText] = useFound(given, onFind)
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
        onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd aria-hidden>/</kbd>
    </label>
  )
}

/** The text of a search field: what is given from outside, then what is typed, told when the hand rests. */
export function useFound(given: string, onFind: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(given)
  useEffect(() => setText(given), [given])
  useEffect(() => {
    const found = text.trim()
    if (found === given) return
    const timer = window.setTimeout(() => onFind(found), HAND_RESTS)
    return () => window.clearTimeout(timer)
  }, [text, given, onFind])
  return [text, setText]
}
