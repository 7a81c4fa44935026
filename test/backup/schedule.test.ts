import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { claimBackup } from '../../src/pipeline/queries/backups.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { attachPostgres } from '../../src/platform/postgres/index.ts'
import { urlWhenServing } from '../faults/cluster.ts'
import { testDatabase } from '../support/database.ts'
import { type Andon, andon, endedIn, eventually, scratchDir } from '../support/process.ts'

interface JobSeen {
  readonly status: string
  readonly actor: string
  readonly error: string | null
  readonly result: string | null
}

/** Runs a server until its first backup has ended, and tells how. */
async function firstBackup(dataDir: string, env: Record<string, string>): Promise<{ job: JobSeen; run: Andon }> {
  const run = andon(['start', '--data', dataDir, '--port', '0'], { env: { ANDON_BACKUP_EVERY: '1d', ...env } })
  await urlWhenServing(run)
  const connection = await attachPostgres(dataDir)
  assert.ok(connection)
  const db = await connect({ connection, poolSize: 1 })
  let job: JobSeen | undefined
  await eventually(async () => {
    job = await jobIn(db)
    return job !== undefined && job.status !== 'running'
  }, 'the first backup has ended')
  await db.close()
  assert.ok(job)
  return { job, run }
}

const jobIn = async (db: Database): Promise<JobSeen | undefined> =>
  (await db.query<JobSeen & { n: number }>(`select status, actor, error, result from job where kind = 'backup'`))
    .rows[0]

const stop = async (run: Andon): Promise<void> => {
  run.signal('SIGINT')
  assert.deepEqual(await endedIn(30_000, run), { code: 0, signal: null }, run.err)
}

test('a server makes backups by itself, in a process beside, and keeps so many', async t => {
  const home = scratchDir(t)
  const dir = join(home, 'kept')
  mkdirSync(dir)
  for (const day of ['01', '02', '03']) writeFileSync(join(dir, `andon-202001${day}T000000Z.tar.zst`), 'old')
  writeFileSync(join(dir, 'notes.txt'), 'mine')
  const { job, run } = await firstBackup(join(home, 'data'), { ANDON_BACKUP_DIR: dir, ANDON_BACKUP_KEEP: '2' })
  assert.equal(job.status, 'done', job.error ?? '')
  assert.equal(job.actor, 'system')
  assert.equal(JSON.parse(job.result ?? '{}').removed, 2)
  const names = readdirSync(dir).sort()
  assert.deepEqual([names[0], names.at(-1), names.length], ['andon-20200103T000000Z.tar.zst', 'notes.txt', 3])
  await stop(run)
  const file = join(dir, names[1] ?? '')
  const restore = andon(['restore', file, '--data', join(home, 'again')])
  assert.deepEqual(await endedIn(60_000, restore), { code: 0, signal: null }, restore.err)
})

test('a backup that fails is logged, and its sentence stands in its job; the server goes on', async t => {
  const home = scratchDir(t)
  writeFileSync(join(home, 'file'), '')
  const { job, run } = await firstBackup(join(home, 'data'), { ANDON_BACKUP_DIR: join(home, 'file', 'below') })
  assert.equal(job.status, 'failed')
  assert.match(job.error ?? '', /backup_failed.*cannot be written to .*ENOTDIR/)
  await stop(run)
})

test('of several processes that see one due, one begins it', async () => {
  const owned = await testDatabase()
  const db = await connect({ connection: owned.connection })
  const now = Date.UTC(2026, 0, 5)
  const claim = (at: number): Promise<boolean> => claimBackup(db, { now: at, notSince: at - 60_000 })
  const won = await Promise.all([now, now + 5, now + 10, now + 15].map(claim))
  assert.equal(won.filter(Boolean).length, 1)
  assert.equal(await claim(now + 30_000), false)
  assert.equal(await claim(now + 90_000), true)
  await db.close()
  await owned.drop()
})
