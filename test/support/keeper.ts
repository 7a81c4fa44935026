import { existsSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Connection } from '../../src/platform/connection.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { PlatformError } from '../../src/platform/error.ts'
import { DataDirInUse, type RunningPostgres, startPostgres } from '../../src/platform/postgres/index.ts'

/**
 * A process of its own that holds the one PostgreSQL of all test processes: `keeper.ts <data dir> <socket>`.
 * Each test process keeps a connection to it; when one ends, however it dies, its databases are dropped; when the last
 * one ends, the server is stopped. Started by test/support/database.ts; a second keeper finds the directory in use and leaves.
 */
const [dataDir = '', socketPath = ''] = process.argv.slice(2)
const IDLE = 15_000

async function start(): Promise<RunningPostgres> {
  const settings = { max_connections: 300, shared_buffers: '192MB', max_wal_size: '1GB', min_wal_size: '80MB' }
  const options = { dataDir, unsafeNoFsync: true, settings }
  try {
    return await startPostgres(options)
  } catch (error) {
    if (error instanceof DataDirInUse) process.exit(0)
    if (!(error instanceof PlatformError)) throw error
    // Without fsync a power cut ruins the cluster, and an upgrade makes it too old: it holds nothing worth keeping.
    rmSync(`${dataDir}/postgres`, { recursive: true, force: true })
    return startPostgres(options)
  }
}

const server = await start()
const admin = await connect({ connection: { ...server.connection, database: 'postgres' }, poolSize: 2 })
await dropLike(admin, 'test_%')

const clients = new Map<Socket, string | null>()
let goodbye = setTimeout(leave, IDLE)
const door = createServer(socket => {
  clearTimeout(goodbye)
  clients.set(socket, null)
  socket.on('error', () => {})
  const hello: Connection = server.connection
  socket.write(`${JSON.stringify(hello)}\n`)
  const lines = createInterface({ input: socket })
  lines.on('line', pid => clients.set(socket, pid))
  // It passes the socket's error on: a test process that was killed must not end the server of all others.
  lines.on('error', () => {})
  socket.on('close', () => {
    const pid = clients.get(socket)
    clients.delete(socket)
    if (pid) void dropLike(admin, `test_${pid}_%`).catch(() => {})
    if (clients.size === 0) goodbye = setTimeout(leave, IDLE)
  })
})
if (existsSync(socketPath)) rmSync(socketPath)
door.listen(socketPath)
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, leave)

function leave(): void {
  door.close()
  void admin
    .close()
    .then(() => server.stop())
    .then(() => process.exit(0))
}

/** @param pattern of our own making: letters, digits and underscores, then a percent sign */
async function dropLike(database: Database, pattern: string): Promise<void> {
  const found = await database.query<{ datname: string }>('select datname from pg_database where datname like $1', [
    pattern.replaceAll('_', '\\_'),
  ])
  for (const { datname } of found.rows) await database.query(`drop database if exists "${datname}" with (force)`)
}
