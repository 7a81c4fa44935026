import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '../support/database.ts'
import { CATALOGUE_QUERIES, type Catalogue, catalogueProblems } from '../support/sql-catalogue.ts'

const database = await testDatabase()
const client = new pg.Client({ connectionString: database.url })
await client.connect()
after(async () => {
  await client.end()
  await database.drop()
})

async function catalogue(): Promise<Catalogue> {
  const rows = async <T extends object>(part: keyof Catalogue): Promise<T[]> =>
    (await client.query<T>(CATALOGUE_QUERIES[part])).rows
  return {
    tables: await rows('tables'),
    indexes: await rows('indexes'),
    foreignKeys: await rows('foreignKeys'),
    triggers: await rows('triggers'),
    sequences: await rows('sequences'),
    defaults: await rows('defaults'),
  }
}

test('the migrated database could be split by bucket', async () => {
  const found = await catalogue()
  assert.ok(found.tables.some(t => t.table === 'ledger'))
  assert.ok(found.indexes.some(i => i.table === 'head' && i.columns.join() === 'bucket,stream'))
  assert.deepEqual(catalogueProblems(found), [])
})

test('what a migration could get wrong is seen in the real catalogue', async () => {
  await client.query('begin')
  for (const text of [
    'create table ledger_24311 partition of ledger for values from (24311) to (24312)',
    'create index planted_index on outbox (next_at)',
    'create table invoice (id bigserial primary key, at timestamptz default now())',
    'alter table head add constraint planted_unique unique (stream)',
    'alter table part add constraint planted_key foreign key (stream) references head (stream)',
    'create trigger planted before update on state for each row execute function suppress_redundant_updates_trigger()',
    'alter table seen alter column bucket type integer',
  ])
    await client.query(text)
  const codes = catalogueProblems(await catalogue()).map(p => p.code)
  await client.query('rollback')
  assert.deepEqual([...new Set(codes)].toSorted(), [
    'bucket_column',
    'default_calls',
    'foreign_key_between_groups',
    'index_without_bucket',
    'key_without_bucket',
    'sequence',
    'table_unknown',
    'trigger',
  ])
})
