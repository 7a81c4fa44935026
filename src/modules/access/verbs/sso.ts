import { Denied } from '../access.ts'
import { sessionByToken } from '../sessions.ts'
import { type EntryDeps, endBefore, type Knock, knownAs, refused } from './entry.ts'

/** Where a sign-in at an identity provider goes on, and the cookies to set. */
export interface Redirect {
  readonly location: string
  readonly cookies: readonly string[]
}

const VERB = 'session.sign_in'
const DONE = '/'
const FAILED = '/sign-in?problem=sso'

/** To the page of the provider. @throws Denied sso_not_found */
export async function startSso(deps: EntryDeps, knock: Knock, provider: string): Promise<Redirect> {
  const told = await deps.auth.startSso(knock.from, provider, { done: DONE, failed: FAILED })
  const { url } = told.body
  if (told.status >= 400 || typeof url !== 'string')
    throw new Denied(
      'sso_not_found',
      'This provider is not set up, or does not answer: see the log, or use a password.',
    )
  return { location: url, cookies: told.cookies }
}

/**
 * Back from the provider. Somebody who has no account here is sent away: an invitation lets people in, not an account at
 * the provider. The first time of an invited person makes them active.
 */
export async function finishSso(
  deps: EntryDeps,
  knock: Knock,
  { provider, query }: { provider: string; query: Readonly<Record<string, string>> },
): Promise<Redirect> {
  const told = await deps.auth.finishSso(knock.from, provider, query)
  const token = deps.auth.tokenIn(told.cookies.map(cookie => cookie.split(';')[0]).join('; '))
  const session = token === null ? null : await sessionByToken(deps.db, token)
  if (session === null) {
    const code = errorIn(told.body.location)
    refused(deps, knock, {
      verb: VERB,
      code: 'sso_refused',
      subject: { kind: 'provider', id: provider },
      after: { code },
    })
    return { location: FAILED, cookies: told.cookies }
  }
  await endBefore(deps, knock, token)
  await deps.audit.record(knownAs(deps, knock, session), {
    ...{ verb: VERB, subject: { kind: 'person', id: session.handle }, after: { by: provider } },
  })
  return { location: DONE, cookies: told.cookies }
}

/** What the library appended to the address of failure; never shown to people as it is. */
function errorIn(location: unknown): string {
  const params = typeof location === 'string' ? URL.parse(location, 'http://x')?.searchParams : null
  return params?.get('error')?.slice(0, 80) ?? 'unknown'
}
