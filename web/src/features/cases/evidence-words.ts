import type { EvidenceItem } from '../../../../src/contract/api/index.ts'
import { amount, duration, shortTime } from '../../lib/format.ts'

export interface Words {
  readonly yes: string
  readonly no: string
  readonly unknown: string
}

/** What a rule saw, as people read it. @param now epoch ms */
export function valueWords(item: EvidenceItem, words: Words, now: number): string {
  const { value, type } = item
  if (value === null) return words.unknown
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (type === 'time' && typeof value === 'string') return shortTime(value, now)
  if (type === 'dur' && typeof value === 'number') return duration(value)
  if (type === 'money' && typeof value === 'number') return amount(value, item.unit)
  return String(value)
}
