import { isPasswordFlaw, PASSWORD_FLAWS } from '../../contract/access.ts'
import { isRight } from '../../contract/rights.ts'
import type { Denied } from '../../modules/access/index.ts'
import { notAllowed } from './caller.ts'
import { ApiProblem } from './problem.ts'

/** What a verb of the access room refuses, as the API says it: with a sentence in both languages. */
export function problemOfDenied({ code, message, more }: Denied): ApiProblem {
  if (code === 'not_allowed') {
    const { right } = more
    return notAllowed(typeof right === 'string' && isRight(right) ? right : 'user.manage')
  }
  if (code === 'password_refused' && isPasswordFlaw(more.flaw)) {
    const sentence = PASSWORD_FLAWS[more.flaw]
    const errors = [{ pointer: '/password', code: more.flaw, message: sentence.en }]
    return new ApiProblem(code, `${sentence.en}.`, { errors, more: { flaw: more.flaw, sentence } })
  }
  const headers: Record<string, string> = typeof more.retry === 'number' ? { 'retry-after': String(more.retry) } : {}
  return new ApiProblem(code, message, { headers, more })
}
