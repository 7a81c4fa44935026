import type { Lock } from '../../platform/backup/age-keys.ts'
import { type ArchiveWriter, type Written, writeArchive } from '../../platform/backup/archive.ts'
import { copyCluster } from '../../platform/backup/cluster-copy.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Database, Dedicated } from '../../platform/database.ts'
import { readTable } from '../../platform/transfer/copy.ts'
import { type Digest, digestOf, spellAlike } from '../../platform/transfer/digest.ts'
import { type Partition, partitionsOf, type Table, tablesOf } from '../../platform/transfer/tables.ts'
import { newId } from '../compose.ts'
import { ABOUT_NAME, type About, aboutOf } from './about.ts'

/** The master key inside of a backup, when that was asked for. */
export const KEY_NAME = 'secret.key'
/** Of a backup of tables: what there is, and what it adds up to. */
export const STRUCTURE_NAME = 'structure.json'
export const TABLES = 'tables'

export interface Structure {
  readonly tables: readonly (Table & Digest)[]
  readonly partitions: readonly Partition[]
}

export interface BackupOrder {
  readonly kind: About['kind']
  readonly from: About['from']
  readonly path: string
  readonly lock: Lock | undefined
  /** Put into the backup. */
  readonly masterKey: Buffer | undefined
  readonly stop: AbortSignal
  /** Bytes or rows so far; of how many, as far as one can know. */
  readonly seen: (done: number, total: number) => void
}

/** Of all databases of the server: a cluster is copied whole. */
const CLUSTER_SIZE = 'select sum(pg_database_size(oid))::bigint as size from pg_database'

/**
 * Writes one backup file. A cluster is copied while everything runs on; for the tables nothing may run.
 * @throws PlatformError BACKUP_REFUSED, DISK_FULL
 */
export async function makeBackup(db: Database, order: BackupOrder): Promise<Written & { readonly about: About }> {
  const about = await aboutOf(db, order, systemClock)
  const written = await writeArchive(order, async archive => {
    await archive.text(ABOUT_NAME, JSON.stringify(about, null, 2))
    if (order.masterKey) await archive.text(KEY_NAME, order.masterKey)
    await (order.kind === 'cluster' ? addCluster(archive, db, order) : addTables(archive, db, order))
  })
  return { ...written, about }
}

async function addCluster(archive: ArchiveWriter, db: Database, { stop, seen }: BackupOrder): Promise<void> {
  const total = (await db.query<{ size: number }>(CLUSTER_SIZE)).rows[0]?.size ?? 0
  const name = newId().replaceAll('-', '')
  await copyCluster(archive, { connection: db.connection(), name, stop, seen: bytes => seen(bytes, total) })
}

async function addTables(archive: ArchiveWriter, db: Database, { stop, seen }: BackupOrder): Promise<void> {
  const source = await db.dedicated()
  try {
    await spellAlike(source)
    const tables: (Table & Digest)[] = []
    for (const table of await tablesOf(source)) tables.push({ ...table, ...(await digestOf(source, table)) })
    const structure: Structure = { tables, partitions: await partitionsOf(source) }
    await archive.text(STRUCTURE_NAME, JSON.stringify(structure))
    const total = tables.reduce((n, t) => n + t.rows, 0)
    let done = 0
    for (const table of tables) {
      await addRows(archive, source, { table, stop })
      done += table.rows
      seen(done, total)
    }
  } finally {
    await source.end()
  }
}

async function addRows(
  archive: ArchiveWriter,
  source: Dedicated,
  { table, stop }: { table: Table; stop: AbortSignal },
): Promise<void> {
  let page = 0
  for await (const rows of readTable(source, table)) {
    stop.throwIfAborted()
    await archive.text(`${TABLES}/${table.name}/${String(++page).padStart(6, '0')}.copy`, rows)
  }
}
