import { useCallback } from 'react'
import type { CaseItem, EvidenceItem } from '../../../../src/contract/api/index.ts'
import type { Label } from '../../../../src/contract/facts.ts'
import { useFactNames, useNames } from '../../kit/names.ts'
import { useLanguage } from '../../kit/time.tsx'
import { amount, duration, shortTime } from '../../lib/format.ts'
import { useCaseTexts } from './texts.ts'
import { filled } from './titles/filled.ts'
import { titleKey, useTitleTexts } from './titles/texts.ts'

/** Who may be waited for, besides people. */
export const PARTIES = ['carrier', 'warehouse', 'supplier', 'customer', 'platform', 'payment', 'colleague'] as const

/** Why an exception happened, as the catalogue of causes has it. */
export const CAUSES = [
  ...(['data_source', 'stock_sync', 'broken_flow', 'rule_clash', 'supplier', 'carrier', 'warehouse'] as const),
  ...(['customer', 'payment', 'address', 'system', 'false_alarm', 'other'] as const),
] as const

interface Words {
  readonly yes: string
  readonly no: string
  readonly unknown: string
  /** Of an instant that has not come. */
  readonly notYet: string
  readonly said: (label: Label) => string
  /** Of a code that has a name. */
  readonly named: (path: string) => ((code: string) => string) | null
}

/** What a rule saw, as people read it. @param now epoch ms */
export function valueWords(item: EvidenceItem, words: Words, now: number): string {
  const { value, type } = item
  if (item.words !== null) return words.said(item.words)
  if (value === null) return type === 'time' ? words.notYet : words.unknown
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (type === 'time' && typeof value === 'string') return shortTime(value, now)
  if (type === 'dur' && typeof value === 'number') return duration(value)
  if (type === 'money' && typeof value === 'number') return amount(value, item.unit)
  return words.named(item.path)?.(String(value)) ?? String(value)
}

export function useValueWords(): (item: EvidenceItem, now: number) => string {
  const t = useCaseTexts()
  const language = useLanguage()
  const named = useFactNames()
  return useCallback(
    (item, now) =>
      valueWords(
        item,
        {
          ...{ yes: t('evidence.yes'), no: t('evidence.no') },
          ...{ unknown: t('evidence.unknown'), notYet: t('evidence.notYet') },
          said: label => (language === 'en' ? label.en : label.zh),
          named,
        },
        now,
      ),
    [t, language, named],
  )
}

const ORDER = ['money', 'time', 'dur', 'list', 'num', 'string', 'bool'] as const

/**
 * What tells most first: what was seen before limits, what is known before what is not, amounts before instants before
 * words. Of instants the last: what was due says more than what came long before.
 */
export const telling = (evidence: readonly EvidenceItem[]): readonly EvidenceItem[] =>
  evidence.toSorted((a, b) => weightOf(a) - weightOf(b) || lastFirst(a, b))

const lastFirst = (a: EvidenceItem, b: EvidenceItem): number =>
  a.type === 'time' && typeof a.value === 'string' && typeof b.value === 'string'
    ? Date.parse(b.value) - Date.parse(a.value)
    : 0

const weightOf = ({ role, type, value }: EvidenceItem): number =>
  ORDER.indexOf(type) + (value === null ? ORDER.length : 0) + (role === 'limit' ? 2 * ORDER.length : 0)

/** What spoke for a case when it was found, in one line: why it is there, without a click. @param most facts that are named of a rule of one's own */
export function useWhy(most = 2): (row: CaseItem, now: number) => string {
  const language = useLanguage()
  const words = useValueWords()
  const t = useCaseTexts()
  const titles = useTitleTexts()
  return useCallback(
    (row, now) => {
      const goesOn = row.holds && row.endedAt === null
      const key = titleKey(row.type)
      const said = {
        now: goesOn ? now : null,
        value: (item: EvidenceItem): string => words(item, now),
        duration,
        money: (minor: number, { unit }: EvidenceItem): string => amount(minor, unit),
      }
      const title = key === null ? null : filled(titles(key), row.evidence, said)
      if (title !== null) return title
      const seen = telling(row.evidence)
        .filter(item => item.role === 'fact' && item.value !== null && item.type !== 'bool')
        .slice(0, most)
        .map(item => `${language === 'en' ? item.label.en : item.label.zh} ${words(item, now)}`)
        .join(' · ')
      return seen === '' ? '' : `${t('evidence.found')}${seen}`
    },
    [language, words, most, t, titles],
  )
}

/** Who a case waits for: `party:carrier`, `user:anna`, or what somebody wrote. */
export function useWho(): (who: string) => string {
  const t = useCaseTexts()
  const nameOf = useNames()
  return useCallback(
    who => {
      const party = PARTIES.find(known => who === `party:${known}`)
      return party === undefined ? nameOf(who) : t(`party.${party}`)
    },
    [t, nameOf],
  )
}
