import type { ReactNode } from 'react'
import { isPasswordFlaw, PASSWORD_FLAWS } from '../../../../src/contract/access.ts'
import { useLanguage } from '../../kit/time.tsx'
import { ApiError } from '../../lib/api.ts'
import { useAccessTexts } from './texts.ts'

/** What went wrong, in the words of this page where it knows the code, else in those of the server. */
export function Problem({ error }: { error: unknown }): ReactNode {
  const text = useProblemText()(error)
  return text === null ? null : (
    <p className="red problem" role="alert">
      {text}
    </p>
  )
}

const KNOWN = {
  sign_in_refused: 'problem.sign_in_refused',
  second_factor_refused: 'problem.second_factor_refused',
  too_many_tries: 'problem.too_many_tries',
  link_invalid: 'problem.link_invalid',
  wrong_password: 'problem.wrong_password',
  last_administrator: 'problem.last_administrator',
  person_exists: 'problem.person_exists',
  person_changed: 'problem.changed',
  role_changed: 'problem.changed',
  key_changed: 'problem.changed',
  role_exists: 'problem.role_exists',
  role_in_use: 'problem.role_in_use',
  key_exists: 'problem.key_exists',
  beyond_your_rights: 'problem.beyond_your_rights',
  unreachable: 'problem.unreachable',
} as const

export function useProblemText(): (error: unknown) => string | null {
  const t = useAccessTexts()
  const language = useLanguage()
  return error => {
    if (error === null || error === undefined) return null
    if (!(error instanceof ApiError)) return String(error)
    if (error.code === 'password_refused') return flaw(error, language) ?? error.detail
    const known = Object.entries(KNOWN).find(([code]) => code === error.code)
    return known ? t(known[1]) : error.detail === '' ? error.code : error.detail
  }
}

/** Why a password is not taken, which the server tells as a code. */
function flaw(error: ApiError, language: 'zh-CN' | 'en'): string | null {
  const code = error.problem?.more?.flaw ?? error.problem?.errors?.[0]?.code
  if (!isPasswordFlaw(code)) return null
  const words = PASSWORD_FLAWS[code]
  return language === 'en' ? words.en : words.zh
}
