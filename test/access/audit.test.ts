import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { JsonObject } from '../../src/kernel/json.ts'
import { AuditTrail } from '../../src/modules/access/index.ts'
import { connect } from '../../src/platform/database.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { lintSql } from '../support/sql-lint.ts'

const owned = await testDatabase()
const db = await connect({ connection: owned.connection })
const emitted = new Set<string>()
db.onQuery(text => emitted.add(text))
after(async () => {
  await db.close()
  await owned.drop()
  assert.deepEqual(
    [...emitted].flatMap(text => lintSql(text)),
    [],
  )
})

let made = 0
const NOW = Date.UTC(2026, 0, 5)
const trail = new AuditTrail({
  db,
  sealer: new Sealer(Buffer.alloc(32, 7)),
  now: () => NOW,
  newId: () => `a-${++made}`,
})
const stored = async (id: string) => {
  const { rows } = await db.query('select * from audit where bucket = 0 and id = $1', [id])
  return rows[0]
}

test('an entry tells who, from where, what, and what changed, with secrets and persons masked', async () => {
  const who = { actor: 'user:anna', behalf: 'user:ben', address: '10.0.0.7', agent: 'Firefox\n140', request: 'r-1' }
  const id = await trail.record(who, {
    verb: 'user.invite',
    subject: { kind: 'user', id: 'li.fang@example.com' },
    before: { roles: ['auditor'] },
    after: { roles: ['manager'], email: 'li.fang@example.com', password: 'geheim', note: 'call 138 1234 5678' },
  })
  const row = await stored(id)
  assert.equal(row?.agent, 'Firefox 140')
  assert.equal(row?.subject_id, 'l***@example.com')
  assert.equal(row?.pos, null)
  assert.deepEqual(JSON.parse(String(row?.detail)), {
    before: { roles: ['auditor'] },
    after: { roles: ['manager'], email: 'l***@example.com', password: '***', note: 'call 138****5678' },
  })
})

test('an entry goes with the transaction that it tells of', async () => {
  let id = ''
  const undone = db.transaction(async tx => {
    id = await trail.recordIn(tx, { actor: 'user:anna' }, { verb: 'role.change' })
    throw new Error('undone')
  })
  await assert.rejects(undone, /undone/)
  assert.equal(await stored(id), undefined)
})

test('what is too large is cut, whatever it is made of', async () => {
  const list = Array.from({ length: 400 }, (_, i) => ({ value: `${i} ${'x'.repeat(90)}` }))
  let deep: JsonObject = {}
  for (let i = 0; i < 50; i++) deep = { inner: deep }
  for (const after of [{ list }, deep, { text: `\u0000\ud800${'y'.repeat(9000)}` }]) {
    const id = await trail.record({ actor: 'x'.repeat(500) }, { verb: 'v'.repeat(500), after })
    const row = await stored(id)
    assert.ok(String(row?.detail).length <= 8000)
    assert.ok(String(row?.actor).length <= 120)
  }
})
