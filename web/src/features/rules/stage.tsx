import type { ReactNode } from 'react'
import type { RuleItem } from '../../../../src/contract/api/index.ts'
import { Tag } from '../../kit/tag.tsx'
import { useRuleTexts } from './texts.ts'

export type Stage = RuleItem['stage']

export const STAGES: readonly Stage[] = ['draft', 'shadow', 'live', 'retired']

const TONES = { draft: 'accent', shadow: 'violet', live: 'green', retired: 'plain' } as const

export function StageTag({ of }: { of: Stage }): ReactNode {
  const t = useRuleTexts()
  return <Tag tone={TONES[of]}>{t(`stage.${of}`)}</Tag>
}
