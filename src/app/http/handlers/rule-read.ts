import { type Change, readChanges, readVersions, type StoredVersion } from '../../../modules/rules/index.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'

export interface Known {
  readonly changes: readonly Change[]
  readonly versions: readonly StoredVersion[]
}

export async function readAll({ db }: HttpDeps): Promise<Known> {
  const { changes, versions } = await readChanges(db)
  return { changes, versions: [...versions, ...(await readVersions(db))] }
}

/** @throws ApiProblem rule_not_found */
export async function readRule({ db }: HttpDeps, id: string): Promise<Known> {
  const { changes, versions } = await readChanges(db)
  const own = [...versions.filter(v => v.rule === id), ...(await readVersions(db, id))]
  if (own.length === 0) throw new ApiProblem('rule_not_found', `There is no rule ${id}: look it up with GET /v1/rules.`)
  return { changes, versions: own }
}

/** @throws ApiProblem rule_version_not_found */
export function versionOrRefuse(versions: readonly StoredVersion[], id: string, n: number): StoredVersion {
  const version = versions.find(v => v.version === n)
  if (version) return version
  const there = versions.map(v => v.version).join(', ')
  throw new ApiProblem('rule_version_not_found', `Rule ${id} has no version ${n}: it has ${there}.`)
}
