import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Unlock } from '../../platform/backup/age-keys.ts'
import { type ArchiveEntry, readArchive } from '../../platform/backup/archive.ts'
import { CLUSTER, putEntry } from '../../platform/backup/cluster-copy.ts'
import { connect, type Database } from '../../platform/database.ts'
import { PlatformError } from '../../platform/error.ts'
import { fillCluster, requireMajor, startPostgres } from '../../platform/postgres/index.ts'
import { Sealer } from '../../platform/seal.ts'
import { writePage } from '../../platform/transfer/copy.ts'
import { spellAlike } from '../../platform/transfer/digest.ts'
import { ABOUT_NAME, type About, MACHINE, readAbout } from './about.ts'
import { KEY_NAME, STRUCTURE_NAME, type Structure, TABLES } from './make.ts'
import { type Move, type Moved, moveInto, moveOf, requireEmpty } from './move.ts'

export interface RestoreOrder {
  readonly path: string
  readonly unlock: Unlock
  /** The key that is at hand; undefined: none, or the one in the backup. */
  readonly masterKey: Buffer | undefined
  readonly stop: AbortSignal
  /** One sentence per step. */
  readonly say: (text: string) => void
  /** Bytes of files written so far. */
  readonly seen: (bytes: number) => void
}

export interface Restored {
  readonly about: About
  /** Out of the backup, when it was put there. */
  readonly masterKey: Buffer | undefined
}

/** What stands at the front of a backup file. @throws PlatformError when the file cannot be read */
export async function lookInto(order: Pick<RestoreOrder, 'path' | 'unlock' | 'stop'>): Promise<About> {
  let about: About | null = null
  const enough = new AbortController()
  const stop = AbortSignal.any([order.stop, enough.signal])
  try {
    await readArchive({ ...order, stop }, async entry => {
      if (entry.name !== ABOUT_NAME) throw notOurs()
      about = readAbout(await text(entry.content))
      enough.abort()
    })
  } catch (error) {
    if (about === null) throw error
  }
  return about ?? Promise.reject(notOurs())
}

/** Unpacks the files of a cluster below `directory`. @throws PlatformError BACKUP_KEY, BACKUP_DAMAGED */
export async function unpackCluster(order: RestoreOrder, directory: string): Promise<Restored> {
  const found = new Front(order)
  let bytes = 0
  await readArchive(order, async entry => {
    if (await found.take(entry)) return
    if (!entry.name.startsWith(`${CLUSTER}/`)) throw notOurs()
    await putEntry(directory, { ...entry, name: entry.name.slice(CLUSTER.length + 1) })
    bytes += entry.size
    order.seen(bytes)
  })
  return found.whole('cluster')
}

/** Whether the built-in PostgreSQL can run what is in the backup. @throws PlatformError BACKUP_REFUSED, CLUSTER_VERSION */
export function requireOurs({ from, postgres, machine }: About): void {
  if (from === 'server')
    throw new PlatformError(
      'BACKUP_REFUSED',
      'These are the files of a server of your own, with its users and its databases: unpack them with --unpack and start that server.',
    )
  requireMajor(postgres)
  if (machine !== MACHINE)
    throw new PlatformError(
      'BACKUP_REFUSED',
      `These are the files of a PostgreSQL on ${machine}, and this is ${MACHINE}: restore it there and take a backup with --tables.`,
    )
}

/** Puts a cluster into an empty data directory. @throws PlatformError */
export async function restoreCluster(order: RestoreOrder, dataDir: string): Promise<Restored> {
  let restored: Restored | null = null
  await fillCluster(dataDir, async directory => {
    restored = await unpackCluster(order, directory)
  })
  return restored ?? Promise.reject(notOurs())
}

