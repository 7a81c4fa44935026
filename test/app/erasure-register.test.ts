import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { newId } from '../../src/app/compose.ts'
import { reapplyErasures, registerFile, registerPath } from '../../src/app/erasure-register.ts'
import { AuditTrail } from '../../src/modules/access/index.ts'
import { Erasures } from '../../src/pipeline/erasures.ts'
import { verifyLedger } from '../../src/pipeline/verify.ts'
import { connect } from '../../src/platform/database.ts'
import { about, loadDeps, openWorld, placed, streamOf, until } from '../pipeline/world.ts'
import { testDatabase } from '../support/database.ts'
import { followed } from '../support/followed.ts'

const dir = mkdtempSync(join(tmpdir(), 'andon-register-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const path = registerPath(dir)
const world = await openWorld()
const { sealer } = loadDeps()
const audit = new AuditTrail({ db: world.db, sealer, newId, now: () => world.clock.now() })
const erasures = new Erasures({
  ...{ db: world.db, sealer, audit, newId, register: registerFile(path), now: () => world.clock.now() },
  offer: packs => world.pipeline.offer(packs),
})
const PHONE = '13811112222'
const said = async (orderNo: string): Promise<boolean> =>
  JSON.stringify(await world.facts(streamOf(orderNo))).includes(PHONE)
const orders = ['R-1', 'R-2']
for (const no of orders)
  await world.tell(
    placed(no, world.clock.now(), { customer: { phone: PHONE } }),
    about(no, 'order.cancelled', world.clock.now()),
  )
const caughtUp = async (): Promise<void> => {
  world.pipeline.projector.poke()
  await followed(world.db)
}
await caughtUp()

/** Everything that an erasure touches, as a backup would have it. */
const TABLES = ['salt', 'search_row', 'order_row', 'erasure'] as const
const backup = new Map<string, readonly object[]>()
for (const table of TABLES) backup.set(table, await world.rows(`select * from ${table}`))
async function restore(): Promise<void> {
  for (const table of TABLES) {
    await world.look.query(`truncate ${table}`)
    for (const row of backup.get(table)!) {
      const columns = Object.keys(row)
      const values = columns.map((_, i) => `$${i + 1}`).join()
      await world.look.query(`insert into ${table} (${columns.join()}) values (${values})`, Object.values(row))
    }
  }
}

test('an older backup that is restored is erased again from the register beside it', async () => {
  const who = { actor: 'user:dora' }
  const done = await erasures.erase({ phone: PHONE }, { who, reason: 'on request' })
  await world.pipeline.drained()
  assert.deepEqual([done.status, done.erased], ['done', 2])
  for (const no of orders) assert.equal(await said(no), false)
  assert.ok(!readFileSync(path, 'utf8').includes(PHONE))
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o077, 0)

  // What follows the ledger must not forget anything in the restored tables by itself.
  await caughtUp()
  await restore()
  for (const no of orders) assert.equal(await said(no), true, 'the backup knows the person')
  assert.equal(await reapplyErasures(world.db, sealer, path), 2)
  for (const no of orders) assert.equal(await said(no), false)
  const [row] = await world.rows<{ id: string; status: string }>('select id, status from erasure')
  assert.deepEqual(row, { id: done.id, status: 'done' })
  assert.equal(await reapplyErasures(world.db, sealer, path), 0)
  await world.pipeline.stop()
  const node = await world.node({ node: 'n2' })
  await until(async () => (await world.rows('select 1 from intake')).length === 0)
  await node.pipeline.drained()
  assert.deepEqual((await verifyLedger(world.look, sealer)).problems, [])
})

test('a register that was cut off, forged or is not there does no harm', async () => {
  const before = readFileSync(path, 'utf8')
  const line = JSON.parse(before.trim().split('\n')[0]!)
  appendFileSync(path, `{"id":"half"`)
  appendFileSync(
    path,
    `\n${JSON.stringify({ ...line, id: 'forged' })}\n${JSON.stringify({ ...line, at: line.at + 1 })}\n`,
  )
  const entries = await registerFile(path).read()
  assert.equal(entries.length, 3)
  assert.equal(await erasures.sync(), 0, 'who does not have the master secret erases nobody')
  const gone = join(dir, 'elsewhere.jsonl')
  assert.deepEqual(await registerFile(gone).read(), [])
  const other = new Erasures({
    ...{ db: world.db, sealer, audit, newId, register: registerFile(gone), now: () => world.clock.now() },
  })
  assert.equal(await other.sync(), 0)
  assert.deepEqual(
    (await registerFile(gone).read()).map(e => e.id),
    [line.id],
    'it is made again from the database',
  )
})

test('a database that was made anew learns of all requests', async () => {
  const owned = await testDatabase()
  const db = await connect({ connection: owned.connection })
  assert.equal(await reapplyErasures(db, sealer, path), 0)
  assert.equal((await db.query('select id from erasure')).rows.length, 1)
  await db.close()
  await owned.drop()
})
