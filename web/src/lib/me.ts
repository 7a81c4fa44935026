import { useQuery } from '@tanstack/react-query'
import type { Right } from '../../../src/contract/rights.ts'
import type { Reply } from './api.ts'
import { languageOf, usePrefs } from './prefs.ts'
import { asking } from './query.ts'

export type Me = Reply<'getMe'>

/** Who is signed in; asked for once, and again when the session changes. */
export const meQuery = { ...asking('getMe', {}), staleTime: 60_000 }

export const useMe = (): Me | undefined => useQuery(meQuery).data

/**
 * Why one may not do something, or null when one may. A verb without its right stays visible, disabled, and says this.
 * While nobody knows yet who asks, nothing is refused: the server decides.
 */
export function useUnable(right: Right): string | null {
  const me = useMe()
  const language = usePrefs(prefs => languageOf(prefs.language))
  if (me === undefined || me.rights.some(held => held.right === right)) return null
  const missing = me.missing.find(lacking => lacking.right === right)
  if (missing === undefined) return right
  return language === 'en' ? missing.why.en : missing.why.zh
}

/** Whether one has the right, and over some orders or cases only. While nobody knows yet who asks, nothing is narrowed. */
export const useNarrowed = (right: Right): boolean =>
  useMe()?.rights.some(held => held.right === right && held.reach !== 'all') === true

export const useMay = (right: Right): boolean => useUnable(right) === null
