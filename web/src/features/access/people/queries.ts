import { asking } from '../../../lib/query.ts'

export const rolesQuery = asking('listRoles', {})
export const rightsQuery = asking('listRights', {})
