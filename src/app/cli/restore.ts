import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { verifyLedger } from '../../pipeline/verify.ts'
import { verifyAudit } from '../../pipeline/verify-audit.ts'
import { connect, type Database } from '../../platform/database.ts'
import { makeDirectory } from '../../platform/directory.ts'
import type { About } from '../backup/about.ts'
import {
  lookInto,
  type Restored,
  type RestoreOrder,
  requireOurs,
  restoreCluster,
  restoreClusterInto,
  restoreTables,
  unpackCluster,
} from '../backup/restore.ts'
import { endSignIns } from '../backup/settle.ts'
import { backupUnlock, type DataConfig, dataConfig } from '../config.ts'
import { reapplyErasures, registerPath } from '../erasure-register.ts'
import { openDatabase } from '../open-database.ts'
import { Revocations, revocationsPath, type TakenAgain } from '../revocations.ts'
import { worldOf } from '../world.ts'
import { type Flags, textFlag } from './flags.ts'
import { oftenEnough } from './often.ts'
import { countText, sizeText } from './pace.ts'
import { tellVerb } from './told.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'

export const restoreVerb: Verb = {
  name: 'restore',
  words: '<file>',
  summary: 'bring a backup back, into an empty place',
  about: [
    'Into an empty data directory, or into the empty database that DATABASE_URL names. Every file is held to the checksum',
    'in the backup; then sign-ins are ended, erasures are applied again and the chains are verified. The master key is from',
    'ANDON_MASTER_KEY, from <data>/secret.key if you put it there, or from the backup if it was put into it.',
  ],
  flags: {
    ...DATA_FLAGS,
    identity: {
      kind: 'text',
      value: 'file',
      help: 'private age key that opens the backup (default ANDON_BACKUP_IDENTITY)',
    },
    erasures: {
      kind: 'text',
      value: 'file',
      help: 'the register of erasures that was kept (default <data>/erasures.jsonl)',
    },
    revocations: {
      kind: 'text',
      value: 'file',
      help: 'the register of revocations that was kept (default <data>/revocations.jsonl)',
    },
    unpack: { kind: 'text', value: 'dir', help: 'only unpack and check the files, for a PostgreSQL of your own' },
  },
  run,
}

