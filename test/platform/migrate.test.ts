import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { simulatedClock } from '../../src/platform/clock.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { testDatabase } from '../support/database.ts'
import { temporaryDirectory } from './processes.ts'

const clock = simulatedClock(1_800_000_000_000)

async function world(t: TestContext, files: Record<string, string>) {
  const own = await testDatabase({ migrated: false })
  const database = await connect({ connection: own.connection })
  const dir = temporaryDirectory(t)
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(dir, name), sql)
  t.after(async () => {
    await database.close()
    await own.drop()
  })
  return { database, dir, run: () => migrate(database, { dir, clock }) }
}

const tables = async (database: Database): Promise<string[]> =>
  (
    await database.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    )
  ).rows.map(row => row.name)

const FIRST = { '0001_first.sql': '-- one\ncreate table a (n int);\ncreate table b (n int); -- two\n' }

test('applies what is missing, in order, once', async t => {
  const { database, dir, run } = await world(t, { '0002_second.sql': 'alter table a add column m int;', ...FIRST })
  assert.deepEqual(await run(), ['0001_first', '0002_second'])
  assert.deepEqual(await run(), [])
  writeFileSync(join(dir, '0003_third.sql'), 'drop table b')
  assert.deepEqual(await run(), ['0003_third'])
  assert.deepEqual(await tables(database), ['a', 'migration'])
  const { rows } = await database.query('select distinct applied_at from migration')
  assert.deepEqual(rows, [{ applied_at: clock.now() }])
})

test('sends one statement per call', async t => {
  const { database, run } = await world(t, FIRST)
  const seen: string[] = []
  database.onQuery(text => seen.push(text))
  await run()
  const ddl = seen.filter(text => text.startsWith('create table') && !text.includes('migration'))
  assert.deepEqual(ddl, ['create table a (n int)', 'create table b (n int)'])
})

test('of several starters one applies, the others step aside', async t => {
  const { database, dir } = await world(t, FIRST)
  const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(database, { dir, clock })))
  assert.deepEqual(runs.flat(), ['0001_first'])
})

test('a migration that fails leaves nothing of itself', async t => {
  const { database, run } = await world(t, { '0001_bad.sql': 'create table a (n int); create table a (n int);' })
  await assert.rejects(run(), { code: 'MIGRATION_FAILED' })
  assert.deepEqual(await tables(database), ['migration'])
})

test('never goes in between the tables of something else', async t => {
  const { database, run } = await world(t, FIRST)
  // Many tools keep a table of this name.
  await database.query('create table migration (name text, batch int)')
  await assert.rejects(run(), { code: 'DATABASE_FOREIGN', message: /something else \(migration\): make an empty one/ })
  await database.query('drop table migration')
  await database.query('create table invoices (n int)')
  await assert.rejects(run(), { code: 'DATABASE_FOREIGN', message: /something else \(invoices\)/ })
  assert.deepEqual(await tables(database), ['invoices'])
})

test('refuses when an applied file was changed or is gone', async t => {
  const { dir, run } = await world(t, { ...FIRST, '0002_second.sql': 'create table c (n int)' })
  await run()
  writeFileSync(join(dir, '0001_first.sql'), `${FIRST['0001_first.sql']}--`)
  await assert.rejects(run(), { code: 'MIGRATION_CHANGED' })
  rmSync(join(dir, '0001_first.sql'))
  await assert.rejects(run(), { code: 'MIGRATION_CHANGED' })
})

test('line ends of the checkout do not count as a change', async t => {
  const { dir, run } = await world(t, FIRST)
  await run()
  writeFileSync(join(dir, '0001_first.sql'), FIRST['0001_first.sql'].replaceAll('\n', '\r\n'))
  assert.deepEqual(await run(), [])
})

test('older code runs above a newer database, but not above a breaking migration', async t => {
  const { dir, run } = await world(t, { ...FIRST, '0002_more.sql': 'create table c (n int)' })
  await run()
  rmSync(join(dir, '0002_more.sql'))
  assert.deepEqual(await run(), [])
  writeFileSync(join(dir, '0002_more.sql'), 'create table c (n int)')
  writeFileSync(join(dir, '0003_break.sql'), '-- breaking\ndrop table a')
  await run()
  rmSync(join(dir, '0003_break.sql'))
  await assert.rejects(run(), { code: 'DATABASE_NEWER' })
})
