import { chownSync, existsSync, lstatSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileOwner } from './account.ts'
import type { Account } from './run.ts'

export const SOCKET_PORT = 5432
// sun_path holds 108 bytes on Linux and 104 on macOS, with the final NUL.
const LONGEST = process.platform === 'darwin' ? 103 : 107

/**
 * Directory of the private unix socket: the cluster itself (0700), or, when that path is too long for a socket, a
 * 0700 directory under the system's temporary one, remembered in `<run>/socket` and used again.
 */
export function socketDirectory(cluster: string, runDir: string, account: Account): string {
  if (fits(cluster)) return cluster
  const record = join(runDir, 'socket')
  const { uid, gid } = account.kind === 'self' ? { uid: process.getuid?.() ?? -1, gid: -1 } : fileOwner(account)
  if (existsSync(record)) {
    const known = readFileSync(record, 'utf8').trim()
    const stat = lstatSync(known, { throwIfNoEntry: false })
    // Anybody can make names under the temporary directory: ours is a real directory, private, of the right owner.
    if (stat?.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0) return known
  }
  const dir = mkdtempSync(join(fits(tmpdir()) ? tmpdir() : '/tmp', 'andon-'))
  if (account.kind !== 'self') chownSync(dir, uid, gid)
  writeFileSync(record, `${dir}\n`)
  return dir
}

const fits = (dir: string): boolean => Buffer.byteLength(join(dir, `.s.PGSQL.${SOCKET_PORT}`)) <= LONGEST
