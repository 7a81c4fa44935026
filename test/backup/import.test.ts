import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeBackup } from '../../src/app/backup/make.ts'
import { connect } from '../../src/platform/database.ts'
import { attachPostgres, startPostgres } from '../../src/platform/postgres/index.ts'
import { nothingWaits, urlWhenServing } from '../faults/cluster.ts'
import { PATIENCE, runsOf } from '../faults/olist-run.ts'
import { assertKept, assertSame, KEY_ENV, stateOfDir } from '../faults/state.ts'
import { type Andon, andon, endedIn, eventually, postgresOf, scratchDir } from '../support/process.ts'

/**
 * Backups while an import runs at full speed. Each is restored into an empty place, where the same import is begun again:
 * everything that was acknowledged before the backup began is there, and in the end each database says what it says after
 * an import that nobody disturbed, in every table.
 */
const FULL = process.env.ANDON_FULL === '1'
const ROUNDS = FULL ? 4 : 1
/** So many that a backup takes a part of the time that they take. */
const { begin, undisturbed } = runsOf(FULL ? 10_000 : 2_500)

interface Taken {
  readonly file: string
  /** Rows that the import had been acknowledged before the backup began. */
  readonly before: readonly string[]
}

/** The import is a guest of a running server, so that the database outlives it however quick it is. */
async function importWithBackups(t: TestContext, home: string): Promise<Taken[]> {
  const dataDir = join(home, 'data')
  const { state: expected, batches } = await undisturbed('import')
  const host = andon(['start', '--data', dataDir, '--port', '0'], { env: KEY_ENV })
  await urlWhenServing(host)
  const run = begin('import', { dataDir, lanes: 2 })
  let over = false
  void run.exited.then(() => {
    over = true
  })
  const taken: Taken[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const wanted = Math.max(1, Math.floor((batches * (round + 0.2)) / (ROUNDS + 1)))
    await eventually(() => over || run.acknowledged.length >= wanted, 'the import is under way')
    const before = run.acknowledged.flat()
    const file = join(home, `round-${round}.tar.zst`)
    const backup = backUp(dataDir, file)
    await heldBack(run, Math.floor((batches * (round + 0.7)) / (ROUNDS + 1)), backup)
    t.diagnostic(`${before.length} rows acknowledged before the backup, ${run.acknowledged.flat().length} after`)
    taken.push({ file, before })
  }
  assert.deepEqual(await endedIn(PATIENCE, run), { code: 0, signal: null }, run.err)
  await eventually(() => nothingWaits(dataDir), 'nothing waits')
  host.signal('SIGINT')
  assert.deepEqual(await endedIn(PATIENCE, host), { code: 0, signal: null }, host.err)
  assertSame(await stateOfDir(dataDir, 'live'), expected)
  return taken
}

/** However quick the import is, it does not end before the backup does: it stands still from so many batches on. */
async function heldBack(run: Andon, most: number, backup: Promise<void>): Promise<void> {
  let done = false
  const ended = backup.finally(() => {
    done = true
  })
  await eventually(() => done || run.acknowledged.length >= most, 'the import went on or the backup ended')
  if (!done) run.signal('SIGSTOP')
  try {
    await ended
  } finally {
    run.signal('SIGCONT')
  }
}

/** As the verb does it, without the time that a process takes to start. */
async function backUp(dataDir: string, path: string): Promise<void> {
  const connection = await attachPostgres(dataDir)
  assert.ok(connection)
  const db = await connect({ connection })
  const order = { lock: undefined, masterKey: undefined, stop: new AbortController().signal, seen: () => {} }
  await makeBackup(db, { ...order, kind: 'cluster', from: 'built-in', path })
  await db.close()
}

/** How much of the ledger is there, before anything goes on. */
async function ledgerOf(dataDir: string): Promise<number> {
  const server = await startPostgres({ dataDir })
  const db = await connect({ connection: server.connection })
  const { rows } = await db.query<{ n: number }>('select count(*) as n from ledger')
  await db.close()
  await server.stop()
  return rows[0]?.n ?? 0
}

test('a backup during an import, restored and continued: nothing lost, nothing doubled, the same in every table', async t => {
  const home = scratchDir(t)
  const { state: expected } = await undisturbed('import')
  const facts = [...expected.facts.values()].flat().length
  const restoredAt: number[] = []
  for (const [round, { file, before }] of (await importWithBackups(t, home)).entries()) {
    const dataDir = join(home, `restored ${round}`)
    const restore = andon(['restore', file, '--data', dataDir, '--json'], { env: KEY_ENV })
    assert.deepEqual(await endedIn(PATIENCE, restore), { code: 0, signal: null }, restore.err)
    assert.equal(restore.json.verified, true)
    restoredAt.push(await ledgerOf(dataDir))
    const again = begin('import', { dataDir, lanes: 2 })
    assert.deepEqual(await endedIn(PATIENCE, again), { code: 0, signal: null }, again.err)
    const state = await stateOfDir(dataDir, 'live')
    assertKept(state, before)
    assertSame(state, expected)
    assert.deepEqual(postgresOf(dataDir), [], 'no process is left')
  }
  t.diagnostic(`restored with ${restoredAt.join(' and ')} of ${facts} facts`)
  assert.ok(
    restoredAt.some(n => n > 0 && n < facts),
    'at least one backup fell into the import',
  )
})
