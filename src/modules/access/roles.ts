import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'
import type { Cells, Role } from './types.ts'

/** A version of a role that people made. */
export interface StoredRole extends Role {
  readonly retired: boolean
  readonly actor: string
  readonly at: Instant
}

interface Row {
  readonly id: string
  readonly version: number
  readonly name_zh: string
  readonly name_en: string
  /** JSON text. */
  readonly cells: string
  readonly retired: boolean
  readonly actor: string
  readonly at: Instant
}

const COLUMNS = 'id, version, name_zh, name_en, cells, retired, actor, at'
const NEWEST = `select distinct on (id) ${COLUMNS} from role order by id, version desc`
const VERSIONS = `select ${COLUMNS} from role where id = $1 order by version desc limit 200`
const INSERT = `
insert into role (id, version, name_zh, name_en, cells, retired, actor, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (id, version) do nothing`

const roleOf = ({ name_zh, name_en, cells, ...rest }: Row): StoredRole => ({
  ...rest,
  name: { zh: name_zh, en: name_en },
  cells: cellsOf(cells),
})

// Written by `insertRole` from checked cells.
const cellsOf = (text: string): Cells => JSON.parse(text) as Cells

/** The newest version of each role that people made, retired ones included. */
export const ownRoles = async (sql: Sql): Promise<StoredRole[]> => (await sql.query<Row>(NEWEST)).rows.map(roleOf)

export const roleVersions = async (sql: Sql, id: string): Promise<StoredRole[]> =>
  (await sql.query<Row>(VERSIONS, [id])).rows.map(roleOf)

/** False: this version is there already, made by somebody else. */
export async function insertRole(sql: Sql, r: StoredRole): Promise<boolean> {
  const values = [r.id, r.version, r.name.zh, r.name.en, JSON.stringify(r.cells), r.retired, r.actor, r.at]
  return (await sql.query(INSERT, values)).rowCount === 1
}
