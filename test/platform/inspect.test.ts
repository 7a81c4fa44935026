import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from '../../src/platform/database.ts'
import { inspectServer, serverFindings } from '../../src/platform/inspect.ts'
import { testDatabase } from '../support/database.ts'

test('doctor sees a server that can lose data, and a locale that hides Chinese', async t => {
  const own = await testDatabase({ migrated: false })
  const database = await connect({ connection: own.connection })
  t.after(async () => {
    await database.close()
    await own.drop()
  })
  const facts = await inspectServer(database)
  assert.ok(facts.version >= 150_000)
  const codes = (changed: Partial<typeof facts>) => serverFindings({ ...facts, ...changed }).map(f => f.code)
  const safe = {
    fsync: true,
    fullPageWrites: true,
    synchronousCommit: 'on',
    encoding: 'UTF8',
    ctype: 'C.UTF-8',
    maxConnections: 60,
  }
  assert.deepEqual(codes(safe), [])
  assert.deepEqual(codes({ ...safe, ctype: 'C' }), ['LC_CTYPE'])
  assert.deepEqual(codes({ ...safe, fsync: false, synchronousCommit: 'off' }), ['FSYNC_OFF', 'SYNCHRONOUS_COMMIT_OFF'])
})
