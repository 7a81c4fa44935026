import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { masterKey } from '../../src/app/keys.ts'
import { type Connection, urlOf } from '../../src/platform/connection.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { startPostgres } from '../../src/platform/postgres/index.ts'
import { type Digest, digestOf, spellAlike } from '../../src/platform/transfer/digest.ts'
import { tablesOf } from '../../src/platform/transfer/tables.ts'
import { sliceOf } from '../faults/slice.ts'
import { type Andon, andon, endedIn, scratchDir } from '../support/process.ts'
import { startServer } from '../support/server.ts'

/** One world with a little of everything, its backups, and where they can go. */
const cleanups: (() => unknown)[] = []
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})
const home = scratchDir({ after: fn => void cleanups.push(fn as () => void) })
const data = join(home, 'data')
const at = (...path: string[]): string => join(home, ...path)

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Andon & { code: number | null }> {
  const process = andon([...args, '--json'], { env })
  const { code } = await endedIn(120_000, process)
  return Object.assign(process, { code })
}

async function good(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { code, err, json } = await run(args, env)
  assert.equal(code, 0, err)
  return json
}

/** Refused with one sentence that matches. */
async function refused(args: readonly string[], sentence: RegExp, env: Record<string, string> = {}): Promise<void> {
  const { code, err } = await run(args, env)
  assert.notEqual(code, 0)
  assert.match(err, sentence)
  assert.doesNotMatch(err, /\n\s+at /, 'no stack')
}

/** What every table of a database holds. */
async function holdsOf(connection: Connection): Promise<Record<string, Digest>> {
  const db = await connect({ connection, poolSize: 1 })
  try {
    return await digestsOf(db)
  } finally {
    await db.close()
  }
}

// Each verb adds a row of its own to the trail, before and after: verify-ledger holds it to its chain instead.
const TRAIL = new Set(['audit', 'audit_head', 'audit_link'])

async function digestsOf(db: Database): Promise<Record<string, Digest>> {
  const lane = await db.dedicated()
  await spellAlike(lane)
  const found: Record<string, Digest> = {}
  for (const table of await tablesOf(lane)) if (!TRAIL.has(table.name)) found[table.name] = await digestOf(lane, table)
  await lane.end()
  return found
}

async function holdsOfDir(dataDir: string): Promise<Record<string, Digest>> {
  const server = await startPostgres({ dataDir })
  try {
    return await holdsOf(server.connection)
  } finally {
    await server.stop()
  }
}

const server = await startServer(at('server'))
cleanups.push(() => server.stop())

/** An empty database on the server. */
async function emptyDatabase(name: string): Promise<Connection> {
  const admin = await connect({ connection: { ...server.connection, database: 'postgres' }, poolSize: 1 })
  await admin.query(`create database ${name}`)
  await admin.close()
  return { ...server.connection, database: name }
}

await good(['import', 'olist', sliceOf(at('slice'), 120), '--data', data])
const original = await holdsOfDir(data)
const total = Object.values(original).reduce((n, { rows }) => n + rows, 0)

test('the original has rows in many tables', () => {
  assert.ok(total > 2000, `${total} rows`)
  const filled = Object.entries(original).filter(([, { rows }]) => rows > 0)
  for (const name of ['head', 'chain', 'salt', 'order_row', 'world', 'position'])
    assert.ok(
      filled.some(([table]) => table === name),
      `${name} has rows`,
    )
})

test('a backup of files, restored: every table is the same, the chains hold, the key is asked for', async () => {
  const told = await good(['backup', '--data', data, '--out', at('plain')])
  assert.equal(told.withKey, false)
  assert.equal(told.encrypted, false)
  const file = String(told.path)
  assert.match(file, /andon-\d{8}T\d{6}Z\.tar\.zst$/)
  assert.equal(statSync(file).mode & 0o077, 0, 'nobody else may read it')
  const dataDir = at('from plain')
  const { code, err, json } = await run(['restore', file, '--data', dataDir])
  assert.equal(code, 0, err)
  assert.equal(json.verified, false)
  assert.match(err, /The master key is not here: put it at/)
  assert.ok(!existsSync(join(dataDir, 'secret.key')), 'none is made')
  assert.deepEqual(await holdsOfDir(dataDir), original)
  writeFileSync(join(dataDir, 'secret.key'), readFileSync(join(data, 'secret.key')), { mode: 0o600 })
  const proof = await good(['verify-ledger', '--data', dataDir])
  assert.deepEqual(proof.problems, [])
  await refused(['restore', file, '--data', dataDir], /holds a database already/)
})

