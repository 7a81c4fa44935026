import type { Label } from '../../../contract/facts.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { type AccessDeps, audited, type By, Denied, demand } from '../access.ts'
import { rightsOf } from '../core-reach.ts'
import { BUILT_IN, isBuiltIn } from '../core-roles.ts'
import { isRoleInUse } from '../people.ts'
import { insertRole, ownRoles, roleVersions, type StoredRole } from '../roles.ts'
import type { Cells, Role } from '../types.ts'
import { demandWithin } from './giving.ts'

/** Built-in roles, then those that people made; retired ones at the end. */
export async function allRoles({ db }: Pick<AccessDeps, 'db'>): Promise<(Role | StoredRole)[]> {
  const own = await ownRoles(db)
  return [...BUILT_IN, ...own.filter(role => !role.retired), ...own.filter(role => role.retired)]
}

export interface RoleGiven {
  readonly id: string
  readonly name: Label
  readonly cells: Cells
}

/** @throws Denied not_allowed, role_exists, beyond_your_rights */
export async function createRole(deps: AccessDeps, by: By, given: RoleGiven): Promise<StoredRole> {
  demand(by.principal, 'role.manage')
  demandCells(by, given.cells)
  const { id } = given
  if (isBuiltIn(id) || (await roleVersions(deps.db, id)).length > 0)
    throw new Denied('role_exists', `There is a role ${id} already, or there was one: choose another id.`)
  return write(deps, by, { role: { ...version(deps, by), ...given, version: 1, retired: false } })
}

/** @throws Denied not_allowed, role_not_found, role_built_in, role_changed, beyond_your_rights */
export async function changeRole(
  deps: AccessDeps,
  by: By,
  given: RoleGiven & { readonly version: number },
): Promise<StoredRole> {
  demand(by.principal, 'role.manage')
  const before = await ownRole(deps, given.id)
  // Who has it now keeps what they have no right to touch.
  demandCells(by, before.cells)
  demandCells(by, given.cells)
  return write(deps, by, {
    role: { ...version(deps, by), ...given, version: given.version + 1, retired: false },
    before,
  })
}

/** A role that nobody has can be retired; its versions stay for the trail. */
export async function retireRole(
  deps: AccessDeps,
  by: By,
  { id, version: seen }: { id: string; version: number },
): Promise<StoredRole> {
  demand(by.principal, 'role.manage')
  const before = await ownRole(deps, id)
  if (await isRoleInUse(deps.db, id)) throw new Denied('role_in_use', 'People have this role: give them another first.')
  return write(deps, by, { role: { ...before, ...version(deps, by), version: seen + 1, retired: true }, before })
}

const version = (deps: AccessDeps, { principal }: By) => ({ actor: principal.actor, at: deps.now() })

async function ownRole({ db }: AccessDeps, id: string): Promise<StoredRole> {
  if (isBuiltIn(id)) throw new Denied('role_built_in', 'Built-in roles stay as they are: make one of your own.')
  const newest = (await roleVersions(db, id))[0]
  if (newest === undefined || newest.retired) throw new Denied('role_not_found', `There is no role ${id}.`)
  return newest
}

/** Gives a role only what one has. */
function demandCells({ principal }: By, cells: Cells): void {
  const whole = { id: 'new', name: { zh: '', en: '' }, cells, version: 0 }
  const rights = rightsOf([{ role: 'new', shops: null, warehouses: null }], new Map([['new', whole]]), {
    actor: 'user:somebody',
    teamOwners: [],
  })
  demandWithin(principal, rights)
}

async function write(
  deps: AccessDeps,
  by: By,
  { role, before }: { role: StoredRole; before?: StoredRole },
): Promise<StoredRole> {
  await audited(deps, by.who, async tx => {
    if (before && before.version !== role.version - 1) throw roleChanged()
    if (!(await insertRole(tx, role))) throw roleChanged()
    const verb = role.retired ? 'role.retire' : before ? 'role.change' : 'role.create'
    const subject = { kind: 'role', id: role.id }
    return { result: null, what: { verb, subject, ...(before && { before: shown(before) }), after: shown(role) } }
  })
  deps.principals.forget()
  return role
}

const roleChanged = (): Denied =>
  new Denied('role_changed', 'Somebody else changed this role meanwhile: look again, then decide.')

const shown = ({ name, cells, version: v }: StoredRole): JsonObject => ({
  ...{ label: { ...name }, cells: { ...cells }, version: v },
})
