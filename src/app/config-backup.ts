import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DAY, type Duration, HOUR, MINUTE } from '../kernel/instant.ts'
import type { Lock, Unlock } from '../platform/backup/age-keys.ts'
import { type Flags, textFlag } from './cli/flags.ts'
import { UsageError } from './cli/usage-error.ts'
import { type Environment, given, listOf, secretOf } from './environment.ts'

export interface BackupConfig {
  /** Where backup files are kept. */
  readonly dir: string
  /** Undefined: backups are not encrypted. */
  readonly lock: Lock | undefined
  /** How often the server makes one by itself; undefined: never. */
  readonly every: Duration | undefined
  /** How many of them stay. */
  readonly keep: number
}

const UNITS: Readonly<Record<string, Duration>> = { m: MINUTE, h: HOUR, d: DAY }
const KEEP = 7

/** @throws UsageError with what to change */
export function backupConfig(dataDir: string, flags: Flags, env: Environment): BackupConfig {
  const keep = given(env.ANDON_BACKUP_KEEP) ?? String(KEEP)
  if (!/^[1-9]\d{0,3}$/.test(keep)) throw new UsageError('ANDON_BACKUP_KEEP must be a whole number from 1 to 9999.')
  return {
    dir: resolve(given(env.ANDON_BACKUP_DIR) ?? join(dataDir, 'backups')),
    lock: lockOf(
      textFlag(flags, 'recipient') ?? given(env.ANDON_BACKUP_RECIPIENT),
      secretOf(env, 'ANDON_BACKUP_PASSPHRASE'),
    ),
    every: everyOf(given(env.ANDON_BACKUP_EVERY)),
    keep: Number(keep),
  }
}

function lockOf(recipients: string | undefined, passphrase: string | undefined): Lock | undefined {
  if (recipients !== undefined && passphrase !== undefined)
    throw new UsageError('ANDON_BACKUP_RECIPIENT and ANDON_BACKUP_PASSPHRASE are both set: leave one out.')
  if (recipients !== undefined) return { recipients: listOf(recipients) }
  return passphrase === undefined ? undefined : { passphrase }
}

function everyOf(text: string | undefined): Duration | undefined {
  if (text === undefined) return undefined
  const [, count = '', unit = ''] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? []
  const every = Number(count) * (UNITS[unit] ?? 0)
  if (every >= 5 * MINUTE) return every
  throw new UsageError('ANDON_BACKUP_EVERY must be a time such as 24h, 90m or 1d, at least 5m.')
}

/** What opens encrypted backups. @throws UsageError with what to change */
export function unlockOf(flags: Flags, env: Environment): Unlock {
  const path = textFlag(flags, 'identity')
  const text = path === undefined ? secretOf(env, 'ANDON_BACKUP_IDENTITY') : identityFile(path)
  const identities = (text ?? '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
  return { identities, passphrase: secretOf(env, 'ANDON_BACKUP_PASSPHRASE') }
}

function identityFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new UsageError(`--identity names ${path}, which cannot be read.`)
  }
}
