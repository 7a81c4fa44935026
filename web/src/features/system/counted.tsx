import type { ReactNode } from 'react'
import { count } from '../../lib/format.ts'
import { useSystemTexts } from './texts.ts'

/** How many rows a list has: exactly, or at least. */
export function Counted({ of }: { of: { readonly count: number; readonly exact: boolean } | undefined }): ReactNode {
  const t = useSystemTexts()
  if (of === undefined) return null
  return of.exact ? t('quarantine.count', { count: of.count }) : t('quarantine.countMore', { count: count(of.count) })
}
