import type { JsonObject } from '../../../kernel/json.ts'
import type { Sql } from '../../../platform/database.ts'
import { type AccessDeps, audited, type By, Denied, demand } from '../access.ts'
import { handleOf } from '../core-handle.ts'
import { ADMINISTRATOR } from '../core-roles.ts'
import {
  holdersOf,
  insertPerson,
  listPeople,
  type Person,
  type PersonStatus,
  personByHandle,
  personById,
  personByMail,
  removeTotp,
  setAssignments,
  updatePerson,
} from '../people.ts'
import { endSessions } from '../sessions.ts'
import { voidTickets } from '../tickets.ts'
import type { Assignment } from '../types.ts'
import { demandGiving, demandPower } from './giving.ts'
import { sendLink } from './links.ts'

export interface Invitation {
  readonly name: string
  readonly mail: string
  /** Made of the mail address when left out. */
  readonly handle: string | undefined
  readonly language: string | null
  readonly teams: readonly string[]
  readonly roles: readonly Assignment[]
}

/** What became of a link: mailed, or to be handed over by who asked for it. */
export interface Link {
  readonly sent: boolean
  readonly link: string | null
}

/** Adds a person, who joins by the link. @throws Denied not_allowed, role_not_found, beyond_your_rights, person_exists */
export async function invitePerson(
  deps: AccessDeps,
  by: By,
  given: Invitation,
): Promise<{ person: Person; link: Link }> {
  demand(by.principal, 'user.manage')
  await demandGiving(deps, by, given.roles)
  const id = deps.newId()
  await audited(deps, by.who, async tx => {
    const handle = await freeHandle(tx, given)
    if ((await personByMail(tx, given.mail)) !== null) throw personExists('mail')
    const { name, mail, language, teams, roles } = given
    await insertPerson(tx, { id, handle, name, mail, status: 'invited', language, teams }, deps.now())
    await setAssignments(tx, id, roles)
    const after = { name, mail, teams: [...teams], roles: rolesText(roles) }
    return { result: null, what: { verb: 'person.invite', subject: { kind: 'person', id: handle }, after } }
  })
  const person = await found(deps, id)
  return { person, link: await sendLink(deps, person, 'invitation') }
}

const personExists = (field: string): Denied =>
  new Denied('person_exists', `There is somebody with this ${field} already.`, { field })

async function freeHandle(tx: Sql, { handle, mail }: Invitation): Promise<string> {
  if (handle === undefined) {
    const like = await listPeople(tx, { q: undefined }, { after: '', limit: 100_000 })
    return handleOf(mail, new Set(like.map(person => person.handle)))
  }
  if ((await personByHandle(tx, handle)) !== null) throw personExists('handle')
  return handle
}

/** A new link for somebody who has not joined, or has forgotten their password. The one before is void. */
export async function renewLink(deps: AccessDeps, by: By, id: string): Promise<Link> {
  demand(by.principal, 'user.manage')
  const person = await found(deps, id)
  await demandPower(deps, by, person)
  if (person.status === 'disabled') throw new Denied('person_changed', 'This person is disabled: enable them first.')
  const kind = person.status === 'invited' ? 'invitation' : 'reset'
  await deps.audit.record(by.who, { verb: `link.${kind}`, subject: { kind: 'person', id: person.handle } })
  return sendLink(deps, person, kind)
}

export interface PersonChange {
  readonly id: string
  /** The version that was looked at. */
  readonly version: number
  readonly name?: string | undefined
  readonly language?: string | null | undefined
  readonly teams?: readonly string[] | undefined
  readonly roles?: readonly Assignment[] | undefined
}

/** @throws Denied not_allowed, person_not_found, person_changed, beyond_your_rights, role_not_found, last_administrator */
export async function changePerson(deps: AccessDeps, by: By, change: PersonChange): Promise<Person> {
  demand(by.principal, 'user.manage')
  const { id } = change
  const before = await found(deps, id)
  await demandPower(deps, by, before)
  if (change.roles) await demandGiving(deps, by, change.roles)
  const { name = before.name, language = before.language, teams = before.teams, roles = before.assignments } = change
  const after = { ...before, version: change.version, name, language, teams }
  await audited(deps, by.who, async tx => {
    await write(tx, deps, after)
    if (change.roles) await setAssignments(tx, id, roles)
    await demandAdministrator(tx)
    const subject = { kind: 'person', id: before.handle }
    return {
      result: null,
      what: { verb: 'person.change', subject, before: shown(before), after: shown({ ...after, assignments: roles }) },
    }
  })
  deps.principals.forget()
  return found(deps, id)
}

