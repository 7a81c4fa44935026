import type { JsonObject } from '../../../kernel/json.ts'
import { type AccessDeps, audited, type By, Denied } from '../access.ts'
import type { Told } from '../auth.ts'
import { type Person, passwordHash, setPasswordHash, updatePerson } from '../people.ts'
import { endSessions } from '../sessions.ts'
import { voidTickets } from '../tickets.ts'
import { demandPassword, type EntryDeps, type Knock, tryOrWait } from './entry.ts'
import { found } from './people.ts'

/** What people do with their own account. A key has none. */

/** @throws Denied persons_only */
export async function myself(deps: AccessDeps, { principal }: By): Promise<Person> {
  if (principal.kind !== 'person' && principal.kind !== 'guest')
    throw new Denied('persons_only', 'This is for people who signed in: a key has no account of its own.')
  return found(deps, principal.id)
}

export async function changeMyself(
  deps: AccessDeps,
  by: By,
  change: { name?: string | undefined; language?: string | undefined },
): Promise<void> {
  const person = await myself(deps, by)
  const { name = person.name, language = person.language } = change
  await audited(deps, by.who, async tx => {
    if (!(await updatePerson(tx, { ...person, name, language }, deps.now())))
      throw new Denied('person_changed', 'Your account was changed meanwhile: look again.')
    const before = { name: person.name, language: person.language }
    const what = { verb: 'account.change', subject: subjectOf(person), before, after: { name, language } }
    return { result: null, what }
  })
  deps.principals.forget()
}

/** Ends every other session. @throws Denied wrong_password, password_refused, too_many_tries */
export async function changePassword(
  deps: EntryDeps,
  by: By,
  { knock, before, next }: { knock: Knock; before: string; next: string },
): Promise<number> {
  const person = await myself(deps, by)
  await demandOwnPassword(deps, { knock, person, password: before })
  demandPassword(next, person)
  const hash = await deps.auth.hash(next)
  const ended = await audited(deps, by.who, async tx => {
    await setPasswordHash(tx, { id: deps.newId(), person: person.id, hash, at: deps.now() })
    const but = by.principal.via
    const result = await endSessions(tx, person.id, { ...(but !== undefined && { but }) })
    await voidTickets(tx, person.id, ['reset', 'sign_in'])
    return { result, what: { verb: 'password.change', subject: subjectOf(person), after: { sessionsEnded: result } } }
  })
  deps.principals.forget()
  return ended
}

/** @throws Denied wrong_password, too_many_tries */
async function demandOwnPassword(
  deps: EntryDeps,
  { knock, person, password }: { knock: Knock; person: Person; password: string },
): Promise<void> {
  const attempt = await tryOrWait(deps, knock, { account: person.mail, verb: 'password.check' })
  const hash = await passwordHash(deps.db, person.id)
  if (hash === null || !(await deps.auth.isPassword(password, hash)))
    throw new Denied('wrong_password', 'The present password is wrong.')
  await attempt.succeeded()
}

// ---- second factor ----

/** The address for the authenticator and the recovery codes, both shown this once. It counts when `confirmTotp` was told a code. */
export async function startTotp(
  deps: EntryDeps,
  by: By,
  { knock, password }: { knock: Knock; password: string },
): Promise<{ uri: string; recoveryCodes: readonly string[] }> {
  const person = await myself(deps, by)
  await demandOwnPassword(deps, { knock, person, password })
  const { body } = demandOk(await deps.auth.startTotp(knock.from, password))
  return { uri: String(body.totpURI), recoveryCodes: textsIn(body.backupCodes) }
}

export async function confirmTotp(
  deps: EntryDeps,
  by: By,
  { knock, code }: { knock: Knock; code: string },
): Promise<readonly string[]> {
  const person = await myself(deps, by)
  const attempt = await tryOrWait(deps, knock, { account: `confirm ${person.mail}`, verb: 'totp.confirm' })
  const { cookies } = demandOk(await deps.auth.confirmTotp(knock.from, code))
  await attempt.succeeded()
  return changed(deps, by, { verb: 'totp.start', person, cookies })
}

export async function stopTotp(
  deps: EntryDeps,
  by: By,
  { knock, password }: { knock: Knock; password: string },
): Promise<readonly string[]> {
  const person = await myself(deps, by)
  await demandOwnPassword(deps, { knock, person, password })
  const { cookies } = demandOk(await deps.auth.stopTotp(knock.from, password))
  return changed(deps, by, { verb: 'totp.stop', person, cookies })
}

export async function newRecoveryCodes(
  deps: EntryDeps,
  by: By,
  { knock, password }: { knock: Knock; password: string },
): Promise<readonly string[]> {
  const person = await myself(deps, by)
  await demandOwnPassword(deps, { knock, person, password })
  const { body } = demandOk(await deps.auth.newRecoveryCodes(knock.from, password))
  await deps.audit.record(by.who, { verb: 'totp.new_codes', subject: subjectOf(person) })
  return textsIn(body.backupCodes)
}

async function changed(
  deps: AccessDeps,
  by: By,
  done: { verb: string; person: Person; cookies: readonly string[] },
): Promise<readonly string[]> {
  deps.principals.forget()
  await deps.audit.record(by.who, { verb: done.verb, subject: subjectOf(done.person) })
  return done.cookies
}

const STATE = new Set(['TOTP_ALREADY_ENABLED', 'TOTP_NOT_ENABLED', 'TWO_FACTOR_NOT_ENABLED'])

/** @throws Denied second_factor_state, second_factor_refused, wrong_password */
function demandOk(told: Told): Told {
  if (told.status < 400) return told
  if (STATE.has(told.code))
    throw new Denied('second_factor_state', 'The second factor is not in a state that allows this.')
  if (told.code === 'INVALID_PASSWORD') throw new Denied('wrong_password', 'The present password is wrong.')
  throw new Denied(
    'second_factor_refused',
    'The code is wrong: take the next one, and check the clock of the telephone.',
  )
}

// ---- sessions ----

/** @param id one session; left out: all but the present one. Returns how many ended. */
export async function endMySessions(deps: AccessDeps, by: By, id: string | undefined): Promise<number> {
  const person = await myself(deps, by)
  const ended = await audited(deps, by.who, async tx => {
    const result = await endSessions(tx, person.id, id === undefined ? { but: by.principal.via ?? '' } : { id })
    if (id !== undefined && result === 0) throw new Denied('session_not_found', 'There is no such session of yours.')
    const after: JsonObject = { ended: result }
    return { result, what: { verb: 'session.end', subject: subjectOf(person), after } }
  })
  deps.principals.forget()
  return ended
}

const subjectOf = ({ handle }: Person) => ({ kind: 'person', id: handle })

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
