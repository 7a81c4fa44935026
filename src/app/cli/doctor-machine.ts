import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { isDirectory } from '../../platform/directory.ts'
import { messageOf } from '../../platform/error.ts'
import { findNative } from '../../platform/postgres/binaries.ts'
import { shipped } from '../compose.ts'
import type { DataConfig } from '../config.ts'
import { keyIsPrivate } from '../keys.ts'
import { type Finding, fail, GIB, ok, warn } from './doctor-finding.ts'

export function node(): Finding {
  const { node: version } = process.versions
  const says = `${version} on ${process.platform} ${process.arch}`
  return Number(version.split('.')[0]) >= 24
    ? ok('node', says)
    : fail('node', says, 'use Node 24 or newer: npm start fetches it')
}

export function binaries({ databaseUrl }: DataConfig): Finding[] {
  if (databaseUrl !== undefined) return []
  try {
    return [ok('binaries', `PostgreSQL ${findNative().version} for this platform`)]
  } catch (error) {
    return [fail('binaries', messageOf(error), 'or set DATABASE_URL')]
  }
}

export function directory({ dataDir }: DataConfig): Finding[] {
  if (!existsSync(dataDir)) return [warn('data', `${dataDir} does not exist yet`, 'the first start makes it')]
  const { bavail, bsize } = statfsSync(dataDir)
  const free = bavail * bsize
  const says = `${(free / GIB).toFixed(1)} GiB free below ${dataDir}`
  const room =
    free < GIB / 2
      ? fail('disk', says, 'make room: PostgreSQL stops when the disk is full')
      : free < 5 * GIB
        ? warn('disk', says, 'make room soon')
        : ok('disk', says)
  return [
    isDirectory(dataDir) && isWritable(dataDir)
      ? ok('data', `${dataDir} can be written`)
      : fail(
          'data',
          `${dataDir} ${isDirectory(dataDir) ? 'cannot be written' : 'is no directory'}`,
          'chown it, or choose another with --data',
        ),
    room,
  ]
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function key(config: DataConfig): Finding[] {
  if (config.masterKey) return [ok('master key', 'from ANDON_MASTER_KEY')]
  if (!existsSync(join(config.dataDir, 'secret.key')))
    return [warn('master key', 'there is none yet', 'the first start makes it: keep a copy of it')]
  if (keyIsPrivate(config.dataDir)) return [ok('master key', 'secret.key, readable by its owner only')]
  return [fail('master key', 'secret.key can be read by others', 'chmod 600 secret.key')]
}

export async function rules(): Promise<Finding> {
  try {
    return ok('rules', `${(await shipped()).rules.length} rules in packs/`)
  } catch (error) {
    return fail('rules', messageOf(error), 'correct the file')
  }
}
