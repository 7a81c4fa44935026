import type { Sql } from '../../src/platform/database.ts'
import type { Cluster } from './cluster.ts'
import type { Server } from './server.ts'

/** Everything that is read at a moment, so that two readings give what happened between them. */
export interface Reading {
  /** ms, monotonic. */
  readonly at: number
  readonly wal: string
  /** ms of CPU used so far. */
  readonly postgresCpu: number
  readonly serverCpu: number
  readonly clientCpu: number
}

export interface Spent {
  readonly ms: number
  readonly walBytes: number
  readonly postgresCpu: number
  readonly serverCpu: number
  readonly clientCpu: number
}

export async function read(from: { cluster: Cluster; db: Sql; server?: Server }): Promise<Reading> {
  const at = performance.now()
  const used = process.cpuUsage()
  const { rows } = await from.db.query<{ wal: string }>('select pg_current_wal_lsn()::text as wal')
  return {
    at,
    wal: rows[0]!.wal,
    postgresCpu: from.cluster.cpu(),
    serverCpu: from.server?.cpu() ?? 0,
    clientCpu: (used.user + used.system) / 1000,
  }
}

const lsn = (text: string): number => {
  const [high, low] = text.split('/').map(part => Number.parseInt(part, 16))
  return high! * 2 ** 32 + low!
}

export const between = (a: Reading, b: Reading): Spent => ({
  ms: b.at - a.at,
  walBytes: lsn(b.wal) - lsn(a.wal),
  postgresCpu: b.postgresCpu - a.postgresCpu,
  serverCpu: b.serverCpu - a.serverCpu,
  clientCpu: b.clientCpu - a.clientCpu,
})

export interface Size {
  readonly heap: number
  readonly index: number
}

const SIZES = `
select coalesce(sum(pg_table_size(c.oid)), 0)::float8 as heap, coalesce(sum(pg_indexes_size(c.oid)), 0)::float8 as index
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'`

/** Bytes on disk of all tables (with TOAST) and of all indexes. */
export async function sizeOf(db: Sql): Promise<Size> {
  const { rows } = await db.query<{ heap: number; index: number }>(SIZES)
  return rows[0]!
}

export interface StatementUse {
  readonly query: string
  readonly calls: number
  /** Planning and execution; parsing is not counted by the server. */
  readonly ms: number
  readonly planMs: number
  readonly rows: number
}

const STATEMENTS = `
select regexp_replace(query, '\\s+', ' ', 'g') as query, calls::float8 as calls, total_exec_time + total_plan_time as ms,
  total_plan_time as "planMs", rows::float8 as rows
from pg_stat_statements s join pg_database d on d.oid = s.dbid
where d.datname = current_database() and query not like '%pg_stat_statements%' and query not like '%bench_%'
order by total_exec_time + total_plan_time desc`

/** What the server executed since the last reset, the costliest first; the bench's own look-ons are left out. */
export const statementsOf = async (db: Sql): Promise<StatementUse[]> => (await db.query<StatementUse>(STATEMENTS)).rows

export const resetStatements = async (db: Sql): Promise<void> =>
  void (await db.query('select pg_stat_statements_reset()'))

/** The value of one series of the text that /metrics gives; 0 when it is not there. */
export function metric(text: string, name: string): number {
  const line = text.split('\n').find(l => l.startsWith(`${name} `) || l.startsWith(`${name}{`))
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1))
}