test('an encrypted backup with the key: who has the identity gets everything, others nothing', async () => {
  const identity = at('identity.txt')
  const { recipient } = await good(['backup-key', '--out', identity])
  assert.equal(statSync(identity).mode & 0o077, 0)
  await refused(['backup-key', '--out', identity], /exists already/)
  const env = { ANDON_BACKUP_RECIPIENT: String(recipient) }
  const file = at('whole.tar.zst.age')
  const told = await good(['backup', '--data', data, '--out', file, '--with-key'], env)
  assert.equal(told.encrypted, true)
  assert.equal(told.withKey, true)
  assert.ok(!readFileSync(file).includes('andon-backup.json'))
  const dataDir = at('from encrypted')
  await refused(['restore', file, '--data', dataDir], /encrypted, and not with any key/)
  const other = at('other.txt')
  await good(['backup-key', '--out', other])
  await refused(['restore', file, '--data', dataDir, '--identity', other], /encrypted, and not with any key/)
  const restored = await good(['restore', file, '--data', dataDir, '--identity', identity])
  assert.equal(restored.verified, true)
  assert.deepEqual(masterKey(dataDir, undefined).bytes, masterKey(data, undefined).bytes)
  assert.deepEqual(await holdsOfDir(dataDir), original)
})

test('a passphrase, from a file, does as well', async () => {
  writeFileSync(at('passphrase'), 'correct horse battery staple\n')
  const env = { ANDON_BACKUP_PASSPHRASE_FILE: at('passphrase') }
  const file = at('phrase.tar.zst.age')
  await good(['backup', '--data', data, '--out', file], env)
  await refused(['restore', file, '--data', at('x')], /encrypted/, { ANDON_BACKUP_PASSPHRASE: 'wrong' })
  await good(['restore', file, '--data', at('from phrase')], env)
  assert.deepEqual(await holdsOfDir(at('from phrase')), original)
})

test('another master key than that of the backup is refused before anything is written', async () => {
  const file = at('for-key.tar.zst')
  await good(['backup', '--data', data, '--out', file])
  const env = { ANDON_MASTER_KEY: 'ab'.repeat(32) }
  await refused(['restore', file, '--data', at('wrong key')], /not the one of this backup/, env)
  assert.ok(!existsSync(at('wrong key', 'postgres')))
})

test('a damaged backup is refused and leaves nothing that looks like a database', async () => {
  const file = at('damaged.tar.zst')
  await good(['backup', '--data', data, '--out', file])
  const whole = readFileSync(file)
  for (const share of [0.5, 0.95]) {
    writeFileSync(file, whole)
    truncateSync(file, Math.floor(whole.length * share))
    await refused(['restore', file, '--data', at('half')], /no whole backup file/)
    assert.ok(!existsSync(at('half', 'postgres')))
    assert.ok(!existsSync(at('half', 'postgres.new')))
  }
  writeFileSync(file, 'this is not a backup')
  await refused(['restore', file, '--data', at('half')], /no whole backup file/)
})

test('what cannot be done is told in a sentence', async () => {
  await refused(['backup', '--data', at('nothing')], /There is no Andon in/)
  await refused(['backup', '--data', data, '--with-key'], /encrypted backups only/)
  await refused(['backup', '--data', data, '--recipient', 'age1nonsense'], /no age recipient/)
  await refused(['restore', at('none.tar.zst'), '--data', at('x')], /There is no file/)
  await refused(['restore'], /Name one backup file/)
  const both = { ANDON_BACKUP_RECIPIENT: 'age1x', ANDON_BACKUP_PASSPHRASE: 'x' }
  await refused(['backup', '--data', data], /both set/, both)
  assert.deepEqual(existsSync(join(data, 'backups')) ? readdirSync(join(data, 'backups')) : [], [])
})

test("files alone are unpacked for a server of one's own", async () => {
  const file = at('unpack.tar.zst')
  await good(['backup', '--data', data, '--out', file])
  const unpacked = await run(['restore', file, '--unpack', at('files')])
  assert.equal(unpacked.code, 0, unpacked.err)
  assert.match(unpacked.err, /Nothing was ended or erased in them\. .*session, ticket and verification/)
  for (const name of ['PG_VERSION', 'backup_label', 'backup_manifest', 'global/pg_control', 'pg_wal'])
    assert.ok(existsSync(at('files', name)), name)
  await refused(['restore', file, '--unpack', at('files')], /is not empty/)
})

