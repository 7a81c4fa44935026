import type { ReactNode } from 'react'
import { Go } from '../../../kit/go.tsx'
import { useNames } from '../../../kit/names.ts'
import { useLanguage } from '../../../kit/time.tsx'
import { duration, fullTime } from '../../../lib/format.ts'
import { useAuditWords } from '../audit-words/words.ts'
import { useAccessTexts } from '../texts.ts'
import { idAt } from './addresses.ts'

/** Fields that hold instants, as epoch ms or as text. */
const INSTANT = /(At|Until|From|upTo)$|^(from|to|until|before|after)$/
const LENGTHS = new Set(['overlap', 'budget'])
const YEAR_2000 = 946_684_800_000

/** One value of a change as people read it; what cannot be read stands as it is stored. */
export function Value({ path, value }: { path: string; value: unknown }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const field = path.split('.').at(-1) ?? ''
  if (value === null || value === undefined) return <span className="d2">—</span>
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') {
    if (INSTANT.test(field) && value > YEAR_2000) return fullTime(value, language)
    return LENGTHS.has(field) ? duration(value) : String(value)
  }
  if (typeof value === 'string') return <Said text={value} />
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return <Listed items={value} />
  return <code className="mono sm">{JSON.stringify(value)}</code>
}

function Listed({ items }: { items: readonly string[] }): ReactNode {
  if (items.length === 0) return <span className="d2">—</span>
  return items.map((item, i) => (
    <span key={item}>
      {i > 0 && ', '}
      <Said text={item} />
    </span>
  ))
}

const ACTOR = /^(user|key|team|guest|system):/

/** A name for who is meant, a link for what is meant, and the text itself for the rest. */
function Said({ text }: { text: string }): ReactNode {
  const words = useAuditWords()
  const nameOf = useNames()
  const language = useLanguage()
  const found = idAt(text)
  if (found)
    return (
      <Go className="l" to={found.to}>
        {words.kind(found.kind)} <span className="mono">{text.slice(0, 8)}…</span>
      </Go>
    )
  if (ACTOR.test(text)) return <span title={text}>{words.actor(text, nameOf(text))}</span>
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return fullTime(text, language)
  return text
}
