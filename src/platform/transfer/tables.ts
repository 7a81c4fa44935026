import type { Sql } from '../database.ts'

/** One table that holds rows: an ordinary one, or a partition. */
export interface Table {
  readonly name: string
  /** In the order of the table. */
  readonly columns: readonly string[]
  /** The primary key, with the type of each column. */
  readonly key: readonly { readonly name: string; readonly type: string }[]
}

/** A partition, as SQL says it: `create table <name> partition of <parent> <bounds>`. */
export interface Partition {
  readonly name: string
  readonly parent: string
  readonly bounds: string
}

/** Written by the migrations themselves, with the time at which they ran. */
const OF_MIGRATIONS = 'migration'

const TABLES = `
select c.relname as name,
  (select json_agg(a.attname order by a.attnum) from pg_attribute a
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')::text as columns,
  (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by k.place)
   from pg_index i, unnest(i.indkey::int[]) with ordinality as k(attnum, place), pg_attribute a
   where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.attnum)::text as key
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> $1
order by c.relname`

const PARTITIONS = `
select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bounds
from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relispartition
order by c.relname`

/** All tables with rows, but for the list of migrations. */
export async function tablesOf(sql: Sql): Promise<Table[]> {
  const { rows } = await sql.query<{ name: string; columns: string; key: string | null }>(TABLES, [OF_MIGRATIONS])
  return rows.map(({ name, columns, key }) => ({ name, columns: JSON.parse(columns), key: JSON.parse(key ?? '[]') }))
}

export const partitionsOf = async (sql: Sql): Promise<Partition[]> => (await sql.query<Partition>(PARTITIONS)).rows

/** Makes those partitions that the migrations did not make. */
export async function addPartitions(sql: Sql, wanted: readonly Partition[]): Promise<void> {
  const known = new Set((await partitionsOf(sql)).map(p => p.name))
  // `bounds` is the server's own spelling of what it holds.
  for (const { name, parent, bounds } of wanted.filter(p => !known.has(p.name)))
    await sql.query(`create table ${identifier(name)} partition of ${identifier(parent)} ${bounds}`)
}

const ANY_TABLE = `
select count(*) as n from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')`

/** Nothing is in the database at all. */
export const isEmptyDatabase = async (sql: Sql): Promise<boolean> =>
  (await sql.query<{ n: number }>(ANY_TABLE)).rows[0]?.n === 0

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const columnList = ({ columns }: Table): string => columns.map(identifier).join(', ')