test('a backup of files goes into an empty database of another server', async () => {
  const file = at('for-server.tar.zst')
  await good(['backup', '--data', data, '--out', file])
  const target = await emptyDatabase('from_files')
  mkdirSync(at('beside'))
  writeFileSync(at('beside', 'secret.key'), readFileSync(join(data, 'secret.key')))
  const env = { DATABASE_URL: urlOf(target) }
  const told = await good(['restore', file, '--data', at('beside')], env)
  assert.equal(told.verified, true)
  assert.deepEqual(await holdsOf(target), original)
  assert.deepEqual(
    readdirSync(at('beside')).filter(name => name.includes('restore')),
    [],
  )
  await refused(['restore', file, '--data', at('beside')], /is not empty/, env)
})

test('a backup of tables goes into the built-in server and into another one', async () => {
  const file = at('tables.tar.zst')
  await good(['backup', '--data', data, '--out', file, '--tables'])
  await good(['restore', file, '--data', at('from tables')])
  assert.deepEqual(await holdsOfDir(at('from tables')), original)
  const target = await emptyDatabase('from_tables')
  const env = { DATABASE_URL: urlOf(target) }
  await good(['restore', file, '--data', at('beside tables')], env)
  assert.deepEqual(await holdsOf(target), original)
  // And out of that one again, while nothing runs on it.
  await good(['backup', '--data', at('beside tables'), '--out', at('again.tar.zst'), '--tables'], env)
  await good(['restore', at('again.tar.zst'), '--data', at('and back')])
  assert.deepEqual(await holdsOfDir(at('and back')), original)
})

test("a server of one's own is copied as a whole when the role may replicate, else it is told what to do", async () => {
  const env = { DATABASE_URL: urlOf(await emptyDatabase('whole')) }
  await good(['restore', at('tables.tar.zst'), '--data', at('w')], env)
  const file = at('server.tar.zst')
  await good(['backup', '--data', at('w'), '--out', file], env)
  await refused(['restore', file, '--data', at('y')], /server of your own.*--unpack/)
  await good(['restore', file, '--unpack', at('server files')])
  assert.ok(existsSync(at('server files', 'global/pg_control')))
  const admin = await connect({ connection: server.connection, poolSize: 1 })
  await admin.query('create role plain login')
  await admin.query('grant all on database whole to plain')
  await admin.close()
  const db = await connect({ connection: { ...server.connection, database: 'whole' }, poolSize: 1 })
  await db.query('grant select on all tables in schema public to plain')
  await db.close()
  const plain = { DATABASE_URL: urlOf({ ...server.connection, database: 'whole', user: 'plain' }) }
  await refused(['backup', '--data', at('w'), '--out', at('no.tar.zst')], /give the role REPLICATION/, plain)
  assert.ok(!existsSync(at('no.tar.zst')) && !existsSync(at('no.tar.zst.partial')))
})

test('everything is moved to another server by one command, compared, and the old one is not started by mistake', async () => {
  await good(['restore', at('tables.tar.zst'), '--data', at('mover')])
  writeFileSync(at('mover', 'secret.key'), readFileSync(join(data, 'secret.key')), { mode: 0o600 })
  const target = await emptyDatabase('moved')
  const moved = await good(['move', '--data', at('mover'), '--to', urlOf(target)])
  assert.ok(Number(moved.rows) >= total, `${moved.rows} of ${total} rows`)
  assert.deepEqual(await holdsOf(target), original)
  const proof = await good(['verify-ledger', '--data', at('mover')], { DATABASE_URL: urlOf(target) })
  assert.deepEqual(proof.problems, [])
  await refused(['import', 'olist', at('slice'), '--data', at('mover')], /was moved to .*\/moved/)
  await refused(['move', '--data', at('mover'), '--to', urlOf(target)], /was moved to/)
  await good(['move', '--data', at('mover'), '--undo'])
  await refused(['move', '--data', at('mover'), '--to', urlOf(target)], /is not empty/)
  await good(['import', 'olist', at('slice'), '--data', at('mover')])
  // And it goes on where it is now: nothing of the import is new.
  const again = await good(['import', 'olist', at('slice'), '--data', at('mover')], { DATABASE_URL: urlOf(target) })
  assert.equal(again.accepted, 0, JSON.stringify(again))
})
