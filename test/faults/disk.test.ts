import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from '../../src/platform/database.ts'
import { attachPostgres } from '../../src/platform/postgres/index.ts'
import { keyIn } from '../support/key.ts'
import { andon, endedIn, eventually, scratchDir } from '../support/process.ts'
import { nothingWaits, urlWhenServing } from './cluster.ts'
import { assertLived, planOf, startLoad } from './load.ts'
import { KEY_ENV, stateOfDir } from './state.ts'

/** A disk that fills up under a running Andon, and gets room again. */
const FULL = process.env.ANDON_FULL === '1'
const SIZE = '256m'

/** A small file system of its own, or null where we may not make one. */
function smallDisk(t: TestContext): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const cleanups: (() => void)[] = []
  const disk = join(scratchDir({ after: fn => void cleanups.push(fn as () => void) }), 'disk')
  mkdirSync(disk)
  t.after(() => {
    spawnSync('umount', ['-l', disk])
    for (const cleanup of cleanups) cleanup()
  })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', disk])
  return mounted.status === 0 ? disk : null
}

/** Takes all the room there is; returns how to give it back. */
function fill(disk: string): () => void {
  const path = join(disk, 'filler')
  const file = openSync(path, 'w')
  for (const size of [1 << 20, 1 << 14, 1 << 12]) {
    const block = Buffer.alloc(size)
    try {
      for (;;) if (writeSync(file, block) < size) break
    } catch {
      // Full for blocks of this size.
    }
  }
  closeSync(file)
  return () => rmSync(path)
}

/** A fresh WAL segment, so that it is the tables that find no room and not the log: the server goes on. */
async function freshSegment(dataDir: string): Promise<void> {
  const connection = await attachPostgres(dataDir)
  assert.ok(connection)
  const db = await connect({ connection })
  await db.query('select pg_switch_wal()')
  await db.query('create table room ()')
  await db.query('drop table room')
  await db.close()
}

test('a full disk: nothing more is acknowledged, and when there is room again it goes on; nothing is lost', async t => {
  const disk = smallDisk(t)
  if (disk === null) return t.skip('a small file system needs Linux and root')
  const dataDir = join(disk, 'data')
  const run = andon(['start', '--data', dataDir, '--port', '0'], { env: KEY_ENV })
  const url = await urlWhenServing(run)
  const before = planOf('before', 50)
  await startLoad(
    before,
    () => [url],
    () => keyIn(dataDir),
  ).done
  await freshSegment(dataDir)
  const makeRoom = fill(disk)
  const plan = planOf('full', 1000)
  const load = startLoad(
    plan,
    () => [url],
    () => keyIn(dataDir),
  )
  t.after(() => load.stop())
  await eventually(() => load.failures.length > 20, 'the disk is full')
  const said = load.failures.at(-1) ?? ''
  assert.match(said, /^503 .*database_unavailable/, said)
  makeRoom()
  await load.done
  await eventually(() => nothingWaits(dataDir), 'nothing waits')
  run.signal('SIGINT')
  assert.deepEqual(await endedIn(90_000, run), { code: 0, signal: null }, run.err)
  assertLived(await stateOfDir(dataDir, 'live'), [before, plan])
  t.diagnostic(`${load.acknowledged} events acknowledged, ${load.failures.length} requests sent again`)
})

test('no room for the log of the database: it stops with a sentence that names the disk, and starts again with room', {
  skip: FULL ? false : 'the database is started in vain five times, 20 s: ANDON_FULL=1',
}, async t => {
  const disk = smallDisk(t)
  if (disk === null) return t.skip('a small file system needs Linux and root')
  const dataDir = join(disk, 'data')
  const run = andon(['start', '--data', dataDir, '--port', '0'], { env: KEY_ENV })
  const url = await urlWhenServing(run)
  const before = planOf('before', 50)
  await startLoad(
    before,
    () => [url],
    () => keyIn(dataDir),
  ).done
  await eventually(() => nothingWaits(dataDir), 'nothing waits')
  const makeRoom = fill(disk)
  await useUpLog(dataDir)
  const plan = planOf('full', 100)
  let urls = [url]
  const load = startLoad(
    plan,
    () => urls,
    () => keyIn(dataDir),
  )
  t.after(() => load.stop())
  assert.equal((await endedIn(120_000, run)).code, 1)
  assert.match(run.err, /The database is gone: The disk is full: make room, then start again\./)
  makeRoom()
  const again = andon(['start', '--data', dataDir, '--port', '0'], { env: KEY_ENV })
  urls = [await urlWhenServing(again)]
  await load.done
  await eventually(() => nothingWaits(dataDir), 'nothing waits')
  again.signal('SIGINT')
  assert.deepEqual(await endedIn(90_000, again), { code: 0, signal: null }, again.err)
  assertLived(await stateOfDir(dataDir, 'live'), [before, plan])
})

/** Writes to the write-ahead log, and to nothing else, until the server breaks off. */
async function useUpLog(dataDir: string): Promise<void> {
  const connection = await attachPostgres(dataDir)
  assert.ok(connection)
  const db = await connect({ connection, poolSize: 1 })
  const write = (): Promise<unknown> => db.query(`select pg_logical_emit_message(false, 'x', repeat('y', 1000000))`)
  await assert.rejects(async () => {
    for (let megabyte = 0; megabyte < 100; megabyte++) await write()
  })
  await db.close()
}
