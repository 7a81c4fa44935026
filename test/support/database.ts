import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, openSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../../src/platform/clock.ts'
import { type Connection, connectionsOf, urlOf } from '../../src/platform/connection.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { migrate, readMigrations } from '../../src/platform/migrate.ts'

export interface TestDatabase {
  readonly connection: Connection
  readonly url: string
  /** Closes nothing of yours: close your own connections first. Not calling it is fine, it goes with the process. */
  drop(): Promise<void>
}

const ROOT = resolve(import.meta.dirname, '../..')
const MIGRATIONS = join(ROOT, 'migrations')

/** The admin connection of the shared server: TEST_DATABASE_URL (a superuser's), else one embedded PostgreSQL per machine. */
let shared: Promise<Connection> | undefined
const sharedServer = (): Promise<Connection> => {
  shared ??= process.env.TEST_DATABASE_URL
    ? Promise.resolve(connectionsOf(process.env.TEST_DATABASE_URL)[0] as Connection)
    : keeperConnection()
  return shared
}

let template: Promise<string> | undefined
let count = 0

/**
 * A fresh, migrated, empty database for one test file: a clone of a template that is migrated once per set of
 * migrations. Server: fsync off, shared by all test processes.
 * @param options.migrated false gives a database without any table
 */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const server = await sharedServer()
  const admin = { ...server, database: 'postgres' }
  template ??= ensureTemplate(admin)
  const source = options.migrated === false ? 'template0' : await template
  const name = `test_${process.pid}_${++count}`
  await withAdmin(admin, async database => {
    await database.query(`drop database if exists "${name}" with (force)`)
    await database.query(`create database "${name}" template "${source}"`)
  })
  const connection = { ...server, database: name }
  const drop = () =>
    withAdmin(admin, async database => void (await database.query(`drop database if exists "${name}" with (force)`)))
  return { connection, url: urlOf(connection), drop }
}

async function withAdmin<T>(admin: Connection, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await connect({ connection: admin, poolSize: 1, statementTimeout: 120_000 })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Test processes build the template one after another: the advisory lock belongs to the test server, not the product. */
async function ensureTemplate(admin: Connection): Promise<string> {
  const checksums = readMigrations(MIGRATIONS).map(m => m.checksum)
  const name = `template_${createHash('sha256').update(checksums.join()).digest('hex').slice(0, 16)}`
  return withAdmin(admin, async database => {
    const lane = await database.dedicated()
    try {
      await lane.query('select pg_advisory_lock(4711)')
      const found = await lane.query('select 1 from pg_database where datname = $1', [name])
      if (found.rowCount > 0) return name
      const draft = `draft_${name}`
      await lane.query(`drop database if exists "${draft}" with (force)`)
      await lane.query(`create database "${draft}"`)
      const fresh = await connect({ connection: { ...admin, database: draft }, poolSize: 1 })
      await migrate(fresh, { dir: MIGRATIONS, clock: systemClock })
      await fresh.close()
      await lane.query(`alter database "${draft}" rename to "${name}"`)
      return name
    } finally {
      await lane.end()
    }
  })
}

/** Finds the keeper or starts it; the open socket tells it that this process lives. */
async function keeperConnection(): Promise<Connection> {
  const uid = process.getuid?.() ?? 0
  // Named by its own place: a checkout that was copied by links would share its lock, and wait, with the one it came from.
  const place = createHash('sha256').update(ROOT).digest('hex').slice(0, 8)
  const cache = join(ROOT, 'node_modules', '.cache', `andon-test-${uid}-${place}`)
  const id = createHash('sha256').update(cache).digest('hex').slice(0, 12)
  const door = process.platform === 'win32' ? `\\\\.\\pipe\\andon-test-${id}` : join(tmpdir(), `andon-test-${id}.sock`)
  mkdirSync(cache, { recursive: true })
  const deadline = systemClock.now() + 90_000
  let nextSpawn = 0
  while (systemClock.now() < deadline) {
    const connection = await knock(door)
    if (connection !== null) return connection
    if (systemClock.now() >= nextSpawn) {
      // A keeper that is just leaving still holds the directory, and ours then leaves too: so ask again.
      startKeeper(cache, door)
      nextSpawn = systemClock.now() + 3_000
    }
    await delay(50)
  }
  throw new Error(`the test database did not start: see ${join(cache, 'keeper.log')}`)
}

function startKeeper(cache: string, door: string): void {
  const log = openSync(join(cache, 'keeper.log'), 'a')
  const args = [join(import.meta.dirname, 'keeper.ts'), join(cache, 'data'), door]
  spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], cwd: ROOT }).unref()
}

function knock(door: string): Promise<Connection | null> {
  return new Promise(settle => {
    const socket = dial(door)
    // A keeper that is stuck answers nobody: the next look finds it again, or another one.
    socket.setTimeout(10_000, () => socket.destroy())
    socket.once('close', () => settle(null))
    socket.once('error', () => settle(null))
    socket.once('connect', () => {
      socket.write(`${process.pid}\n`)
      const lines = createInterface({ input: socket })
      lines.once('line', line => {
        socket.setTimeout(0)
        // From here on the connection must not keep a finished test process alive.
        socket.unref()
        settle(JSON.parse(line))
      })
      lines.once('close', () => settle(null))
    })
  })
}
