import type { ReactNode } from 'react'
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
  return error => {
    if (error === null || error === undefined) return null
    if (!(error instanceof ApiError)) return String(error)
    const flaw = error.code === 'password_refused' ? flawOf(error) : undefined
    if (flaw !== undefined) return t(flaw)
    const known = Object.entries(KNOWN).find(([code]) => code === error.code)
    return known ? t(known[1]) : error.detail === '' ? error.code : error.detail
  }
}

const FLAWS = {
  too_short: 'flaw.too_short',
  too_long: 'flaw.too_long',
  too_common: 'flaw.too_common',
  names_you: 'flaw.names_you',
} as const

/** Why a password is not taken, which the server tells as a code. */
function flawOf(error: ApiError): (typeof FLAWS)[keyof typeof FLAWS] | undefined {
  const code = error.problem?.more?.flaw
  return Object.entries(FLAWS).find(([known]) => known === code)?.[1]
}
