import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { homeBucketOf } from '../../src/kernel/bucket.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { KEPT, tidy } from '../../src/pipeline/housekeeping.ts'
import { connect } from '../../src/platform/database.ts'
import { testDatabase } from '../support/database.ts'
import { lintSql } from '../support/sql-lint.ts'

const owned = await testDatabase()
const db = await connect({ connection: owned.connection })
const emitted = new Set<string>()
after(async () => {
  await db.close()
  await owned.drop()
})

const NOW = Date.UTC(2026, 0, 20)
const outcome = (id: string, at: number, bucket = 0) =>
  db.query(
    `insert into outcome (bucket, command_id, status, stream, version, at, body, request) values ($1, $2, 200, 's', 1, $3, '{}', '')`,
    [bucket, id, at],
  )
const message = (id: string, status: string, at: number, bucket = 0) =>
  db.query(
    `insert into outbox (bucket, id, stream, channel, type, status, attempts, next_at, created_at, body)
     values ($1, $2, 's', 'webhook', 't', $3, 1, 0, $4, '{}')`,
    [bucket, id, status, at],
  )
const ids = async (table: string, column: string) =>
  (await db.query<{ id: string }>(`select ${column} as id from ${table} order by 1`)).rows.map(r => r.id)

test('what is past its time goes, and only that: what was not delivered stays, and so do the groups of others', async () => {
  const elsewhere = homeBucketOf(7)
  await outcome('old', NOW - KEPT.outcome - 1)
  await outcome('just kept', NOW - KEPT.outcome)
  await outcome('old elsewhere', NOW - KEPT.outcome - 1, elsewhere)
  await message('sent long ago', 'sent', NOW - KEPT.sent - 1)
  await message('sent lately', 'sent', NOW - DAY)
  for (const status of ['waiting', 'dead']) await message(`${status} long ago`, status, NOW - 99 * DAY)
  await message('sent elsewhere', 'sent', NOW - 99 * DAY, elsewhere)
  const stop = db.onQuery(text => emitted.add(text))
  assert.equal(await tidy(db, [0, 1], NOW), 2)
  assert.equal(await tidy(db, [0, 1], NOW), 0)
  stop()
  assert.deepEqual(await ids('outcome', 'command_id'), ['just kept', 'old elsewhere'])
  assert.deepEqual(await ids('outbox', 'id'), ['dead long ago', 'sent elsewhere', 'sent lately', 'waiting long ago'])
})

test('more than a page goes too', async () => {
  await db.query(
    `insert into outcome (bucket, command_id, status, stream, version, at, body, request)
     select 3, 'many-' || i, 200, 's', 1, $1, '{}', '' from generate_series(1, 5003) as i`,
    [NOW - KEPT.outcome - HOUR],
  )
  assert.equal(await tidy(db, [0], NOW), 5003)
})

test('its statements would run on a cluster', () => {
  assert.equal(emitted.size, 2)
  assert.deepEqual(
    [...emitted].flatMap(text => lintSql(text)),
    [],
  )
})