/** Lets nobody in by this person any more, or again. Ends their sessions. */
export async function setPersonStatus(
  deps: AccessDeps,
  by: By,
  { id, status }: { id: string; status: Exclude<PersonStatus, 'invited'> },
): Promise<Person> {
  demand(by.principal, 'user.manage')
  const before = await found(deps, id)
  await demandPower(deps, by, before)
  await audited(deps, by.who, async tx => {
    await write(tx, deps, { ...before, status })
    if (status === 'disabled') {
      await endSessions(tx, id)
      await voidTickets(tx, id, ['invitation', 'reset', 'sign_in'])
      await demandAdministrator(tx)
    }
    const verb = status === 'disabled' ? 'person.disable' : 'person.enable'
    return { result: null, what: { verb, subject: { kind: 'person', id: before.handle } } }
  })
  deps.principals.forget()
  return found(deps, id)
}

/** For who has lost their telephone and their recovery codes. */
export async function clearTotp(deps: AccessDeps, by: By, id: string): Promise<Person> {
  demand(by.principal, 'user.manage')
  const person = await found(deps, id)
  await demandPower(deps, by, person)
  await audited(deps, by.who, async tx => {
    await removeTotp(tx, id)
    await endSessions(tx, id)
    return { result: null, what: { verb: 'person.clear_totp', subject: { kind: 'person', id: person.handle } } }
  })
  deps.principals.forget()
  return found(deps, id)
}

/** Signs somebody out everywhere. Returns how many sessions ended. */
export async function endSessionsOf(deps: AccessDeps, by: By, id: string): Promise<number> {
  demand(by.principal, 'user.manage')
  const person = await found(deps, id)
  await demandPower(deps, by, person)
  const ended = await audited(deps, by.who, async tx => {
    const result = await endSessions(tx, id)
    return {
      result,
      what: { verb: 'person.end_sessions', subject: { kind: 'person', id: person.handle }, after: { ended: result } },
    }
  })
  deps.principals.forget()
  return ended
}

/** Somebody who is there without an invitation: found by their handle, or made. */
export async function ensurePerson(
  deps: AccessDeps,
  by: By,
  { handle, name, mail, role }: { handle: string; name: string; mail: string; role: string },
): Promise<Person> {
  demand(by.principal, 'user.manage')
  const known = await personByHandle(deps.db, handle)
  if (known !== null) return known
  const id = deps.newId()
  await audited(deps, by.who, async tx => {
    await insertPerson(tx, { id, handle, name, mail, status: 'active', language: null, teams: [] }, deps.now())
    await setAssignments(tx, id, [{ role, shops: null, warehouses: null }])
    return { result: null, what: { verb: 'person.set_up', subject: { kind: 'person', id: handle } } }
  })
  return found(deps, id)
}

/** @throws Denied person_not_found */
export async function found({ db }: Pick<AccessDeps, 'db'>, id: string): Promise<Person> {
  const person = await personById(db, id)
  if (person === null) throw new Denied('person_not_found', `There is no person ${id}: see GET /v1/people.`)
  return person
}

async function write(tx: Sql, deps: AccessDeps, person: Person): Promise<void> {
  if (await updatePerson(tx, person, deps.now())) return
  throw new Denied('person_changed', 'Somebody else changed this person meanwhile: look again, then decide.')
}

/** @throws Denied last_administrator */
async function demandAdministrator(tx: Sql): Promise<void> {
  if ((await holdersOf(tx, ADMINISTRATOR)).length > 0) return
  throw new Denied('last_administrator', 'Somebody must remain an administrator: name another one first.')
}

const shown = ({ name, language, teams, assignments }: Person): JsonObject => ({
  ...{ name, language, teams: [...teams], roles: rolesText(assignments) },
})

/** One line a role, as the trail shows it. */
const rolesText = (roles: readonly Assignment[]): string[] =>
  roles.map(({ role, shops, warehouses }) =>
    [
      role,
      ...(shops ? [`shops ${shops.join(' ')}`] : []),
      ...(warehouses ? [`warehouses ${warehouses.join(' ')}`] : []),
    ].join(', '),
  )
