import type { AuditWho } from '../../../contract/audit.ts'
import type { Sql } from '../../../platform/database.ts'
import { type AccessDeps, audited, Denied } from '../access.ts'
import { handleOf } from '../core-handle.ts'
import { linkMail } from '../core-mails.ts'
import { ADMINISTRATOR } from '../core-roles.ts'
import {
  holdersOf,
  insertPerson,
  type Person,
  passwordHash,
  personById,
  personByMail,
  setAssignments,
  setPasswordHash,
  updatePerson,
} from '../people.ts'
import { endSessions } from '../sessions.ts'
import { issueTicket, lookAtTicket, type Ticket, type TicketKind, takeTicket, voidTickets } from '../tickets.ts'
import { demandPassword, type EntryDeps, enter, type Knock, knownAs, tryOrWait } from './entry.ts'

/** Pages of the console that a link leads to. The token stands behind the hash, where no server and no log sees it. */
type PageKind = Exclude<TicketKind, 'sign_in' | 'practice'>
const PAGES: { readonly [K in PageKind]: string } = {
  first_run: '/setup',
  invitation: '/join',
  reset: '/reset',
}

export const linkOf = (url: string, kind: TicketKind, token: string): string =>
  kind === 'sign_in' || kind === 'practice' ? `${url}/v1/auth/link/${token}` : `${url}${PAGES[kind]}#token=${token}`

const linkInvalid = (): Denied =>
  new Denied('link_invalid', 'This link was used, has run out or is not complete: ask for a new one.')

/** What a link is for, without using it up. @throws Denied link_invalid, too_many_tries */
export async function lookAtLink(
  deps: EntryDeps,
  knock: Knock,
  token: string,
): Promise<{ ticket: Ticket & { readonly kind: PageKind }; person: Person | null }> {
  const attempt = await tryOrWait(deps, knock, { account: `link ${knock.from.address}`, verb: 'link.look' })
  const kinds = ['first_run', 'invitation', 'reset'] as const
  const ticket = await lookAtTicket(deps.db, token, { kinds, now: deps.now() })
  const person = ticket && ticket.person !== '' ? await personById(deps.db, ticket.person) : null
  if (ticket === null || (ticket.person !== '' && person === null)) throw linkInvalid()
  await attempt.succeeded()
  return { ticket, person }
}

// ---- first run ----

/** A link by which the first administrator is made; null when there is one. Earlier ones are void. */
export async function firstRunLink(deps: Pick<AccessDeps, 'db' | 'now' | 'url'>): Promise<string | null> {
  return deps.db.transaction(async tx => {
    if ((await holdersOf(tx, ADMINISTRATOR)).length > 0) return null
    const token = await issueTicket(tx, { kind: 'first_run', person: '', at: deps.now() })
    return linkOf(deps.url(), 'first_run', token)
  })
}

export interface NewAdministrator {
  readonly token: string
  readonly name: string
  readonly mail: string
  readonly password: string
  readonly language: string | null
}

/** Makes the first administrator and signs them in. @throws Denied link_invalid, password_refused, too_many_tries */
export async function setUp(deps: EntryDeps, knock: Knock, given: NewAdministrator): Promise<readonly string[]> {
  const { ticket } = await lookAtLink(deps, knock, given.token)
  if (ticket.kind !== 'first_run') throw linkInvalid()
  const handle = handleOf(given.mail, new Set())
  demandPassword(given.password, { ...given, handle })
  const hash = await deps.auth.hash(given.password)
  const id = deps.newId()
  await audited(deps, knownAs(deps, knock, { handle }), async tx => {
    await taken(tx, deps, { token: given.token, kind: 'first_run' })
    if ((await holdersOf(tx, ADMINISTRATOR)).length > 0) throw linkInvalid()
    const { name, mail, language } = given
    await insertPerson(tx, { id, handle, name, mail, status: 'active', language, teams: [] }, deps.now())
    await setAssignments(tx, id, [{ role: ADMINISTRATOR, shops: null, warehouses: null }])
    await setPasswordHash(tx, { id: deps.newId(), person: id, hash, at: deps.now() })
    return { result: null, what: { verb: 'person.set_up', subject: { kind: 'person', id: handle } } }
  })
  return enter(deps, knock, { id })
}

// ---- invitations ----

export interface Accepted {
  readonly token: string
  readonly password: string
  readonly name: string | undefined
  readonly language: string | undefined
}

/** An invited person chooses a password and is signed in. @throws Denied link_invalid, password_refused, too_many_tries */
export async function acceptInvitation(deps: EntryDeps, knock: Knock, given: Accepted): Promise<readonly string[]> {
  const { ticket, person } = await lookAtLink(deps, knock, given.token)
  if (ticket.kind !== 'invitation' || person === null || person.status !== 'invited') throw linkInvalid()
  const { name = person.name, language = person.language } = given
  demandPassword(given.password, { ...person, name })
  const hash = await deps.auth.hash(given.password)
  await audited(deps, knownAs(deps, knock, person), async tx => {
    await taken(tx, deps, { token: given.token, kind: 'invitation' })
    if (!(await updatePerson(tx, { ...person, name, language, status: 'active' }, deps.now()))) throw linkInvalid()
    await setPasswordHash(tx, { id: deps.newId(), person: person.id, hash, at: deps.now() })
    return { result: null, what: { verb: 'person.join', subject: { kind: 'person', id: person.handle } } }
  })
  return enter(deps, knock, person)
}

