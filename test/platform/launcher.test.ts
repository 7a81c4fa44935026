import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chownSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from '../../src/platform/database.ts'
import { attachPostgres, DataDirInUse, startPostgres } from '../../src/platform/postgres/index.ts'
import { postgresProcessesOf } from '../../src/platform/postgres/processes.ts'
import { eventually, kill, startHolder, temporaryDirectory } from './processes.ts'

/** One cluster for all tests of this file, each of which leaves it stopped, in one state or another. */
const cleanups: (() => void)[] = []
const dataDir = join(temporaryDirectory({ after: fn => void cleanups.push(fn as () => void) }), 'data')
const cluster = join(dataDir, 'postgres')
const pidFile = join(cluster, 'postmaster.pid')
const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0

before(async () => {
  const first = await startPostgres({ dataDir, unsafeNoFsync: true })
  await write(first.connection, 'create table kept (n int)')
  await first.stop()
})
after(() => {
  for (const cleanup of cleanups) cleanup()
})

async function write(connection: Parameters<typeof connect>[0]['connection'], sql: string): Promise<void> {
  const database = await connect({ connection })
  await database.query(sql)
  await database.close()
}

/** Starts, proves that the data is there and can be written, stops. */
async function startsAndWorks(options: { onProgress?: (text: string) => void } = {}): Promise<void> {
  const server = await startPostgres({ dataDir, unsafeNoFsync: true, ...options })
  try {
    await write(server.connection, 'insert into kept values (1)')
  } finally {
    await server.stop()
  }
}

/** Puts a file into the stopped cluster with the cluster's owner, as PostgreSQL itself would have left it. */
function leave(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 })
  const { uid, gid } = statSync(cluster)
  chownSync(path, uid, gid)
}

const pidFileNaming = (pid: number): string =>
  `${pid}\n${cluster}\n1700000000\n5432\n${cluster}\n\n   123456    99\nready   \n`

test('starts twice in a row on the same data, in a path with a space', async () => {
  await startsAndWorks()
  await startsAndWorks()
})

test('a pid file of a process that is gone does not stop the start', async () => {
  leave(pidFile, pidFileNaming(2 ** 22 - 7))
  await startsAndWorks()
})

test('a pid file whose pid now belongs to an unrelated process does not stop the start', async () => {
  leave(pidFile, pidFileNaming(process.pid))
  await startsAndWorks()
})

test('an empty pid file does not stop the start', async () => {
  leave(pidFile, '')
  await startsAndWorks()
})

test('a socket lock whose pid was reused does not stop the start', async () => {
  leave(join(cluster, '.s.PGSQL.5432.lock'), pidFileNaming(process.pid))
  await startsAndWorks()
})

test('an initdb that was interrupted does not stop the start', async t => {
  const dir = temporaryDirectory(t)
  const first = await startPostgres({ dataDir: dir, unsafeNoFsync: true })
  await first.stop()
  const half = join(dir, 'postgres.new')
  writeFileSync(half, 'not even a directory')
  const again = await startPostgres({ dataDir: dir, unsafeNoFsync: true })
  await again.stop()
})

test('a second start is refused, and told where the running database is', async () => {
  const server = await startPostgres({ dataDir, unsafeNoFsync: true })
  try {
    await assert.rejects(startPostgres({ dataDir }), (error: unknown) => {
      assert.ok(error instanceof DataDirInUse)
      assert.equal(error.code, 'DATA_DIR_IN_USE')
      assert.deepEqual(error.connection, server.connection)
      assert.equal(error.ownerPid, process.pid)
      return true
    })
    const attached = await attachPostgres(dataDir)
    assert.ok(attached)
    await write(attached, 'insert into kept values (2)')
  } finally {
    await server.stop()
  }
  assert.equal(await attachPostgres(dataDir), null)
})

test('a process in another process is refused too', async () => {
  const holder = await startHolder(dataDir)
  await assert.rejects(startPostgres({ dataDir }), { code: 'DATA_DIR_IN_USE', ownerPid: holder.child.pid })
  await kill(holder.child, 'SIGTERM')
})

test('kill -9 of node stops PostgreSQL', { skip: !isLinux }, async () => {
  const holder = await startHolder(dataDir)
  assert.ok(postgresProcessesOf(cluster, null).includes(holder.postmaster))
  await kill(holder.child, 'SIGKILL')
  await eventually(() => postgresProcessesOf(cluster, null).length === 0, 'PostgreSQL stops after node died')
  await startsAndWorks()
})

test('kill -9 of node does not stop the next start, which comes before PostgreSQL is gone', async () => {
  const holder = await startHolder(dataDir)
  await kill(holder.child, 'SIGKILL')
  await startsAndWorks()
})

test('an orphan that lost its watchdog is stopped, then a fresh server is started', { skip: !isLinux }, async () => {
  const holder = await startHolder(dataDir)
  const shell = parentOf(holder.postmaster)
  // The shell and its helper are the watchdog; without them nobody tells PostgreSQL that node died.
  for (const pid of [...childrenOf(shell).filter(p => p !== holder.postmaster), shell]) process.kill(pid, 'SIGKILL')
  await kill(holder.child, 'SIGKILL')
  assert.ok(postgresProcessesOf(cluster, null).includes(holder.postmaster))
  const told: string[] = []
  await startsAndWorks({ onProgress: text => told.push(text) })
  assert.ok(
    told.some(text => text.includes('left behind')),
    told.join(),
  )
})