/** A backup of a cluster into an empty database of another server: it is started beside, and its rows are moved. */
export async function restoreClusterInto(
  order: RestoreOrder,
  target: Database,
  scratch: string,
): Promise<Restored & Moved> {
  await requireEmpty(target)
  const dataDir = join(scratch, 'restore.tmp')
  try {
    mkdirSync(dataDir, { recursive: true })
    const restored = await restoreCluster(order, dataDir)
    const server = await startPostgres({ dataDir, onProgress: order.say })
    try {
      const source = await connect({ connection: server.connection })
      try {
        return { ...restored, ...(await moveBetween(source, target, order)) }
      } finally {
        await source.close()
      }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** All rows of a database on which nothing runs, into an empty one. */
export async function moveBetween(
  from: Database,
  target: Database,
  { stop, say }: Pick<RestoreOrder, 'stop' | 'say'>,
): Promise<Moved> {
  const source = await from.dedicated()
  try {
    await spellAlike(source)
    return await moveInto(target, await moveOf(source, { stop, seen: table => say(`Copying ${table}`) }))
  } finally {
    await source.end()
  }
}

/** A backup of tables into an empty database. It is read as a whole first, so that a damaged one changes nothing. */
export async function restoreTables(order: RestoreOrder, target: Database): Promise<Restored & Moved> {
  await requireEmpty(target)
  const found = new Front(order)
  let structure: Structure | null = null
  order.say('Checking the backup')
  await readArchive(order, async entry => {
    if (await found.take(entry)) return
    if (entry.name === STRUCTURE_NAME) structure = JSON.parse(await text(entry.content))
  })
  const restored = found.whole('tables')
  if (structure === null) throw notOurs()
  return { ...restored, ...(await moveInto(target, moveOfFile(order, restored.about, structure))) }
}

function moveOfFile(order: RestoreOrder, about: About, { tables, partitions }: Structure): Move {
  const byName = new Map(tables.map(table => [table.name, table]))
  return {
    migration: about.migration,
    tables,
    partitions,
    digest: async ({ name }) => byName.get(name) ?? { rows: 0, sum: '0' },
    fill: async target => {
      let at = ''
      await readArchive(order, async ({ name, content }) => {
        const [folder, tableName = ''] = name.split('/')
        const table = folder === TABLES ? byName.get(tableName) : undefined
        if (table === undefined) return
        if (at !== tableName) order.say(`Copying ${tableName}`)
        at = tableName
        await writePage(target, table, content)
      })
    },
  }
}

/** The entries that every backup has before its data. */
class Front {
  readonly #order: RestoreOrder
  #about: About | null = null
  #key: Buffer | undefined

  constructor(order: RestoreOrder) {
    this.#order = order
  }

  /** False when the entry is not one of these. @throws PlatformError BACKUP_KEY, BACKUP_DAMAGED */
  async take({ name, content }: ArchiveEntry): Promise<boolean> {
    if (name === ABOUT_NAME) {
      this.#about = readAbout(await text(content))
      this.#check(this.#order.masterKey)
      return true
    }
    if (this.#about === null) throw notOurs()
    if (name !== KEY_NAME) return false
    const parts: Buffer[] = []
    for await (const part of content) parts.push(part)
    this.#key = Buffer.concat(parts)
    this.#check(this.#key)
    return true
  }

  /** @throws PlatformError BACKUP_REFUSED */
  whole(kind: About['kind']): Restored {
    if (this.#about === null) throw notOurs()
    if (this.#about.kind !== kind)
      throw new PlatformError('BACKUP_REFUSED', `This is a backup of a ${this.#about.kind}.`)
    return { about: this.#about, masterKey: this.#key }
  }

  #check(key: Buffer | undefined): void {
    if (key === undefined || checkOf(key) === this.#about?.check) return
    throw new PlatformError(
      'BACKUP_KEY',
      'The master key at hand is not the one of this backup: what is sealed in it could not be read.',
    )
  }
}

/** What `world` says about its key; see `openWorld`. */
const checkOf = (key: Buffer): string => new Sealer(key).blind('check', 'andon').toString('hex')

const notOurs = (): PlatformError => new PlatformError('BACKUP_DAMAGED', 'This file is not a backup of Andon.')
