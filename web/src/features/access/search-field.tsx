import type { ReactNode } from 'react'
import { useFound } from '../../kit/search-box.tsx'
import { Field } from './field.tsx'

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
  const [text, setText] = useFound(given, onFind)
  return <Field label={label} value={text} onText={setText} maxLength={100} />
}
