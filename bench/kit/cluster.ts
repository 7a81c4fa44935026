import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connection, urlOf } from '../../src/platform/connection.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { startPostgres } from '../../src/platform/postgres/index.ts'
import { cpuOfCluster } from './processes.ts'

/**
 * One embedded PostgreSQL with the product's settings (fsync on), for all sides of a bench, in a temporary directory.
 * pg_stat_statements runs on all sides alike; its cost is per statement, and both sides send few and large ones.
 */
export interface Cluster {
  /** An empty database; opened for the bench itself, which looks on and steers. */
  create(name: string): Promise<BenchDatabase>
  /** ms of CPU that all processes of the server have used so far. */
  cpu(): number
  close(): Promise<void>
}

export interface BenchDatabase {
  readonly connection: Connection
  readonly url: string
  readonly db: Database
  /** Closes our connections and drops it. */
  drop(): Promise<void>
}

const WATCHED = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_planning': 'on' }

/** @param more settings that one bench needs besides */
export async function startCluster(more: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'andon-bench-'))
  const postgres = await startPostgres({ dataDir, settings: { ...WATCHED, ...more } })
  const admin = await connect({ connection: { ...postgres.connection, database: 'postgres' }, statementTimeout: 0 })
  const { rows } = await admin.query<{ dir: string }>(`select current_setting('data_directory') as dir`)
  const directory = realpathSync(rows[0]!.dir)
  return {
    create: async name => {
      await admin.query(`create database "${name}"`)
      const connection = { ...postgres.connection, database: name }
      const db = await connect({ connection, statementTimeout: 0 })
      await db.query('create extension pg_stat_statements')
      const drop = async () => {
        await db.close()
        await admin.query(`drop database "${name}" with (force)`)
      }
      return { connection, url: urlOf(connection), db, drop }
    },
    cpu: () => cpuOfCluster(directory),
    close: async () => {
      await admin.close()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
