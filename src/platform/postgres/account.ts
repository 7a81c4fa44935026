import { existsSync, readFileSync, statSync } from 'node:fs'
import { type Account, run } from './run.ts'

interface PasswdEntry {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * The accounts to try, best first. Not root: only ourselves. Root: the owner of the existing cluster, else `postgres`,
 * else `nobody`; the same by namespace comes last, since many containers forbid namespaces.
 */
export function accountsFor(cluster: string): Account[] {
  const uid = process.getuid?.() ?? -1
  if (uid !== 0) return [{ kind: 'self', uid, gid: process.getgid?.() ?? -1, name: 'self' }]
  const passwd = readPasswd()
  const owner = existsSync(cluster) ? statSync(cluster).uid : null
  const byName = ['postgres', 'nobody'].flatMap(name => passwd.find(e => e.name === name) ?? [])
  // initdb looks its uid up, so an owner that is not in the passwd file can only be used for a cluster that exists.
  const ownerEntry =
    owner === null || owner === 0
      ? []
      : [passwd.find(e => e.uid === owner) ?? { name: `uid ${owner}`, uid: owner, gid: owner }]
  const entries = ownerEntry.length > 0 ? ownerEntry : byName
  const switches = entries.map((e): Account => ({ kind: 'switch', ...e }))
  const maps = byName.slice(-1).map((e): Account => ({ kind: 'map', ...e }))
  // Files of root inside the cluster mean that it was made through a namespace.
  return owner === 0 ? [...maps, ...switches] : [...switches, ...maps]
}

/** The same account reached by namespace or switch owns its files as this uid and gid, seen from outside. */
export const fileOwner = (account: Account): { uid: number; gid: number } =>
  account.kind === 'map' ? { uid: 0, gid: 0 } : { uid: account.uid, gid: account.gid }

/** True when `account` can enter and write `dir`. */
export function canWrite(account: Account, dir: string): boolean {
  const result = run({ account, file: '/bin/sh', args: ['-c', 'cd "$1" && test -w . && test -x .', 'sh', dir] })
  return result.code === 0
}

function readPasswd(): PasswdEntry[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map(line => line.split(':'))
      .filter(fields => fields.length >= 4)
      .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }))
  } catch {
    return []
  }
}
