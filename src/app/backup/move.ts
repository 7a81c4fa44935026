import { systemClock } from '../../platform/clock.ts'
import type { Database, Dedicated } from '../../platform/database.ts'
import { PlatformError } from '../../platform/error.ts'
import { migrate } from '../../platform/migrate.ts'
import { readTable, writePage } from '../../platform/transfer/copy.ts'
import { type Digest, digestOf, spellAlike } from '../../platform/transfer/digest.ts'
import {
  addPartitions,
  identifier,
  isEmptyDatabase,
  type Partition,
  partitionsOf,
  type Table,
  tablesOf,
} from '../../platform/transfer/tables.ts'
import { MIGRATIONS } from '../compose.ts'

/** Rows on their way from one database into another, empty one. */
export interface Move {
  readonly migration: number
  readonly tables: readonly Table[]
  readonly partitions: readonly Partition[]
  /** Puts the rows into the target. */
  fill(target: Dedicated): Promise<void>
  /** What the source holds. */
  digest(table: Table): Promise<Digest>
}

export interface Moved {
  readonly tables: number
  readonly rows: number
}

/**
 * Makes the tables in an empty database, fills them and compares each with its source. When anything goes wrong, the
 * database is left as empty as it was.
 * @throws PlatformError TARGET_NOT_EMPTY, BACKUP_DAMAGED
 */
export async function moveInto(target: Database, move: Move): Promise<Moved> {
  await requireEmpty(target)
  const lane = await target.dedicated()
  try {
    await migrate(target, { dir: MIGRATIONS, clock: systemClock, upTo: move.migration })
    await addPartitions(lane, move.partitions)
    await checkShape(lane, move.tables)
    await spellAlike(lane)
    await move.fill(lane)
    const rows = await compare(lane, move)
    await lane.query('analyze')
    return { tables: move.tables.length, rows }
  } catch (error) {
    await dropAll(target).catch(() => {})
    throw error
  } finally {
    await lane.end()
  }
}

/** @throws PlatformError TARGET_NOT_EMPTY */
export async function requireEmpty(target: Database): Promise<void> {
  if (await isEmptyDatabase(target)) return
  throw new PlatformError(
    'TARGET_NOT_EMPTY',
    `The database ${target.connection().database} is not empty: make a new one for this.`,
  )
}

/** The rows of a database on which nothing runs. @param source told to `spellAlike` */
export async function moveOf(
  source: Dedicated,
  options: { readonly stop: AbortSignal; readonly seen: (table: string, rows: number) => void },
): Promise<Move> {
  const newest = await source.query<{ id: number }>('select max(id) as id from migration')
  const tables = await tablesOf(source)
  return {
    migration: newest.rows[0]?.id ?? 0,
    tables,
    partitions: await partitionsOf(source),
    digest: table => digestOf(source, table),
    fill: async target => {
      for (const table of tables) {
        options.seen(table.name, 0)
        for await (const page of readTable(source, table)) {
          options.stop.throwIfAborted()
          await writePage(target, table, page)
        }
      }
    },
  }
}

/** The migrations of this release must have made what the source has. @throws PlatformError BACKUP_DAMAGED */
async function checkShape(target: Dedicated, tables: readonly Table[]): Promise<void> {
  const shape = ({ name, columns }: Table): string => `${name} (${[...columns].sort().join(', ')})`
  const made = new Set((await tablesOf(target)).map(shape))
  const odd = tables.find(table => !made.has(shape(table)))
  if (odd !== undefined)
    throw new PlatformError(
      'BACKUP_DAMAGED',
      `This release does not make a table like ${odd.name}: use the release that made it.`,
    )
}

/** @throws PlatformError BACKUP_DAMAGED */
async function compare(target: Dedicated, move: Move): Promise<number> {
  let rows = 0
  for (const table of move.tables) {
    const [is, was] = [await digestOf(target, table), await move.digest(table)]
    if (is.rows !== was.rows || is.sum !== was.sum)
      throw new PlatformError(
        'BACKUP_DAMAGED',
        `The table ${table.name} does not hold what it held (${is.rows} rows, not ${was.rows}): nothing was kept.`,
      )
    rows += is.rows
  }
  return rows
}

const EVERYTHING = `select relname as name from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`

async function dropAll(target: Database): Promise<void> {
  const { rows } = await target.query<{ name: string }>(EVERYTHING)
  for (const { name } of rows) await target.query(`drop table if exists ${identifier(name)} cascade`)
}
