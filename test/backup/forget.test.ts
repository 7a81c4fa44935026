import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildPipeline, newId, shipped } from '../../src/app/compose.ts'
import { dataConfig } from '../../src/app/config.ts'
import { registerFile, registerPath } from '../../src/app/erasure-register.ts'
import { openWorld, type World } from '../../src/app/world.ts'
import { AuditTrail } from '../../src/modules/access/index.ts'
import { Erasures } from '../../src/pipeline/erasures.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { urlOf } from '../../src/platform/connection.ts'
import { connect } from '../../src/platform/database.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { KEY_ENV } from '../faults/state.ts'
import { event, placed } from '../http/api.ts'
import { incoming } from '../support/pipeline.ts'
import { andon, endedIn, eventually, scratchDir } from '../support/process.ts'
import { startServer } from '../support/server.ts'

/** What a restored database must not bring back: a person who was forgotten since, and sign-ins that ended since. */
const LI = { name: '李芳', phone: '13800001000', email: 'li.fang@example.com' }

async function inWorld<T>(dataDir: string, work: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld(dataConfig({ values: { data: dataDir }, words: [] }, KEY_ENV), {
    ...{ kinds: ['live'], mayAttach: false, mayFound: true },
    ...{ onProgress: () => {}, warn: () => {}, onLost: () => {} },
  })
  try {
    return await work(world)
  } finally {
    await world.close()
  }
}

/** An order of hers that has ended, found by her number, and a session of somebody. */
async function fill({ db, sealer }: World): Promise<void> {
  const log = createLog({ clock: systemClock, level: 'error', write: line => void process.stderr.write(line) })
  const metrics = createMetrics({ process: false })
  const pipeline = buildPipeline({ ...{ db, sealer, log, metrics, node: 'test', lanes: 1 }, ...(await shipped()) })
  await pipeline.start()
  const now = systemClock.now()
  const events = [
    placed('P-1', { customer: LI }),
    event('order.cancelled', { ref: { orderNo: 'P-1' }, reason: 'customer' }),
  ]
  await pipeline.ingest(events.map(raw => incoming(raw, { now })))
  await pipeline.drained()
  pipeline.projector.poke()
  await eventually(() => pipeline.projector.caughtUp, 'the follower has seen everything')
  await pipeline.stop()
  await db.query(
    `insert into session (id, person, token, expires_at, created_at, updated_at)
     values ('s1', 'p1', 't1', now() + interval '1 day', now(), now())`,
  )
  await db.query(
    `insert into ticket (digest, kind, person, created_at, expires_at) values ('\\x01', 'reset', 'p1', 1, 9999999999999)`,
  )
}

const erasuresOf = ({ db, sealer }: World, dataDir: string): Erasures => {
  const now = (): number => systemClock.now()
  const audit = new AuditTrail({ db, sealer, newId, now })
  return new Erasures({ db, sealer, audit, now, newId, register: registerFile(registerPath(dataDir)) })
}

const salts = async ({ db }: World): Promise<number> =>
  (await db.query<{ n: number }>('select count(*) as n from salt where salt is not null')).rows[0]?.n ?? -1

