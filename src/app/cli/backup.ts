import { existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ownedGroups } from '../../pipeline/queries/waiting.ts'
import { newIdentity } from '../../platform/backup/age-keys.ts'
import { systemClock } from '../../platform/clock.ts'
import { makeDirectory } from '../../platform/directory.ts'
import { codeOf } from '../../platform/error.ts'
import { Sealer } from '../../platform/seal.ts'
import { backupName } from '../backup/kept.ts'
import { type BackupOrder, makeBackup } from '../backup/make.ts'
import { backupSettings, dataConfig } from '../config.ts'
import type { BackupConfig } from '../config-backup.ts'
import { masterKey } from '../keys.ts'
import { type OpenDatabase, openDatabase } from '../open-database.ts'
import { isFounded } from '../world.ts'
import { switchFlag, textFlag } from './flags.ts'
import { oftenEnough } from './often.ts'
import { sizeText } from './pace.ts'
import { tellVerb } from './told.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'

export const backupVerb: Verb = {
  name: 'backup',
  summary: 'write a backup file, while everything runs on',
  about: [
    'Copies the whole database as it is at one instant, by the means of PostgreSQL itself; may run beside `andon start`.',
    'The file is a tar, compressed with zstd, and encrypted with age when ANDON_BACKUP_RECIPIENT or',
    'ANDON_BACKUP_PASSPHRASE is set. THE MASTER KEY IS NOT IN IT: without a copy of it, kept elsewhere, personal data in a',
    'backup cannot be read by anybody. `andon restore` brings it back.',
  ],
  flags: {
    ...DATA_FLAGS,
    out: {
      kind: 'text',
      value: 'path',
      help: 'file or directory to write to (default ANDON_BACKUP_DIR, else <data>/backups)',
    },
    recipient: {
      kind: 'text',
      value: 'age1...',
      help: 'encrypt for the owner of this age key (default ANDON_BACKUP_RECIPIENT)',
    },
    tables: { kind: 'switch', help: 'rows instead of files, for any server; nothing else may run meanwhile' },
    'with-key': { kind: 'switch', help: 'put the master key into it; only when it is encrypted' },
  },
  run,
}

async function run(call: Call): Promise<Ending> {
  const { flags, terminal } = call
  const config = dataConfig(flags)
  const settings = backupSettings(flags, config.dataDir)
  const tables = switchFlag(flags, 'tables')
  if (!isFounded(config))
    throw new UsageError(`There is no Andon in ${config.dataDir}: choose its data directory with --data.`)
  const withKey = switchFlag(flags, 'with-key')
  if (withKey && !settings.lock)
    throw new UsageError(
      'The master key goes into encrypted backups only: give --recipient or set ANDON_BACKUP_PASSPHRASE.',
    )
  const database = await openDatabase(config, {
    mayAttach: !tables,
    onProgress: terminal.progress,
    onLost: terminal.warn,
  })
  try {
    if (tables) await requireQuiet(database)
    const master = masterKey(config.dataDir, config.masterKey).bytes
    await tellVerb(call, { db: database.db, sealer: new Sealer(master) })
    const key = withKey ? master : undefined
    return await write(call, { database, settings, key })
  } finally {
    await database.close()
  }
}

/** Rows are read page by page: what changes meanwhile would be there by halves. */
export async function requireQuiet({ db, embedded }: OpenDatabase): Promise<void> {
  if (embedded || (await ownedGroups(db)) === 0) return
  throw new UsageError('Another Andon works on this database: stop it, wait ten seconds, then try again.')
}

async function write(
  { flags, terminal, stop }: Call,
  given: { database: OpenDatabase; settings: BackupConfig; key: Buffer | undefined },
): Promise<Ending> {
  const { database, settings, key } = given
  const tables = switchFlag(flags, 'tables')
  const path = pathOf(textFlag(flags, 'out'), settings)
  const say = oftenEnough(terminal)
  const started = systemClock.now()
  const order: BackupOrder = {
    from: dataConfig(flags).databaseUrl === undefined ? 'built-in' : 'server',
    ...{ path, stop, lock: settings.lock, masterKey: key, kind: tables ? 'tables' : 'cluster' },
    seen: (done, total) => {
      process.send?.({ done, total })
      say(() => `Backing up: ${amount(done, tables)} of about ${amount(total, tables)}`)
    },
  }
  const { size, bytes, files } = await makeBackup(database.db, order)
  const seconds = (systemClock.now() - started) / 1000
  const how = settings.lock ? 'encrypted' : 'NOT encrypted'
  terminal.line(
    `${path}: ${sizeText(size)}, from ${sizeText(bytes)} in ${files} files, ${how}, in ${seconds.toFixed(1)} s.`,
  )
  terminal.line(key ? 'The master key is in it: who can open it can read everything.' : KEY_APART)
  return {
    ok: true,
    counts: { path, size, bytes, files, seconds, encrypted: settings.lock !== undefined, withKey: key !== undefined },
  }
}

const KEY_APART =
  'The master key is not in it: keep a copy of secret.key (or ANDON_MASTER_KEY) elsewhere, and apart from it.'

const amount = (n: number, rows: boolean): string => (rows ? `${n.toLocaleString('en-US')} rows` : sizeText(n))

function pathOf(out: string | undefined, { dir, lock }: BackupConfig): string {
  const wanted = resolve(out ?? dir)
  const isFile = out !== undefined && /\.tar\.zst(\.age)?$/.test(out)
  makeFolder(isFile ? dirname(wanted) : wanted)
  const path = isFile ? wanted : join(wanted, backupName(systemClock.now(), lock !== undefined))
  if (existsSync(path)) throw new UsageError(`${path} exists already: choose another name.`)
  return path
}

function makeFolder(path: string): void {
  try {
    makeDirectory(path)
  } catch (error) {
    throw new UsageError(`Backups cannot be written to ${path} (${codeOf(error)}): choose another folder.`)
  }
}

export const backupKeyVerb: Verb = {
  name: 'backup-key',
  summary: 'make a key pair for encrypted backups',
  about: [
    'Writes a private age key into a new file and prints its public half. Set ANDON_BACKUP_RECIPIENT to the public half:',
    'the server can then write backups and not read them. Keep the file elsewhere; without it they cannot be opened.',
  ],
  flags: { out: { kind: 'text', value: 'file', help: 'where to write the private key' }, json: DATA_FLAGS.json },
  run: async ({ flags, terminal }) => {
    const out = textFlag(flags, 'out')
    if (out === undefined) throw new UsageError('Say where the private key goes: --out backup-identity.txt.')
    if (statSync(out, { throwIfNoEntry: false })) throw new UsageError(`${out} exists already: choose another name.`)
    const { identity, recipient } = newIdentity()
    writeFileSync(out, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' })
    terminal.line(`ANDON_BACKUP_RECIPIENT=${recipient}`)
    return { ok: true, counts: { recipient } }
  },
}
