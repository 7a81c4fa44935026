import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kysely, PostgresDialect } from 'kysely'
import { connect } from '../../src/platform/database.ts'
import { testDatabase } from '../support/database.ts'

test('Kysely runs on our pool, with our types, and is seen by the hook', async t => {
  const own = await testDatabase({ migrated: false })
  const database = await connect({ connection: own.connection })
  t.after(async () => {
    await database.close()
    await own.drop()
  })
  const seen: string[] = []
  await database.query('create table thing (n bigint)')
  await database.query('insert into thing values (7)')
  database.onQuery(text => seen.push(text))
  const kysely = new Kysely<{ thing: { n: number } }>({ dialect: new PostgresDialect({ pool: database.pool }) })
  const rows = await kysely.selectFrom('thing').select('n').where('n', '>', 1).execute()
  assert.deepEqual(rows, [{ n: 7 }])
  assert.deepEqual(seen, ['select "n" from "thing" where "n" > $1'])
})
