import { chownSync, existsSync, lchownSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PlatformError } from '../error.ts'
import { fileOwner } from './account.ts'
import { findNative } from './binaries.ts'
import { chooseSite, makeDirectoryFor } from './cluster.ts'
import { lockDataDir } from './data-lock.ts'
import { preparePlace } from './place.ts'

/** @throws PlatformError CLUSTER_VERSION when a cluster of this major version cannot be run here */
export function requireMajor(major: string): void {
  const ours = findNative().version.split('.')[0] ?? ''
  if (ours === major) return
  throw new PlatformError(
    'CLUSTER_VERSION',
    `The backup was made by PostgreSQL ${major} and this release brings ${ours}: unpack it for a server of that version with --unpack.`,
  )
}

/**
 * Puts a cluster where a data directory keeps its own, which must be empty: `fill` writes it into a neighbour directory,
 * which gets its name and its owner when it is whole, so that a restore that broke off leaves nothing that looks like one.
 * @throws PlatformError TARGET_NOT_EMPTY, DATA_DIR_IN_USE, DATA_DIR_NOT_WRITABLE; whatever `fill` throws
 */
export async function fillCluster(dataDir: string, fill: (directory: string) => Promise<void>): Promise<void> {
  const place = preparePlace(dataDir)
  const lock = lockDataDir(join(place.runDir, 'lock'))
  if (lock === null)
    throw new PlatformError('DATA_DIR_IN_USE', `Andon runs on ${place.dataDir}: stop it, or choose another.`)
  try {
    const site = chooseSite(place.dataDir)
    if (existsSync(site.cluster) && readdirSync(site.cluster).length > 0)
      throw new PlatformError(
        'TARGET_NOT_EMPTY',
        `${place.dataDir} holds a database already: restore into an empty directory.`,
      )
    const fresh = `${site.cluster}.new`
    rmSync(fresh, { recursive: true, force: true })
    makeDirectoryFor(site.account, fresh)
    try {
      await fill(fresh)
      if (site.account.kind !== 'self') giveTo(fileOwner(site.account), fresh)
      rmSync(site.cluster, { recursive: true, force: true })
      renameSync(fresh, site.cluster)
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true })
      throw error
    }
  } finally {
    lock.release()
  }
}

function giveTo({ uid, gid }: { uid: number; gid: number }, dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true }))
    lchownSync(join(entry.parentPath, entry.name), uid, gid)
  chownSync(dir, uid, gid)
}
