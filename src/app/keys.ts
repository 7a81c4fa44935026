import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from '../platform/directory.ts'
import { codeOf } from '../platform/error.ts'
import { UsageError } from './cli/usage-error.ts'

const BYTES = 32

export interface MasterKey {
  readonly bytes: Buffer
  /** It was made just now: an empty world may be founded on it, an old one cannot be read with it. */
  readonly fresh: boolean
}

/** The master secret: as configured, else of `<data>/secret.key`, which is made at the first start (0600). */
export function masterKey(dataDir: string, configured: Buffer | undefined): MasterKey {
  if (configured) return { bytes: configured, fresh: false }
  const path = join(dataDir, 'secret.key')
  const fresh = !existsSync(path) && makeKey(dataDir, path)
  const bytes = readFileSync(path)
  if (bytes.length !== BYTES)
    throw new UsageError(`${path} does not hold ${BYTES} bytes: restore it from your backup, or set ANDON_MASTER_KEY.`)
  return { bytes, fresh }
}

/** Whether others may read the file; nothing is known on Windows. */
export const keyIsPrivate = (dataDir: string): boolean =>
  process.platform === 'win32' || (statSync(join(dataDir, 'secret.key')).mode & 0o077) === 0

// Written beside and linked: two first starts end up with one key, and a crash leaves none that is half written.
function makeKey(dataDir: string, path: string): boolean {
  makeDirectory(dataDir)
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, randomBytes(BYTES), { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (existsSync(path)) return false
    // A file system without links.
    if (codeOf(error) === '') throw error
    writeFileSync(path, readFileSync(draft), { mode: 0o600, flag: 'wx' })
    return true
  } finally {
    rmSync(draft, { force: true })
  }
}
