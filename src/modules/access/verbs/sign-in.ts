import { Denied } from '../access.ts'
import { personById } from '../people.ts'
import { endSessionOfToken } from '../sessions.ts'
import { useCode } from '../throttle.ts'
import { arrived, type EntryDeps, type Knock, refused, signInRefused, tryOrWait } from './entry.ts'

/** `second_factor`: the password was right, and a code is asked for next. */
export interface SignedIn {
  readonly step: 'signed_in' | 'second_factor'
  readonly cookies: readonly string[]
}

const VERB = 'session.sign_in'

/**
 * Signs in by mail and password. Who is not known, has another password or may not come in is answered alike, after the
 * same work.
 * @throws Denied sign_in_refused, too_many_tries
 */
export async function signIn(
  deps: EntryDeps,
  knock: Knock,
  { mail, password }: { mail: string; password: string },
): Promise<SignedIn> {
  const attempt = await tryOrWait(deps, knock, { account: mail, verb: VERB })
  const told = await deps.auth.signIn(knock.from, { mail, password })
  if (told.status >= 400) {
    refused(deps, knock, { verb: VERB, code: 'sign_in_refused', subject: { kind: 'account', id: mail } })
    throw signInRefused()
  }
  await attempt.succeeded()
  if (told.body.twoFactorRedirect === true) {
    // The password was right and nobody is in yet: no sign-in, and worth knowing when the code never comes.
    await deps.audit.record(knock.who, { verb: 'session.password', subject: { kind: 'account', id: mail } })
    return { step: 'second_factor', cookies: told.cookies }
  }
  return { step: 'signed_in', cookies: await arrived(deps, knock, { told, verb: VERB }) }
}

/**
 * The second step: a code of the authenticator, or a recovery code. Each counts once.
 * @throws Denied second_factor_refused, too_many_tries
 */
export async function signInSecond(
  deps: EntryDeps,
  knock: Knock,
  { code, kind }: { code: string; kind: 'totp' | 'recovery' },
): Promise<SignedIn> {
  const verb = 'session.second_factor'
  const attempt = await tryOrWait(deps, knock, { account: `second factor ${knock.from.address}`, verb })
  const told = await deps.auth.second(knock.from, kind, code)
  if (told.status === 429) throw new Denied('too_many_tries', 'Too many wrong codes: wait 15 minutes.', { retry: 900 })
  if (told.status >= 400 || !(await isFirstUse(deps, told.body, code))) {
    refused(deps, knock, { verb, code: 'second_factor_refused' })
    throw new Denied(
      'second_factor_refused',
      'The code is wrong, used or too old: take the next one, or sign in again.',
    )
  }
  await attempt.succeeded()
  return { step: 'signed_in', cookies: await arrived(deps, knock, { told, verb: VERB }) }
}

/** Of two that send one code, the first has come in and the other has not. */
async function isFirstUse(deps: EntryDeps, body: Readonly<Record<string, unknown>>, code: string): Promise<boolean> {
  const { user, token } = body
  const person = typeof user === 'object' && user !== null && 'id' in user ? String(user.id) : ''
  if (await useCode(deps.db, deps.sealer, { person, code, now: deps.now() })) return true
  if (typeof token === 'string') await endSessionOfToken(deps.db, token)
  return false
}

/** Ends the session at once, here and everywhere within seconds. */
export async function signOut(deps: EntryDeps, knock: Knock, person: string): Promise<readonly string[]> {
  const told = await deps.auth.signOut(knock.from)
  const token = deps.auth.tokenIn(knock.from.cookie)
  if (token !== null) await endSessionOfToken(deps.db, token)
  deps.principals.forget()
  const who = await personById(deps.db, person)
  if (who) {
    const subject = { kind: 'person', id: who.handle }
    await deps.audit.record(knock.who, { verb: 'session.sign_out', subject })
  }
  return told.cookies
}
