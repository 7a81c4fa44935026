import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import type { Database, Sql } from './database.ts'
import { codeOf, messageOf, PlatformError } from './error.ts'
import { statementsOf } from './sql-text.ts'

export interface Migration {
  readonly id: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
  /** Older code must not run above it. */
  readonly breaking: boolean
}

interface AppliedRow {
  readonly id: number
  readonly name: string
  readonly checksum: string
  readonly breaking: boolean
  readonly [column: string]: unknown
}

const TABLE = `create table if not exists migration (
  id int primary key,
  name text not null,
  checksum text not null,
  breaking boolean not null,
  applied_at bigint not null
)`

/** The migrations in `dir` (`NNNN_name.sql`), in order. Line ends do not count in the checksum: git may change them. */
export function readMigrations(dir: string): Migration[] {
  const files = readdirSync(dir).filter(name => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
  const migrations = files.sort().map(file => {
    const sql = readFileSync(join(dir, file), 'utf8').replaceAll('\r\n', '\n')
    const checksum = createHash('sha256').update(sql).digest('hex')
    return { id: Number(file.slice(0, 4)), name: file.slice(5, -4), sql, checksum, breaking: isBreaking(sql) }
  })
  const twice = migrations.find((m, i) => migrations[i + 1]?.id === m.id)
  if (twice) throw new PlatformError('MIGRATION_FAILED', `Two migrations have the number ${twice.id}: renumber one.`)
  return migrations
}

const isBreaking = (sql: string): boolean => /^-- breaking\b/.test(sql)

/**
 * Brings the database to the newest migration. Several nodes may call it at once: the row of a migration is inserted
 * first in its transaction, so they collide on its key and one steps aside.
 * @param options.upTo none after this one: for data that was saved by an older release
 * @returns the names of the migrations that this call applied
 * @throws PlatformError DATABASE_FOREIGN, DATABASE_NEWER, MIGRATION_CHANGED, MIGRATION_FAILED
 */
export async function migrate(
  database: Database,
  options: { dir: string; clock: Clock; onProgress?: (text: string) => void; upTo?: number },
): Promise<string[]> {
  const { upTo = Number.POSITIVE_INFINITY } = options
  const migrations = readMigrations(options.dir).filter(m => m.id <= upTo)
  await requireOurs(database)
  await createTable(database)
  const applied = await database.query<AppliedRow>('select id, name, checksum, breaking from migration order by id')
  checkHistory(migrations, applied.rows)
  const done = new Set(applied.rows.map(row => row.id))
  const fresh: string[] = []
  for (const migration of migrations.filter(m => !done.has(m.id))) {
    const label = `${String(migration.id).padStart(4, '0')}_${migration.name}`
    options.onProgress?.(`Migrating the database: ${label}`)
    if (await apply(database, migration, options.clock)) fresh.push(label)
  }
  return fresh
}

const OURS = `
select coalesce(array_agg(c.relname::text order by c.relname), '{}') as tables,
  coalesce(bool_or(c.relname = 'migration' and exists (
    select from pg_attribute a where a.attrelid = c.oid and a.attname = 'checksum')), false) as ours
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema() and c.relkind in ('r', 'p')
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`

/** Tables of something else, in a database that was never ours. */
export async function foreignTables(database: Sql): Promise<readonly string[]> {
  const { rows } = await database.query<{ tables: string[]; ours: boolean }>(OURS)
  return rows[0]?.ours ? [] : (rows[0]?.tables ?? [])
}

/** Our tables bear common names, and never go in between those of something else. @throws PlatformError DATABASE_FOREIGN */
async function requireOurs(database: Database): Promise<void> {
  const tables = await foreignTables(database)
  if (tables.length === 0) return
  const some = tables.slice(0, 3).join(', ')
  throw new PlatformError(
    'DATABASE_FOREIGN',
    `The database ${database.connection().database} has tables of something else (${some}): make an empty one for Andon, and name it in DATABASE_URL.`,
  )
}

async function createTable(database: Sql): Promise<void> {
  try {
    await database.query(TABLE)
  } catch (error) {
    // IF NOT EXISTS is not atomic: of two starters one may meet the other's row in the catalogue.
    if (!['23505', '42P07', '42710'].includes(codeOf(error))) throw error
  }
}

/** True when this call applied it, false when another starter did. */
function apply(database: Database, migration: Migration, clock: Clock): Promise<boolean> {
  return database.transaction(async tx => {
    // Building an index on a large table takes longer than a request may.
    await tx.query('set local statement_timeout = 0')
    const mine = await tx.query(
      `insert into migration (id, name, checksum, breaking, applied_at) values ($1, $2, $3, $4, $5)
       on conflict (id) do nothing`,
      [migration.id, migration.name, migration.checksum, migration.breaking, clock.now()],
    )
    if (mine.rowCount === 0) return false
    for (const statement of statementsOf(migration.sql)) await runStatement(tx, migration, statement)
    return true
  })
}

async function runStatement(tx: Sql, migration: Migration, statement: string): Promise<void> {
  try {
    await tx.query(statement)
  } catch (error) {
    const where = statement.split('\n')[0]?.slice(0, 80)
    throw new PlatformError(
      'MIGRATION_FAILED',
      `Migration ${migration.id} (${migration.name}) failed at "${where}" (${messageOf(error)}): nothing of it was kept.`,
      { cause: error },
    )
  }
}

function checkHistory(migrations: readonly Migration[], applied: readonly AppliedRow[]): void {
  const known = new Map(migrations.map(m => [m.id, m]))
  const newest = migrations.at(-1)?.id ?? 0
  for (const row of applied) {
    const migration = known.get(row.id)
    if (migration?.checksum === row.checksum) continue
    if (migration === undefined && row.id > newest) {
      if (row.breaking) throw newerDatabase(row)
      continue
    }
    throw new PlatformError(
      'MIGRATION_CHANGED',
      `Migration ${row.id} (${row.name}) is not the one that this database was made with: restore the file as released.`,
    )
  }
}

const newerDatabase = (row: AppliedRow): PlatformError =>
  new PlatformError(
    'DATABASE_NEWER',
    `The database is newer than this release (it has migration ${row.id}, ${row.name}): install the newer release.`,
  )
