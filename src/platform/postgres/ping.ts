import pg from 'pg'
import type { Connection } from '../connection.ts'

/** Null when the server answers a query, else the error. Waits at most 3 s for the connection. */
export async function ping(connection: Connection): Promise<unknown | null> {
  const { host, port, database, user, password } = connection
  const client = new pg.Client({ host, port, database, user, password, ssl: false, connectionTimeoutMillis: 3000 })
  // Errors after the answer (a server that stops) must not crash the process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return null
  } catch (error) {
    return error
  } finally {
    await client.end().catch(() => {})
  }
}

/** Creates `name` when the server has no such database. */
export async function ensureDatabase(admin: Connection, name: string): Promise<void> {
  const { host, port, database, user, password } = admin
  const client = new pg.Client({ host, port, database, user, password, ssl: false, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end().catch(() => {})
  }
}
