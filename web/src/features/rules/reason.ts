import { useCallback } from 'react'
import { useRuleTexts } from './texts.ts'

/** What the history says of what came with a release, in the words of the server. */
const SHIPPED = 'shipped with this release'

/** Why a version was written or a change made: people say it in their own words, a release in the reader's. */
export function useReason(): (by: string, reason: string) => string {
  const t = useRuleTexts()
  return useCallback((by, reason) => (by === 'system' && reason === SHIPPED ? t('reason.shipped') : reason), [t])
}
