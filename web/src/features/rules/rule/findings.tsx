import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Pane } from '../../../kit/region.tsx'
import { asking } from '../../../lib/query.ts'
import { FindingList } from '../list/finding-list.tsx'
import { readyToSave } from '../model/draft.ts'
import { useRuleTexts } from '../texts.ts'
import type { Editing } from './editing.ts'
import { useSettled } from './settled.ts'

/** The search for examples of overlaps takes a moment: not at every key. */
const PAUSE = 1500

/** What is odd about the rule among the others, as it would be with this text. */
export function Findings({ draft, id }: Editing): ReactNode {
  const t = useRuleTexts()
  const text = useSettled(draft.text, PAUSE)
  const rule = id ?? 'new'
  const query = useQuery({
    ...asking('lintRules', { body: draft.changed || id === null ? { rule, text: readyToSave(text, rule) } : { rule } }),
    enabled: draft.checked.ok && text.name.zh + text.name.en !== '',
    placeholderData: old => old,
  })
  if (query.data === undefined && query.error === null) return null
  return (
    <Pane title={t('findings.title')} sub={t('findings.sub')}>
      <FindingList query={query} />
    </Pane>
  )
}
