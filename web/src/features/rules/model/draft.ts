import { useCallback, useMemo, useState } from 'react'
import type { RuleText } from '../../../../../src/contract/api/rules.ts'
import {
  type CheckedRule,
  type Constants,
  checkRule,
  type Group,
  parse,
  rowsOf,
  textOfRows,
} from '../../../../../src/modules/rules/browser.ts'
import { differs } from './base.ts'
import { type Ground, vocabularyOf } from './ground.ts'
import { laidOut } from './lay-out.ts'

/** A rule as it is being written. The text is what counts; rows are another view of its tree. */
export interface Draft {
  readonly text: RuleText
  /** Null while the text cannot be read, so that there is no tree to show. */
  readonly rows: Group | null
  readonly constants: Constants
  readonly checked: CheckedRule
  readonly changed: boolean
  set(patch: Partial<RuleText>): void
  setWhen(when: string): void
  setRows(rows: Group): void
  /** Everything as it was saved: what was written meanwhile is given up. */
  reset(): void
}

/** Rows of a text; null when it cannot be read. */
export function rowsIn(when: string): Group | null {
  const parsed = parse(when)
  return parsed.ok ? rowsOf(parsed.expr, when) : null
}

interface Writing {
  readonly text: RuleText
  readonly rows: Group | null
}

const writingOf = (text: RuleText): Writing => ({ text, rows: rowsIn(text.when) })

export const constantsIn = ({ constants }: Pick<RuleText, 'constants'>): Constants =>
  Object.fromEntries(constants.map(({ name, ...constant }) => [name, constant]))

/** @param saved what is edited; another one starts anew */
export function useDraft(saved: RuleText, ground: Ground): Draft {
  const [{ from, text, rows }, write] = useState({ from: saved, ...writingOf(saved) })
  if (from !== saved) write({ from: saved, ...writingOf(saved) })
  const constants = useMemo(() => constantsIn(text), [text])
  const checked = useMemo(
    () => checkRule(text.when, ground.schema, vocabularyOf(ground, constants)),
    [text.when, ground, constants],
  )
  const set = useCallback(
    (patch: Partial<RuleText>) => write(now => ({ ...now, text: pruned({ ...now.text, ...patch }) })),
    [],
  )
  const setWhen = useCallback((when: string) => write(now => ({ ...now, ...writingOf({ ...now.text, when }) })), [])
  // Rows that are still empty say nothing in the text, and stay on the screen.
  const setRows = useCallback(
    (next: Group) => write(now => ({ ...now, rows: next, text: { ...now.text, when: laidOut(textOfRows(next)) } })),
    [],
  )
  const reset = useCallback(() => write(now => ({ from: now.from, ...writingOf(now.from) })), [])
  const changed = useMemo(() => differs(text, saved), [text, saved])
  return { text, rows, constants, checked, changed, set, setWhen, setRows, reset }
}

/** What was taken away is not sent as nothing. */
const pruned = (text: RuleText): RuleText =>
  // Only keys without a value are left out, and those are the optional ones.
  Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined)) as RuleText

/** What a new rule starts with. */
export const NEW_RULE: RuleText = {
  name: { zh: '', en: '' },
  reason: { zh: '', en: '' },
  when: 'true',
  type: '',
  severity: 'P2',
  clears: 'auto',
  constants: [],
  examples: [],
}

/** One language stands in for the other until somebody writes both. */
const both = (label: { zh: string; en: string }): { zh: string; en: string } => ({
  zh: label.zh.trim() || label.en.trim(),
  en: label.en.trim() || label.zh.trim(),
})

/** The text as it is saved. */
export function readyToSave(text: RuleText, id: string): RuleText {
  const { hint, ...rest } = text
  const filled = hint && (hint.zh.trim() !== '' || hint.en.trim() !== '') ? { hint: both(hint) } : {}
  const name = both(text.name)
  const reason = both(text.reason)
  return {
    ...{ ...rest, ...filled, name },
    reason: reason.zh === '' ? name : reason,
    type: text.type.trim() || id,
  }
}
