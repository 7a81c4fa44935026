import type { Sql } from './database.ts'

export interface ServerFacts {
  /** `180004` is 18.4. */
  readonly version: number
  /** LC_CTYPE of this database: it must be a UTF-8 one, or pg_trgm and text functions ignore Chinese characters. */
  readonly ctype: string
  readonly encoding: string
  readonly fsync: boolean
  readonly fullPageWrites: boolean
  readonly synchronousCommit: string
  readonly maxConnections: number
}

/** What `doctor` and the start look at. */
export async function inspectServer(sql: Sql): Promise<ServerFacts> {
  const { rows } = await sql.query<ServerFacts>(`
    select current_setting('server_version_num')::int as version, datctype as ctype, pg_encoding_to_char(encoding) as encoding,
      current_setting('fsync')::boolean as fsync, current_setting('full_page_writes')::boolean as "fullPageWrites",
      current_setting('synchronous_commit') as "synchronousCommit", current_setting('max_connections')::int as "maxConnections"
    from pg_database where datname = current_database()`)
  const facts = rows[0]
  if (!facts) throw new Error('the server does not list the database we are connected to')
  return facts
}

/** Stable codes with a sentence each; empty when all is well. */
export function serverFindings(facts: ServerFacts): { code: string; message: string }[] {
  const unsafe = 'a power cut can lose acknowledged data: switch it on in postgresql.conf.'
  const rows: [boolean, string, string][] = [
    [!facts.fsync, 'FSYNC_OFF', `fsync is off, so ${unsafe}`],
    [!facts.fullPageWrites, 'FULL_PAGE_WRITES_OFF', `full_page_writes is off, so ${unsafe}`],
    [facts.synchronousCommit === 'off', 'SYNCHRONOUS_COMMIT_OFF', `synchronous_commit is off, so ${unsafe}`],
    [
      facts.encoding !== 'UTF8',
      'ENCODING',
      `The database is encoded in ${facts.encoding}: create it with ENCODING 'UTF8'.`,
    ],
    [
      !/utf-?8$/i.test(facts.ctype),
      'LC_CTYPE',
      `The database has LC_CTYPE ${facts.ctype}, under which Chinese text cannot be searched: create it with LC_CTYPE 'C.UTF-8'.`,
    ],
    [facts.maxConnections < 30, 'MAX_CONNECTIONS', `max_connections is ${facts.maxConnections}: set it to 30 or more.`],
  ]
  return rows.filter(([bad]) => bad).map(([, code, message]) => ({ code, message }))
}
