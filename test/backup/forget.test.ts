import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildPipeline, newId, shipped } from '../../src/app/compose.ts'
import { dataConfig } from '../../src/app/config.ts'
import { registerFile, registerPath } from '../../src/app/erasure-register.ts'
import { Revocations, revocationsPath } from '../../src/app/revocations.ts'
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
import { followed } from '../support/followed.ts'
import { incoming } from '../support/pipeline.ts'
import { andon, endedIn, scratchDir } from '../support/process.ts'
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
  await followed(db)
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

test('what was taken away from programs and people after the backup stays taken away', async t => {
  const home = scratchDir(t)
  const [dataDir, restoredDir, forgetful] = ['data', 'restored', 'forgetful'].map(name => join(home, name))
  assert.ok(dataDir && restoredDir && forgetful)
  await inWorld(dataDir, async world => {
    await fill(world)
    for (const handle of ['shop-sync', 'crm', 'bi'])
      await world.db.query(
        `insert into api_key (id, handle, name, rights, addresses, rate, status, version, actor, created_at)
         values ($1, $1, $1, '{order.read}', '{}', 600, 'active', 1, 'user:dora', 1)`,
        [handle],
      )
    for (const [hint, key] of [
      ['aaaaaaaaaaaa', 'shop-sync'],
      ['bbbbbbbbbbbb', 'crm'],
      ['cccccccccccc', 'bi'],
    ])
      await world.db.query(`insert into api_secret (hint, key, digest, created_at) values ($1, $2, '\\x01', 1)`, [
        hint,
        key,
      ])
    for (const handle of ['gone', 'back'])
      await world.db.query(
        `insert into person (id, handle, name, mail, mail_verified, status, teams, version, created_at, updated_at)
         values ($1, $1, $1, $1 || '@example.com', true, 'active', '{}', 1, now(), now())`,
        [handle],
      )
  })
  const file = join(home, 'b.tar.zst')
  const backup = andon(['backup', '--data', dataDir, '--out', file], { env: KEY_ENV })
  assert.deepEqual(await endedIn(60_000, backup), { code: 0, signal: null }, backup.err)
  // As the console does it, while a server looks now and then.
  await inWorld(dataDir, async ({ db, sealer }) => {
    const register = new Revocations({ db, sealer, path: revocationsPath(dataDir) })
    await register.look(1000)
    await db.query(`update api_key set status = 'revoked', version = 2 where handle = 'shop-sync'`)
    await db.query(`update api_secret set expires_at = 2000 where key = 'crm'`)
    await db.query(`delete from api_secret where key = 'bi'`)
    await db.query(`update person set status = 'disabled', version = 2`)
    await register.look(3000)
    await db.query(`update person set status = 'active', version = 3 where handle = 'back'`)
    await register.look(4000)
  })
  const restore = async (to: string, ...more: string[]) => {
    const run = andon(['restore', file, '--data', to, '--json', ...more], { env: KEY_ENV })
    assert.deepEqual(await endedIn(60_000, run), { code: 0, signal: null }, run.err)
    return run
  }
  const standing = (dir: string) =>
    inWorld(dir, async ({ db }) => ({
      keys: (await db.query<{ handle: string }>(`select handle from api_key where status = 'active' order by 1`)).rows,
      ended: (await db.query(`select hint from api_secret where expires_at <= 3000 order by 1`)).rows.length,
      people: (await db.query<{ handle: string }>(`select handle from person where status = 'active' order by 1`)).rows,
    }))
  const without = await restore(forgetful)
  assert.deepEqual([without.json.keys, without.json.secrets, without.json.people], [0, 0, 0])
  assert.equal((await standing(forgetful)).keys.length, 3, 'without the register they are back: it has to be kept')
  const told = await restore(restoredDir, '--revocations', revocationsPath(dataDir))
  assert.deepEqual([told.json.keys, told.json.secrets, told.json.people], [1, 2, 2])
  assert.match(told.out, /Taken away again: 1 keys, 2 secrets of keys, 2 people/)
  const found = await standing(restoredDir)
  assert.deepEqual(
    [found.keys.map(k => k.handle), found.ended, found.people.map(p => p.handle)],
    [['bi', 'crm'], 2, []],
    'whoever was let in again since is told of: an administrator does so once more',
  )
  await inWorld(restoredDir, async ({ db, sealer }) => {
    const trail = await db.query<{ detail: string }>(`select detail from audit where verb = 'access.take_again'`)
    assert.equal(trail.rows.length, 1)
    // Let in again after the restore: that decision is the newer one, also for the next start.
    await db.query(`update person set status = 'active', version = version + 1 where handle = 'back'`)
    const again = await new Revocations({ db, sealer, path: revocationsPath(restoredDir) }).reapply()
    assert.deepEqual(again, { keys: 0, secrets: 0, people: 0 })
    const forged = `${readFileSync(revocationsPath(restoredDir), 'utf8')}\n{"kind":"key","id":"crm","version":9,"mac":"00"}\nbroken`
    writeFileSync(revocationsPath(restoredDir), forged)
    const forgery = await new Revocations({ db, sealer, path: revocationsPath(restoredDir) }).reapply()
    assert.deepEqual(forgery, { keys: 0, secrets: 0, people: 0 }, 'a line of somebody else takes nothing away')
  })
})