test('kill -9 of everything: the next start recovers', { skip: !isLinux }, async () => {
  const holder = await startHolder(dataDir)
  const everything = postgresProcessesOf(cluster, null)
  holder.child.kill('SIGKILL')
  for (const pid of everything) process.kill(pid, 'SIGKILL')
  await once(holder.child, 'exit')
  await startsAndWorks()
})

test('kill -9 of the postmaster under a live node: it is started again', async () => {
  const server = await startPostgres({ dataDir, unsafeNoFsync: true })
  const first = server.pid
  process.kill(first, 'SIGKILL')
  await eventually(() => server.pid !== first, 'a new postmaster')
  await write(server.connection, 'insert into kept values (3)')
  await server.stop()
})

test('stop ends busy clients and leaves no process', { skip: !isLinux }, async () => {
  const server = await startPostgres({ dataDir, unsafeNoFsync: true })
  const database = await connect({ connection: server.connection })
  const busy = assert.rejects(database.query('select pg_sleep(60)'))
  await eventually(async () => {
    const { rows } = await database.query<{ n: number }>(
      `select count(*) as n from pg_stat_activity where query like 'select pg_sleep%'`,
    )
    return rows[0]?.n === 1
  }, 'the query runs')
  await server.stop()
  await busy
  await database.close()
  assert.deepEqual(postgresProcessesOf(cluster, null), [])
})

test('the database is private and durable unless a test says otherwise', async t => {
  const dir = temporaryDirectory(t)
  const server = await startPostgres({ dataDir: dir })
  const database = await connect({ connection: server.connection })
  const { rows } = await database.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name = any($1) order by name`,
    [['fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'unix_socket_permissions']],
  )
  const found = Object.fromEntries(rows.map(row => [row.name, row.setting]))
  await database.close()
  await server.stop()
  assert.deepEqual(found, {
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    synchronous_commit: 'on',
    unix_socket_permissions: '0700',
  })
  assert.equal(statSync(join(dir, 'postgres')).mode & 0o777, 0o700)
})

test('Chinese text has trigrams', async () => {
  const server = await startPostgres({ dataDir, unsafeNoFsync: true })
  const database = await connect({ connection: server.connection })
  await database.query('create extension if not exists pg_trgm')
  const { rows } = await database.query<{ n: number }>(`select cardinality(show_trgm('上海仓')) as n`)
  await database.close()
  await server.stop()
  assert.equal(rows[0]?.n, 4)
})

test('a path too long for a socket gets a private directory elsewhere, the same one each time', async t => {
  const dir = join(temporaryDirectory(t), 'long'.repeat(25))
  const first = await startPostgres({ dataDir: dir, unsafeNoFsync: true })
  await first.stop()
  t.after(() => rmSync(first.connection.host, { recursive: true }))
  const second = await startPostgres({ dataDir: dir, unsafeNoFsync: true })
  await write(second.connection, 'select 1')
  await second.stop()
  assert.notEqual(second.connection.host, join(dir, 'postgres'))
  assert.equal(second.connection.host, first.connection.host)
  assert.equal(statSync(second.connection.host).mode & 0o777, 0o700)
})

test('a data directory that cannot be one is refused with what to do', async t => {
  const dir = temporaryDirectory(t)
  writeFileSync(join(dir, 'file'), '')
  const choose = { code: 'DATA_DIR_NOT_WRITABLE', message: /--data/ }
  await assert.rejects(startPostgres({ dataDir: join(dir, 'file') }), choose)
  symlinkSync(join(dir, 'gone'), join(dir, 'postgres'))
  await assert.rejects(startPostgres({ dataDir: dir }), { code: 'DATA_DIR_GONE' })
})

test('a cluster of another major version is refused, not touched', async t => {
  const dir = temporaryDirectory(t)
  mkdirSync(join(dir, 'postgres'))
  writeFileSync(join(dir, 'postgres', 'PG_VERSION'), '12\n')
  await assert.rejects(startPostgres({ dataDir: dir }), { code: /CLUSTER_VERSION|DATA_DIR_FOREIGN/ })
  assert.equal(readFileSync(join(dir, 'postgres', 'PG_VERSION'), 'utf8'), '12\n')
})

test('root lends an account; the server never runs as root', { skip: !isRoot || !isLinux }, async () => {
  const server = await startPostgres({ dataDir, unsafeNoFsync: true })
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  await server.stop()
  assert.doesNotMatch(status, /^Uid:\s+0\b/m)
})

test('root can keep its data below a directory that nobody else may enter', { skip: !isRoot }, async t => {
  const dir = join(temporaryDirectory(t, 0o700), 'data')
  for (let round = 0; round < 2; round++) {
    const server = await startPostgres({ dataDir: dir, unsafeNoFsync: true })
    await write(server.connection, 'create table if not exists kept (n int)')
    await server.stop()
  }
})

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number)
}
