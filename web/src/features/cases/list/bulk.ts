import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useLanguage } from '../../../kit/time.tsx'
import { ApiError, call, newKey } from '../../../lib/api.ts'
import { toast } from '../../../lib/toasts.ts'
import { useCaseTexts } from '../texts.ts'

const AT_ONCE = 500

/** Carries a command out on many cases; says what was done and what was refused, and offers the way back. */
export function useBulk(): (command: 'acknowledge' | 'release', ids: readonly string[]) => Promise<void> {
  const t = useCaseTexts()
  const language = useLanguage()
  const client = useQueryClient()
  return useCallback(
    async function run(command: 'acknowledge' | 'release', ids: readonly string[]): Promise<void> {
      try {
        const body = { command, ids: ids.slice(0, AT_ONCE), with: {} }
        const { done, skipped } = await call('bulkCases', { body, idempotencyKey: newKey() })
        const back = done.map(one => one.id)
        const undo = command === 'acknowledge' && back.length > 0 ? () => void run('release', back) : undefined
        const said = command === 'acknowledge' ? t('claimed', { count: done.length }) : t('claimed.undone')
        if (done.length > 0) toast(said, undo === undefined ? {} : { undo })
        const first = skipped[0]
        if (first !== undefined) {
          const why = language === 'en' ? first.sentence.en : first.sentence.zh
          toast(t('bulk.skipped', { count: skipped.length, why }), { tone: 'bad' })
        }
      } catch (error) {
        toast(error instanceof ApiError ? error.detail : String(error), { tone: 'bad' })
      }
      await client.invalidateQueries({ queryKey: ['listCases'] })
    },
    [t, language, client],
  )
}