async function run(call: Call): Promise<Ending> {
  const { flags, terminal, stop } = call
  const [path, ...others] = flags.words
  if (path === undefined || others.length > 0) throw new UsageError('Name one backup file: andon restore <file>.')
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}.`)
  const config = dataConfig(flags)
  const registers = [
    [keptFile(flags, 'erasures'), registerPath(config.dataDir)],
    [keptFile(flags, 'revocations'), revocationsPath(config.dataDir)],
  ] as const
  const say = oftenEnough(terminal)
  const order: RestoreOrder = {
    ...{ path, stop, unlock: backupUnlock(flags), masterKey: keyAtHand(config), say: terminal.progress },
    seen: bytes => say(() => `Restoring: ${sizeText(bytes)}`),
  }
  const unpack = textFlag(flags, 'unpack')
  if (unpack !== undefined) return unpackOnly(call, order, resolve(unpack))
  const about = await lookInto(order)
  terminal.line(`A backup of ${about.createdAt} by Andon ${about.andon} on PostgreSQL ${about.postgres}.`)
  // The key and the register go there; the server that a database is named for may never have had it.
  if (config.databaseUrl !== undefined) makeDirectory(config.dataDir)
  const { masterKey } = await into(config, about, order)
  const keep = (): void => {
    if (masterKey) keepKey(config, masterKey)
    for (const [from, to] of registers) if (from !== undefined) keepRegister(from, to)
  }
  return prove(call, config, { hasKey: (order.masterKey ?? masterKey) !== undefined, about, keep })
}

/** The register goes where the server looks for it, since it has to be kept from now on as well. */
function keepRegister(from: string, to: string): void {
  if (resolve(from) !== resolve(to)) appendFileSync(to, `\n${readFileSync(from, 'utf8')}\n`, { mode: 0o600 })
}

/** @throws UsageError */
function keptFile(flags: Flags, name: string): string | undefined {
  const path = textFlag(flags, name)
  if (path !== undefined && !existsSync(path)) throw new UsageError(`There is no file ${path}.`)
  return path
}

/** The key that the operator put where the first start would look for it; none is made here. */
function keyAtHand({ dataDir, masterKey }: DataConfig): Buffer | undefined {
  const path = join(dataDir, 'secret.key')
  return masterKey ?? (existsSync(path) ? readFileSync(path) : undefined)
}

function keepKey({ dataDir, masterKey }: DataConfig, key: Buffer): void {
  const path = join(dataDir, 'secret.key')
  if (masterKey === undefined && !existsSync(path)) writeFileSync(path, key, { mode: 0o600 })
}

async function into(config: DataConfig, about: About, order: RestoreOrder): Promise<Restored> {
  if (about.kind === 'cluster') requireOurs(about)
  if (config.databaseUrl !== undefined) {
    const target = await connect({ url: config.databaseUrl, statementTimeout: 0 })
    try {
      if (about.kind === 'tables') return await restoreTables(order, target)
      return await restoreClusterInto(order, target, config.dataDir)
    } finally {
      await target.close()
    }
  }
  if (about.kind === 'cluster') return restoreCluster(order, config.dataDir)
  const { db, close } = await openDatabase(config, { mayAttach: false, onProgress: order.say, onLost: order.say })
  try {
    return await restoreTables(order, db)
  } finally {
    await close()
  }
}

async function unpackOnly({ terminal }: Call, order: RestoreOrder, directory: string): Promise<Ending> {
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new UsageError(`${directory} is not empty: choose another.`)
  makeDirectory(directory, { mode: 0o700 })
  const { about } = await unpackCluster(order, directory)
  terminal.line(`The files of a PostgreSQL ${about.postgres} cluster, whole and checked: ${directory}`)
  terminal.warn(
    'Nothing was ended or erased in them. Before Andon runs on that server, empty its tables session, ticket and verification; its first start applies the registers in its data directory.',
  )
  return { ok: true, counts: { directory, postgres: about.postgres } }
}

/** Starts what was restored, makes it forget what it has to, and holds it to its own proofs. */
async function prove(call: Call, config: DataConfig, { hasKey, about, keep }: Found): Promise<Ending> {
  const { terminal } = call
  const wanted = { mayAttach: false, onProgress: terminal.progress, onLost: terminal.warn }
  const database = await openDatabase(config, wanted)
  try {
    // First of all, and whatever comes after: with another key the next start would find them.
    const signIns = await endSignIns(database.db)
    const ended = `${countText(signIns)} sign-ins were ended.`
    keep()
    if (!hasKey) {
      const rows = await countOf(database.db)
      terminal.line(`Restored: ${countText(rows)} ledger rows. ${ended}`)
      const path = join(config.dataDir, 'secret.key')
      terminal.warn(`The master key is not here: put it at ${path}, then run andon verify-ledger.`)
      return { ok: true, counts: { rows, signIns, verified: false } }
    }
    const kinds = ['live', 'replay', 'practice'] as const
    const { db, sealer } = await worldOf(config, database, { ...wanted, kinds, mayFound: false, warn: terminal.warn })
    await tellVerb(call, { db, sealer })
    const erased = await reapplyErasures(db, sealer, registerPath(config.dataDir))
    if (erased > 0) terminal.line(`${countText(erased)} orders and messages were erased again.`)
    const taken = await new Revocations({ db, sealer, path: revocationsPath(config.dataDir) }).reapply()
    terminal.line(`${ended} ${takenText(taken)}`)
    terminal.line(
      `Roles, rights and passwords are as of ${about.createdAt}: take away again what was taken away since.`,
    )
    terminal.progress('Verifying the chains')
    const ledger = await verifyLedger(db, sealer)
    const audit = await verifyAudit(db, sealer)
    const problems = ledger.problems.length + audit.problems.length
    const verdict = problems === 0 ? 'the chains hold' : `${countText(problems)} places do not: see andon verify-ledger`
    terminal.line(`Restored: ${countText(ledger.rows)} ledger rows, ${countText(audit.rows)} audit rows; ${verdict}.`)
    const counts = { rows: ledger.rows, audit: audit.rows, problems, signIns, erased, ...taken, verified: true }
    return { ok: problems === 0, counts }
  } finally {
    await database.close()
  }
}

const takenText = ({ keys, secrets, people }: TakenAgain): string =>
  `Taken away again: ${countText(keys)} keys, ${countText(secrets)} secrets of keys, ${countText(people)} people.`

interface Found {
  readonly hasKey: boolean
  readonly about: About
  /** Puts the key and the register where the server looks for them. */
  readonly keep: () => void
}

const COUNT = 'select count(*) as n from ledger'

const countOf = async (db: Database): Promise<number> => (await db.query<{ n: number }>(COUNT)).rows[0]?.n ?? 0
