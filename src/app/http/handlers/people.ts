import type { Answer, Routes } from '../../../contract/api/index.ts'
import { permits } from '../../../contract/principal.ts'
import { isRight, RIGHT_IDS, RIGHTS } from '../../../contract/rights.ts'
import { isoOf } from '../../../kernel/instant.ts'
import {
  allRoles,
  type Cells,
  changePerson,
  changeRole,
  clearTotp,
  createRole,
  endSessionsOf,
  foundPerson,
  invitePerson,
  isBuiltIn,
  listPeople,
  type Person,
  type Role,
  renewLink,
  retireRole,
  roleVersions,
  type StoredRole,
  setPersonStatus,
} from '../../../modules/access/index.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Caller, Handlers } from '../serve.ts'
import { byOf } from './account.ts'

type OfPeople =
  | 'listPeople'
  | 'getPerson'
  | 'invitePerson'
  | 'changePerson'
  | 'disablePerson'
  | 'enablePerson'
  | 'renewLink'
  | 'clearTotp'
  | 'endSessionsOf'
type OfRoles = 'listRights' | 'listRoles' | 'listRoleVersions' | 'createRole' | 'changeRole' | 'retireRole'

type PersonItem = Answer<Routes['getPerson']>['body']
type RoleItem = Answer<Routes['changeRole']>['body']

export function peopleHandlers({ access }: HttpDeps): Pick<Handlers, OfPeople> {
  return {
    async listPeople({ query: { limit, cursor, status, q } }, caller) {
      const after = LISTS.people.placeOf(cursor)?.[0] ?? ''
      const byMail = permits(caller.principal, 'user.manage')
      const people = await listPeople(access.db, { status, q, byMail }, { after, limit })
      const items = people.slice(0, limit).map(person => personItem(person, caller))
      const next = people.length > limit ? LISTS.people.cursorOf([items.at(-1)!.handle]) : null
      return { status: 200, body: { items, next } }
    },
    async getPerson({ params: { id } }, caller) {
      return { status: 200, body: personItem(await foundPerson(access, id), caller) }
    },
    async invitePerson({ body }, caller) {
      const { handle, language = null } = body
      const { person, link } = await invitePerson(access, byOf(caller), { ...body, handle, language })
      return { status: 201, body: { person: personItem(person, caller), invitation: link } }
    },
    async changePerson({ params: { id }, body }, caller) {
      return { status: 200, body: personItem(await changePerson(access, byOf(caller), { ...body, id }), caller) }
    },
    async disablePerson({ params: { id } }, caller) {
      const person = await setPersonStatus(access, byOf(caller), { id, status: 'disabled' })
      return { status: 200, body: personItem(person, caller) }
    },
    async enablePerson({ params: { id } }, caller) {
      const person = await setPersonStatus(access, byOf(caller), { id, status: 'active' })
      return { status: 200, body: personItem(person, caller) }
    },
    async renewLink({ params: { id } }, caller) {
      return { status: 200, body: await renewLink(access, byOf(caller), id) }
    },
    async clearTotp({ params: { id } }, caller) {
      return { status: 200, body: personItem(await clearTotp(access, byOf(caller), id), caller) }
    },
    async endSessionsOf({ params: { id } }, caller) {
      return { status: 200, body: { ended: await endSessionsOf(access, byOf(caller), id) } }
    },
  }
}

export function roleHandlers({ access }: HttpDeps): Pick<Handlers, OfRoles> {
  return {
    async listRights() {
      const items = RIGHT_IDS.map(id => {
        const { zh, en, about } = RIGHTS[id]
        return { id, name: { zh, en }, about }
      })
      return { status: 200, body: { items } }
    },
    async listRoles() {
      return { status: 200, body: { items: (await allRoles(access)).map(roleItem) } }
    },
    async listRoleVersions({ params: { id } }) {
      const versions = await roleVersions(access.db, id)
      if (versions.length === 0 && !isBuiltIn(id)) throw new ApiProblem('role_not_found', `There is no role ${id}.`)
      const items = versions.map(role => ({ ...roleItem(role), actor: role.actor, at: isoOf(role.at) }))
      return { status: 200, body: { items } }
    },
    async createRole({ body: { id, name, cells } }, caller) {
      const role = await createRole(access, byOf(caller), { id, name, cells: plain(cells) })
      return { status: 201, body: roleItem(role) }
    },
    async changeRole({ params: { id }, body: { version, name, cells } }, caller) {
      const role = await changeRole(access, byOf(caller), { id, version, name, cells: plain(cells) })
      return { status: 200, body: roleItem(role) }
    },
    async retireRole({ params: { id }, body: { version } }, caller) {
      return { status: 200, body: roleItem(await retireRole(access, byOf(caller), { id, version })) }
    },
  }
}

/** Mail addresses are for who manages people: others know their colleagues by name. */
function personItem(person: Person, { principal }: Pick<Caller, 'principal'>): PersonItem {
  const { id, handle, name, mail, status, language, teams, assignments, twoFactor, version, createdAt } = person
  return {
    ...{ id, handle, actor: `user:${handle}`, name, mail: permits(principal, 'user.manage') ? mail : null },
    ...{ status, language, teams: [...teams], twoFactor, version, createdAt: isoOf(createdAt) },
    roles: assignments.map(({ role, shops, warehouses }) => ({
      ...{ role, shops: shops && [...shops], warehouses: warehouses && [...warehouses] },
    })),
  }
}

const roleItem = (role: Role | StoredRole): RoleItem => ({
  ...{ id: role.id, version: role.version, name: { ...role.name }, builtIn: isBuiltIn(role.id) },
  ...{ retired: 'retired' in role && role.retired, cells: plain(role.cells) },
})

/** Without what is not set, and without rights that an earlier release had. */
const plain = (cells: Cells): Cells =>
  Object.fromEntries(Object.entries(cells).filter(([right, cell]) => cell !== undefined && isRight(right)))