// ---- forgotten passwords ----

/**
 * Sends a link to whoever has this mail, if they have a password here. The caller learns nothing: the answer does not wait
 * for the look into the database, nor for the mail server. @throws Denied too_many_tries
 */
export async function askReset(
  deps: EntryDeps,
  knock: Knock,
  { mail, failed }: { mail: string; failed: (error: unknown) => void },
): Promise<void> {
  await tryOrWait(deps, knock, { account: `reset ${mail}`, verb: 'password.forget' })
  deps.audit.tellsOf(knock.who)
  void sendReset(deps, knock.who, mail).catch(failed)
}

async function sendReset(deps: EntryDeps, who: AuditWho, mail: string): Promise<void> {
  const person = await personByMail(deps.db, mail)
  const may = person?.status === 'active' && (await passwordHash(deps.db, person.id)) !== null
  await deps.audit.record(who, {
    ...{ verb: 'password.forget', subject: { kind: 'account', id: mail } },
    ...(!may && { outcome: 'refused', code: 'person_not_found' }),
  })
  if (may && person) await sendLink(deps, person, 'reset')
}

/** Makes a link and mails it, or returns it where there is no mail server. */
export async function sendLink(
  deps: AccessDeps,
  person: Person,
  kind: 'invitation' | 'reset',
): Promise<{ sent: boolean; link: string | null }> {
  const token = await issueTicket(deps.db, { kind, person: person.id, at: deps.now() })
  const link = linkOf(deps.url(), kind, token)
  if (deps.mail === null) return { sent: false, link }
  await deps.mail.send({ to: person.mail, ...linkMail(kind, { person, link, url: deps.url() }) })
  return { sent: true, link: null }
}

/** Sets a new password and ends every session; one signs in afterwards, with the second factor where there is one. */
export async function resetPassword(
  deps: EntryDeps,
  knock: Knock,
  given: { token: string; password: string },
): Promise<void> {
  const { ticket, person } = await lookAtLink(deps, knock, given.token)
  if (ticket.kind !== 'reset' || person?.status !== 'active') throw linkInvalid()
  demandPassword(given.password, person)
  const hash = await deps.auth.hash(given.password)
  await audited(deps, knownAs(deps, knock, person), async tx => {
    await taken(tx, deps, { token: given.token, kind: 'reset' })
    await setPasswordHash(tx, { id: deps.newId(), person: person.id, hash, at: deps.now() })
    const ended = await endSessions(tx, person.id)
    await voidTickets(tx, person.id, ['reset', 'sign_in'])
    return {
      result: null,
      what: { verb: 'password.reset', subject: { kind: 'person', id: person.handle }, after: { sessionsEnded: ended } },
    }
  })
  await deps.throttle.forget(person.mail)
  deps.principals.forget()
}

// ---- links that sign in ----

/**
 * A link that signs in once, for the next ten minutes: for the administrator of a practice world, and for who has lost
 * everything else. Only what has the database anyway may make one.
 */
export async function signInLink(
  deps: Pick<AccessDeps, 'db' | 'audit' | 'now' | 'url'>,
  by: AuditWho,
  person: Pick<Person, 'id' | 'handle'>,
): Promise<string> {
  const token = await issueTicket(deps.db, { kind: 'sign_in', person: person.id, at: deps.now() })
  await deps.audit.record(by, { verb: 'link.sign_in', subject: { kind: 'person', id: person.handle } })
  return linkOf(deps.url(), 'sign_in', token)
}

/**
 * A link into a practice world, for its administrator. The one of an earlier start is void. @param token the same for all
 * worlds of a process, so that one link leads into each of them
 */
export async function practiceLink(
  deps: Pick<AccessDeps, 'db' | 'now' | 'url'>,
  person: Pick<Person, 'id'>,
  token: string,
): Promise<string> {
  await issueTicket(deps.db, { kind: 'practice', person: person.id, at: deps.now(), token })
  return linkOf(deps.url(), 'practice', token)
}

/** @throws Denied link_invalid, too_many_tries */
export async function useSignInLink(deps: EntryDeps, knock: Knock, token: string): Promise<readonly string[]> {
  const attempt = await tryOrWait(deps, knock, { account: `link ${knock.from.address}`, verb: 'link.use' })
  const ticket =
    (await takeTicket(deps.db, token, { kinds: ['sign_in'], now: deps.now() })) ??
    (await lookAtTicket(deps.db, token, { kinds: ['practice'], now: deps.now() }))
  const person = ticket && (await personById(deps.db, ticket.person))
  if (!person) throw linkInvalid()
  await attempt.succeeded()
  const cookies = await enter(deps, knock, person)
  await deps.audit.record(knownAs(deps, knock, person), {
    ...{ verb: 'session.sign_in', subject: { kind: 'person', id: person.handle }, after: { by: 'link' } },
  })
  return cookies
}

async function taken(tx: Sql, deps: AccessDeps, asked: { token: string; kind: TicketKind }): Promise<void> {
  const ticket = await takeTicket(tx, asked.token, { kinds: [asked.kind], now: deps.now() })
  if (ticket === null) throw linkInvalid()
}
