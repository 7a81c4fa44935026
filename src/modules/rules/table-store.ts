import { createHash } from 'node:crypto'
import type { Instant } from '../../kernel/instant.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'
import type { Sql } from '../../platform/database.ts'
import type { TableDef } from './types.ts'

/** What a table says, without its name in the product and its number. */
export type TableBody = Omit<TableDef, 'id' | 'version'>

/** A version of a decision table as it is stored. */
export interface StoredTable {
  readonly id: string
  readonly version: number
  readonly author: string
  readonly reason: string
  readonly at: Instant
  /** SHA-256 of the body, hex. */
  readonly hash: string
  readonly body: TableBody
}

/** That a version decides from an instant on; null: none does. `n` counts these of one table. */
export interface TableTurn {
  readonly id: string
  readonly n: number
  readonly activeFrom: Instant
  readonly version: number | null
  readonly by: string
  readonly reason: string
  readonly at: Instant
}

interface VersionRow {
  id: string
  version: number
  author: string
  reason: string
  at: number
  hash: Buffer
  body: string
}

const COLUMNS = 'id, version, author, reason, at, hash, body'
const ALL = `select ${COLUMNS} from table_version order by id, version`
/** Who saves or puts into force has the versions to himself until he is done: no draft is written over while it goes live. */
const LOCK = `select version from table_version where id = $1 for update`
const OF_TABLE = `select ${COLUMNS} from table_version where id = $1 order by version`
const ADD = `insert into table_version (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`
/** Compare-and-set on the digest of what was there: nobody's cells are overwritten unseen. */
const REWRITE = `
update table_version set author = $4, reason = $5, at = $6, hash = $7, body = $8
where id = $1 and version = $2 and hash = $3`
const TURNS = `
select id, version, active_from, body from reference where kind = 'table' order by active_from, version, id`
const ADD_TURN = `
insert into reference (kind, id, version, active_from, hash, body) values ('table', $1, $2, $3, $4, $5)
on conflict do nothing`

/** The digest of a body; equal tables have equal ones. */
export const tableHash = (body: TableBody): string =>
  createHash('sha256')
    // Safe: a table is data.
    .update(canonicalJson(JSON.parse(JSON.stringify(body)) as Json))
    .digest('hex')

export const tableDef = ({ id, version, body }: StoredTable): TableDef => ({ ...body, id, version })

export async function readTables(sql: Sql, id?: string): Promise<StoredTable[]> {
  const { rows } = await (id === undefined ? sql.query<VersionRow>(ALL) : sql.query<VersionRow>(OF_TABLE, [id]))
  // Safe: only `addTable` and `rewriteTable` write it.
  return rows.map(r => ({ ...r, hash: r.hash.toString('hex'), body: JSON.parse(r.body) as TableBody }))
}

/** Within a transaction. What is read after it is as it stays until the end of that. */
export async function lockTable(sql: Sql, id: string): Promise<void> {
  await sql.query(LOCK, [id])
}

/** False when there is such a version already. */
export async function addTable(
  sql: Sql,
  { id, version, author, reason, at, hash, body }: StoredTable,
): Promise<boolean> {
  const values = [id, version, author, reason, at, `\\x${hash}`, JSON.stringify(body)]
  return (await sql.query(ADD, values)).rowCount === 1
}

/** Overwrites a draft that still is as `expected` (a digest); false when somebody else was quicker. */
export async function rewriteTable(sql: Sql, table: StoredTable, expected: string): Promise<boolean> {
  const { id, version, author, reason, at, hash, body } = table
  const values = [id, version, `\\x${expected}`, author, reason, at, `\\x${hash}`, JSON.stringify(body)]
  return (await sql.query(REWRITE, values)).rowCount === 1
}

/** All turns of all tables, in the order in which they come into force. */
export async function readTableTurns(sql: Sql): Promise<TableTurn[]> {
  const { rows } = await sql.query<{ id: string; version: number; active_from: number; body: string }>(TURNS)
  return rows.map(({ id, version: n, active_from: activeFrom, body }) => ({
    // Safe: `addTableTurn` wrote it.
    ...(JSON.parse(body) as Pick<TableTurn, 'version' | 'by' | 'reason' | 'at'>),
    ...{ id, n, activeFrom },
  }))
}

/** False when there is one of that number already. */
export async function addTableTurn(sql: Sql, { id, n, activeFrom, ...body }: TableTurn): Promise<boolean> {
  const text = JSON.stringify(body)
  const hash = createHash('sha256').update(text).digest('hex')
  return (await sql.query(ADD_TURN, [id, n, activeFrom, `\\x${hash}`, text])).rowCount === 1
}
