import { type ReactNode, useEffect, useState } from 'react'
import { Field } from './field.tsx'

const HAND_RESTS = 200

/** A search that is carried out when the hand rests. */
export function SearchField({
  label,
  given,
  onFind,
}: {
  label: string
  given: string
  onFind: (text: string) => void
}): ReactNode {
  const [text, setText] = useState(given)
  useEffect(() => setText(given), [given])
  useEffect(() => {
    const found = text.trim()
    if (found === given) return
    const timer = window.setTimeout(() => onFind(found), HAND_RESTS)
    return () => window.clearTimeout(timer)
  }, [text, given, onFind])
  return <Field label={label} value={text} onText={setText} maxLength={100} />
}
