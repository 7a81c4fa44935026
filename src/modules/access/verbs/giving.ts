import type { Principal } from '../../../contract/principal.ts'
import { type AccessDeps, type By, Denied } from '../access.ts'
import { isWithin, rightsOf } from '../core-reach.ts'
import type { Person } from '../people.ts'
import type { Assignment } from '../types.ts'

/** Nobody gives away, takes away or gets hold of more than they have themselves. */

/** @throws Denied role_not_found, beyond_your_rights */
export async function demandGiving(
  { principals }: AccessDeps,
  { principal }: By,
  assignments: readonly Assignment[],
): Promise<void> {
  const roles = await principals.roles()
  const missing = assignments.find(({ role }) => !roles.has(role))
  if (missing) throw new Denied('role_not_found', `There is no role ${missing.role}: see GET /v1/roles.`)
  demandWithin(principal, rightsOf(assignments, roles, whoever))
}

/** Whose password one may set is who one may be: so only people whose rights one has. @throws Denied beyond_your_rights */
export async function demandPower({ principals }: AccessDeps, { principal }: By, over: Person): Promise<void> {
  demandWithin(principal, rightsOf(over.assignments, await principals.roles(), whoever))
}

/** @throws Denied beyond_your_rights */
export function demandWithin(principal: Principal, rights: Principal['rights']): void {
  if (isWithin(rights, principal.rights)) return
  throw new Denied('beyond_your_rights', 'This would give or touch rights that you do not have yourself.')
}

// Own and team cells reach cases of somebody; whose does not matter here, only that it is less than all.
const whoever = { actor: 'user:somebody', teamOwners: [] }
