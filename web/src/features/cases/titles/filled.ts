import type { EvidenceItem } from '../../../../../src/contract/api/index.ts'

/** How the slots of a title are said. Epoch ms, or null when the case is over and nothing goes on any more. */
export interface Said {
  readonly now: number | null
  readonly value: (item: EvidenceItem) => string
  readonly duration: (ms: number) => string
  /** Of so much in the unit of the item. */
  readonly money: (minor: number, of: EvidenceItem) => string
}

/**
 * A title's text with what the evidence says in its slots: `{a}` the value, `{a~}` the time since then, `{a-b}` what lies between two.
 * Parts of which something is not known are left out; null when nothing is left.
 */
export function filled(text: string, evidence: readonly EvidenceItem[], said: Said): string | null {
  const byPath = new Map(evidence.map(item => [item.path, item]))
  const parts = text.split(' · ').flatMap(part => {
    let whole = true
    const told = part.replace(/\{([^}]+)\}/g, (_, slot: string) => {
      const word = slotOf(slot, byPath, said)
      whole &&= word !== null
      return word ?? ''
    })
    return whole ? [told] : []
  })
  return parts.length === 0 ? null : parts.join(' · ')
}

type Evidence = ReadonlyMap<string, EvidenceItem>

function slotOf(slot: string, evidence: Evidence, said: Said): string | null {
  const [path = '', other] = slot.replace('~', '').split('-')
  const item = evidence.get(path)
  if (item === undefined || item.value === null) return null
  if (slot.endsWith('~')) return since(item, said)
  if (other === undefined) return said.value(item)
  const from = evidence.get(other)
  return from === undefined ? null : between(item, from, said)
}

function since({ value }: EvidenceItem, { now, duration }: Said): string | null {
  const ms = now === null ? Number.NaN : now - Date.parse(String(value))
  return ms >= 0 ? duration(ms) : null
}

function between(a: EvidenceItem, b: EvidenceItem, { duration, money }: Said): string | null {
  if (a.type === 'money' && typeof a.value === 'number' && typeof b.value === 'number')
    return money(Math.abs(a.value - b.value), a)
  const ms = Date.parse(String(a.value)) - Date.parse(String(b.value))
  return a.type === 'time' && Number.isFinite(ms) ? duration(ms) : null
}
