import { classOf, type SqlKnowledge, TABLES } from './sql-tables.ts'

/** The database as it stands, from `CATALOGUE_QUERIES`. */
export interface Catalogue {
  /** Ordinary and partitioned tables; partitions under the name of what they are part of. `bucket`: its column's type, '' for none, with ' null' when it may be null. */
  readonly tables: readonly { table: string; bucket: string }[]
  /** `columns` as PostgreSQL prints them: a name, or an expression. */
  readonly indexes: readonly { table: string; name: string; unique: boolean; columns: readonly string[] }[]
  readonly foreignKeys: readonly { table: string; name: string; to: string; columns: readonly string[] }[]
  readonly triggers: readonly { table: string; name: string }[]
  readonly sequences: readonly { name: string }[]
  /** Column defaults that call a function. */
  readonly defaults: readonly { table: string; column: string; expression: string }[]
}

const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`
const ROOT_NAME = 'coalesce((select r.relname from pg_class r where r.oid = pg_partition_root(c.oid)), c.relname)::text'

/** One query per part of the catalogue; their rows are the parts. */
export const CATALOGUE_QUERIES: { readonly [part in keyof Catalogue]: string } = {
  tables: `
    select ${ROOT_NAME} as table,
      coalesce(format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then '' else ' null' end, '') as bucket
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_attribute a on a.attrelid = c.oid and a.attname = 'bucket' and not a.attisdropped
    where c.relkind in ('r', 'p') and ${OURS}`,
  indexes: `
    select ${ROOT_NAME} as table, i.relname::text as name, x.indisunique as unique,
      array(select pg_get_indexdef(x.indexrelid, k::int, true) from generate_series(1, x.indnkeyatts) k order by k) as columns
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
      join pg_namespace n on n.oid = c.relnamespace
    where ${OURS}`,
  foreignKeys: `
    select ${ROOT_NAME} as table, k.conname::text as name, t.relname::text as to,
      array(select a.attname::text from unnest(k.conkey) with ordinality u(attnum, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum order by u.place) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      join pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'f' and ${OURS}`,
  triggers: `
    select ${ROOT_NAME} as table, g.tgname::text as name
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not g.tgisinternal and ${OURS}`,
  sequences: `
    select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and ${OURS}`,
  defaults: `
    select ${ROOT_NAME} as table, a.attname::text as column, pg_get_expr(d.adbin, d.adrelid) as expression
    from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    where ${OURS} and pg_get_expr(d.adbin, d.adrelid) like '%(%'`,
}

export interface CatalogueProblem {
  readonly code: string
  readonly message: string
}

/** What in the database would not survive being split by bucket over several machines. Pure. */
export function catalogueProblems(catalogue: Catalogue, known: SqlKnowledge = TABLES): CatalogueProblem[] {
  const isSplit = (table: string): boolean => ['hot', 'listed'].includes(classOf(table, known))
  return [
    ...catalogue.tables.flatMap(t => tableProblems(t, known)),
    ...catalogue.indexes.flatMap(index => indexProblems(index, known)),
    ...catalogue.foreignKeys
      .filter(key => isSplit(key.table) && key.columns[0] !== 'bucket' && classOf(key.to, known) !== 'small')
      .map(key => problem('foreign_key_between_groups', `${key.table}.${key.name} -> ${key.to}`)),
    ...catalogue.triggers.map(t => problem('trigger', `${t.table}.${t.name}`)),
    ...catalogue.sequences.map(s => problem('sequence', s.name)),
    ...catalogue.defaults.map(d =>
      problem('default_calls', `${d.table}.${d.column} defaults to ${d.expression}; ids and times come from Node`),
    ),
  ]
}

const problem = (code: string, message: string): CatalogueProblem => ({ code, message })

function tableProblems({ table, bucket }: Catalogue['tables'][number], known: SqlKnowledge): CatalogueProblem[] {
  const kind = classOf(table, known)
  if (kind === 'unknown') return [problem('table_unknown', `${table} is on no list of test/support/sql-tables.ts`)]
  if (kind === 'small' || kind === 'system' || bucket === 'smallint') return []
  return [problem('bucket_column', `${table}.bucket is ${bucket || 'missing'}; it is smallint not null`)]
}

function indexProblems(index: Catalogue['indexes'][number], known: SqlKnowledge): CatalogueProblem[] {
  const kind = classOf(index.table, known)
  const first = index.columns[0] ?? ''
  if (kind !== 'hot' && !(kind === 'listed' && index.unique)) return []
  if (first === 'bucket' || (!index.unique && /\bbucket\b/.test(first))) return []
  return [
    problem(
      index.unique ? 'key_without_bucket' : 'index_without_bucket',
      `${index.table}.${index.name} starts with ${first}`,
    ),
  ]
}