test('who was erased after the backup is erased again, and nobody is signed in', async t => {
  const home = scratchDir(t)
  const [dataDir, restoredDir, forgetful] = ['data', 'restored', 'forgetful'].map(name => join(home, name))
  assert.ok(dataDir && restoredDir && forgetful)
  await inWorld(dataDir, fill)
  const file = join(home, 'b.tar.zst')
  const backup = andon(['backup', '--data', dataDir, '--out', file], { env: KEY_ENV })
  assert.deepEqual(await endedIn(60_000, backup), { code: 0, signal: null }, backup.err)
  await inWorld(dataDir, async world => {
    assert.equal(await salts(world), 1)
    const done = await erasuresOf(world, dataDir).erase(
      { phone: LI.phone },
      { who: { actor: 'user:dora' }, reason: 'asked' },
    )
    assert.equal(done.erased, 1)
    assert.equal(await salts(world), 0)
  })
  const restore = async (to: string, ...more: string[]) => {
    const run = andon(['restore', file, '--data', to, '--json', ...more], { env: KEY_ENV })
    assert.deepEqual(await endedIn(60_000, run), { code: 0, signal: null }, run.err)
    return run.json
  }
  const without = await restore(forgetful)
  assert.deepEqual([without.erased, without.signIns], [0, 1])
  assert.equal(await inWorld(forgetful, salts), 1, 'without the register she is back: it has to be kept')
  const told = await restore(restoredDir, '--erasures', registerPath(dataDir))
  assert.deepEqual([told.erased, told.signIns, told.problems], [1, 1, 0])
  assert.ok(existsSync(registerPath(restoredDir)), 'and it is kept on')
  await inWorld(restoredDir, async world => {
    assert.equal(await salts(world), 0)
    const trail = await world.db.query(`select 1 from audit where verb = 'cli.restore'`)
    assert.equal(trail.rows.length, 1)
    for (const table of ['session', 'ticket'])
      assert.equal((await world.db.query(`select 1 from ${table}`)).rows.length, 0, table)
  })
})

test('also without its key a restored database signs nobody in', async t => {
  const home = scratchDir(t)
  const [dataDir, restoredDir] = [join(home, 'data'), join(home, 'restored')]
  await inWorld(dataDir, fill)
  const file = join(home, 'b.tar.zst')
  const backup = andon(['backup', '--data', dataDir, '--out', file], { env: KEY_ENV })
  assert.deepEqual(await endedIn(60_000, backup), { code: 0, signal: null }, backup.err)
  const run = andon(['restore', file, '--data', restoredDir, '--json'])
  assert.deepEqual(await endedIn(60_000, run), { code: 0, signal: null }, run.err)
  assert.deepEqual([run.json.verified, run.json.signIns], [false, 1])
  await inWorld(restoredDir, async ({ db }) => assert.equal((await db.query('select 1 from session')).rows.length, 0))
})

test('into a server of its own, with no data directory yet: sign-ins end first, whatever cannot be kept', async t => {
  const home = scratchDir(t)
  const dataDir = join(home, 'data')
  await inWorld(dataDir, fill)
  await inWorld(dataDir, world =>
    erasuresOf(world, dataDir).erase({ phone: LI.phone }, { who: { actor: 'user:dora' }, reason: 'asked' }),
  )
  const file = join(home, 'b.tar.zst')
  const backup = andon(['backup', '--data', dataDir, '--out', file, '--tables'], { env: KEY_ENV })
  assert.deepEqual(await endedIn(60_000, backup), { code: 0, signal: null }, backup.err)
  const server = await startServer(join(home, 'server'))
  t.after(() => server.stop())
  const restore = async (name: string, to: string) => {
    const admin = await connect({ connection: server.connection, poolSize: 1 })
    await admin.query(`create database ${name}`)
    await admin.close()
    const target = { ...server.connection, database: name }
    const env = { ...KEY_ENV, DATABASE_URL: urlOf(target) }
    const run = andon(['restore', file, '--data', to, '--json', '--erasures', registerPath(dataDir)], { env })
    const { code } = await endedIn(60_000, run)
    const db = await connect({ connection: target, poolSize: 1 })
    const { rows } = await db.query('select 1 from session union all select 1 from ticket')
    await db.close()
    return { code, run, signedIn: rows.length }
  }
  const to = join(home, 'never', 'made')
  const fresh = await restore('fresh', to)
  assert.deepEqual([fresh.code, fresh.signedIn, fresh.run.json.signIns], [0, 0, 1], fresh.run.err)
  assert.ok(existsSync(registerPath(to)))
  const blocked = join(home, 'blocked')
  mkdirSync(registerPath(blocked), { recursive: true })
  const failed = await restore('blocked', blocked)
  assert.deepEqual([failed.code, failed.signedIn], [1, 0], failed.run.err)
})
