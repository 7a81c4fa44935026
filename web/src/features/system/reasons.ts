import { useCallback } from 'react'
import { errorText, flawsOf, saysMore } from './model.ts'
import { useSystemTexts } from './texts.ts'
import { zhCN } from './zh-CN.ts'

type ReasonKey = Extract<keyof typeof zhCN, `reason.${string}`>
const isReason = (key: string): key is ReasonKey => Object.hasOwn(zhCN, key)

/** As PostgreSQL numbers its errors. */
const SQLSTATE = /^[0-9A-Z]{5}$/

/**
 * Why a message was refused, by its codes, in the reader's language, and what the door
 * says beyond the code, as a bound; words that came without a known code stay as they are.
 */
export function useReason(): (code: string, error: Readonly<Record<string, unknown>>) => string {
  const t = useSystemTexts()
  return useCallback(
    (code, error) => {
      const said = (one: string): string | null => {
        const key = `reason.${SQLSTATE.test(one) ? 'database' : one}`
        return isReason(key) ? t(key) : null
      }
      const flaws = flawsOf(error).map(flaw => {
        const word = said(flaw.code)
        const exactly = word !== null && saysMore(flaw)
        const what = exactly ? t('flaw.exactly', { word, detail: flaw.message }) : (word ?? flaw.message)
        return flaw.pointer === '' ? what : t('flaw', { where: flaw.pointer, what })
      })
      return flaws.length > 0 ? flaws.join('; ') : (said(code) ?? errorText(error))
    },
    [t],
  )
}
