import type { AuditWhat, AuditWho } from '../../../contract/audit.ts'
import { SECOND } from '../../../kernel/instant.ts'
import { type AccessDeps, Denied } from '../access.ts'
import type { From, Told } from '../auth.ts'
import { passwordFlaw } from '../core-password.ts'
import { type Person, personById } from '../people.ts'
import { endSessionOfToken } from '../sessions.ts'
import type { Throttle, Try } from '../throttle.ts'

/** What the ways of coming in have in common. */

export interface EntryDeps extends AccessDeps {
  readonly throttle: Throttle
}

/** A request of somebody who is not known yet, and how the trail names it. */
export interface Knock {
  readonly from: From
  readonly who: AuditWho
}

/** The one who knocked, now that it is known who it is. Whatever is recorded of them tells of this request. */
export function knownAs(deps: AccessDeps, { who }: Knock, { handle }: Pick<Person, 'handle'>): AuditWho {
  deps.audit.tellsOf(who)
  return { ...who, actor: `user:${handle}` }
}

/** @throws Denied too_many_tries, with the seconds to wait; written down */
export async function tryOrWait(deps: EntryDeps, knock: Knock, asked: { account: string; verb: string }): Promise<Try> {
  const { account, verb } = asked
  const begun = await deps.throttle.begin({ account, address: knock.from.address, now: deps.now() })
  if (!('wait' in begun)) return begun
  refused(deps, knock, { verb, code: 'too_many_tries', subject: { kind: 'account', id: account } })
  const retry = Math.ceil(begun.wait / SECOND)
  throw new Denied('too_many_tries', `Wait ${retry} seconds, then try again.`, { retry })
}

/** Counted, so that a flood of tries is not a flood of rows. */
export function refused(deps: AccessDeps, { who }: Knock, what: AuditWhat): void {
  deps.audit.refused(who, what)
  deps.audit.tellsOf(who)
}

/** The session that the browser had before ends, so that nobody who knew it is signed in with it. */
export async function endBefore(deps: AccessDeps, { from }: Knock, now: string | null): Promise<void> {
  const before = deps.auth.tokenIn(from.cookie)
  if (before !== null && before !== now) await endSessionOfToken(deps.db, before)
  deps.principals.forget()
}

/** A session was made. */
export async function arrived(
  deps: AccessDeps,
  knock: Knock,
  { told, verb }: { told: Told; verb: string },
): Promise<readonly string[]> {
  const { user, token } = told.body
  await endBefore(deps, knock, typeof token === 'string' ? token : null)
  const person = await personById(deps.db, idIn(user))
  if (person) {
    const subject = { kind: 'person', id: person.handle }
    await deps.audit.record(knownAs(deps, knock, person), { verb, subject })
  }
  return told.cookies
}

/** Signs somebody in whose link or password was just checked. @throws Denied sign_in_refused */
export async function enter(deps: AccessDeps, knock: Knock, person: Pick<Person, 'id'>): Promise<readonly string[]> {
  const told = await deps.auth.open(knock.from, person.id)
  if (told.status >= 400 || typeof told.body.token !== 'string') throw signInRefused()
  await endBefore(deps, knock, told.body.token)
  return told.cookies
}

export const signInRefused = (): Denied =>
  new Denied('sign_in_refused', 'The mail address or the password is wrong, or this person may not sign in.')

const idIn = (user: unknown): string =>
  typeof user === 'object' && user !== null && 'id' in user && typeof user.id === 'string' ? user.id : ''

/** @throws Denied password_refused, with the flaw */
export function demandPassword(password: string, person: { name: string; mail: string; handle?: string }): void {
  const flaw = passwordFlaw(password, { names: [person.name, person.mail, person.handle ?? ''] })
  if (flaw !== null) throw new Denied('password_refused', 'Choose another password.', { flaw })
}
