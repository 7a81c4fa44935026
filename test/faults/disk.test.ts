import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from '../../src/platform/database.ts'
import { attachPostgres } from '../../src/platform/postgres/index.ts'
import { andon, endedIn, eventually, scratchDir } from '../support/process.ts'
import { urlWhenServing } from './cluster.ts'
import { assertLived, planOf, startLoad } from './load.ts'
import { KEY_ENV, stateOfDir } from './state.ts'

/** A disk that fills up under a running Andon, and gets room again. */
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
  await startLoad(before, () => [url]).done
  await freshSegment(dataDir)
  const makeRoom = fill(disk)
  const plan = planOf('full', 1000)
  const load = startLoad(plan, () => [url])
  t.after(() => load.stop())
  await eventually(() => load.failures.length > 20, 'the disk is full')
  const said = load.failures.at(-1) ?? ''
  assert.match(said, /^503 .*database_unavailable/, said)
  makeRoom()
  await load.done
  await eventually(
    async () => /^andon_intake_depth 0$/m.test(await (await fetch(`${url}/metrics`)).text()),
    'all is done',
  )
  run.signal('SIGINT')
  assert.deepEqual(await endedIn(20_000, run), { code: 0, signal: null }, run.err)
  assertLived(await stateOfDir(dataDir, 'live'), [before, plan])
  t.diagnostic(`${load.acknowledged} events acknowledged, ${load.failures.length} requests sent again`)
})
