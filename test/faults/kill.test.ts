import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../../src/platform/clock.ts'
import {
  type Andon,
  andon,
  endedIn,
  eventually,
  killHard,
  postgresOf,
  scratchDir,
  seededRandom,
} from '../support/process.ts'
import { nothingWaits, urlWhenServing } from './cluster.ts'
import { begin, PATIENCE, undisturbed, type Verb } from './olist-run.ts'
import { assertKept, assertSame, KEY_ENV, stateOfDir } from './state.ts'

/**
 * kill -9 at random moments of an import and of a replay, again and again, until a run comes through. Then: what was
 * acknowledged is in the ledger, nothing is there twice, and the database says what it says after an undisturbed run.
 */
const FULL = process.env.ANDON_FULL === '1'
const SEED = Number(process.env.ANDON_FAULT_SEED ?? 20_180_917)
const ROUNDS = FULL ? 8 : 1
/** Lanes of one run after the other; a run may go on with more or fewer than the one that was killed. */
const LANES = FULL ? [[1], [8], [1, 8]] : [[1, 8]]
const BLOWS = FULL ? 4 : 2
const VICTIMS = ['node', 'postgres', 'both', 'postgres and node'] as const

type Victim = (typeof VICTIMS)[number]

function strike(run: Andon, dataDir: string, victim: Victim): void {
  const server = postgresOf(dataDir)
  const order = {
    node: [run.pid],
    postgres: server,
    both: [run.pid, ...server],
    'postgres and node': [...server, run.pid],
  }
  killHard(order[victim])
}

interface Moment {
  readonly victim: Victim
  /** Batches acknowledged in this run before the blow; none: at any moment of the start. */
  readonly batches: number
  /** ms after that. */
  readonly later: number
}

/** Runs until the moment, strikes, and waits for the process to end; true when it came through by itself. */
async function disturbedRun(run: Andon, dataDir: string, moment: Moment): Promise<boolean> {
  let over = false
  void run.exited.then(() => (over = true))
  await eventually(() => over || run.acknowledged.length >= moment.batches, 'batches are acknowledged')
  await Promise.race([run.exited, delay(moment.later)])
  if (!over) strike(run, dataDir, moment.victim)
  // A node whose database was killed ends with one sentence or goes on with the database that was started again.
  const ended = await endedIn(PATIENCE, run)
  if (ended.signal === null && ended.code !== 0) assert.match(run.err, /\S/)
  return ended.code === 0
}

async function round(t: TestContext, plan: { verb: Verb; lanes: readonly number[]; seed: number }): Promise<void> {
  const { verb, lanes } = plan
  const { below } = seededRandom(plan.seed)
  let runs = plan.seed
  const next = (): Andon => begin(verb, { dataDir, lanes: lanes[runs++ % lanes.length] ?? 1 })
  const { state: expected, batches } = await undisturbed(verb)
  const dataDir = join(scratchDir(t), 'data')
  const acknowledged: string[] = []
  const told: string[] = []
  const started = systemClock.now()
  let done = false
  for (let blow = 0; blow < BLOWS && !done; blow++) {
    // The first blow may fall at any moment of the very first start; later ones while there is work.
    const early = FULL && below(4) === 0
    const moment = {
      victim: VICTIMS[(plan.seed + blow) % VICTIMS.length] ?? 'node',
      batches: early ? 0 : 1 + below(Math.max(1, batches - 3)),
      later: below(early ? 2500 : 120),
    }
    const run = next()
    done = await disturbedRun(run, dataDir, moment)
    acknowledged.push(...run.acknowledged.flat())
    told.push(
      `${moment.victim} after ${run.acknowledged.length} batches + ${moment.later} ms${done ? ' (came through)' : ''}`,
    )
  }
  if (!done) {
    const last = next()
    assert.deepEqual(await endedIn(PATIENCE, last), { code: 0, signal: null }, last.err)
    acknowledged.push(...last.acknowledged.flat())
  }
  const state = await stateOfDir(dataDir, verb === 'import' ? 'live' : 'replay')
  const kept = assertKept(state, acknowledged)
  assertSame(state, expected)
  assert.deepEqual(postgresOf(dataDir), [], 'no process is left')
  t.diagnostic(`${kept} acknowledged rows kept; ${told.join('; ')}; ${systemClock.now() - started} ms`)
}

for (const verb of ['import', 'replay'] as const) {
  for (const lanes of LANES) {
    test(`kill -9 in ${verb} with ${lanes.join(' and ')} lanes: nothing lost, nothing doubled, the same end`, async t => {
      const first = SEED + (verb === 'import' ? 0 : 2)
      for (let n = 0; n < ROUNDS; n++) await round(t, { verb, lanes, seed: first + n * 7 })
    })
  }
}

const long = FULL ? false : 'three more imports: ANDON_FULL=1'
test('an import beside a running Andon: either is killed, both begin again, the same end', { skip: long }, async t => {
  const { state: expected } = await undisturbed('import')
  const dataDir = join(scratchDir(t), 'data')
  const start = async (): Promise<Andon> => {
    const run = andon(['start', '--data', dataDir, '--port', '0'], { env: KEY_ENV })
    await urlWhenServing(run)
    return run
  }
  const acknowledged: string[] = []
  let host = await start()
  for (const victim of ['import', 'start', 'neither'] as const) {
    const guest = begin('import', { dataDir, lanes: 2 })
    let over = false
    void guest.exited.then(() => {
      over = true
    })
    await eventually(() => over || guest.acknowledged.length > 0, 'the import is under way')
    if (victim === 'import') guest.signal('SIGKILL')
    if (victim === 'start') host.signal('SIGKILL')
    const ended = await endedIn(PATIENCE, guest)
    acknowledged.push(...guest.acknowledged.flat())
    if (victim === 'neither') assert.equal(ended.code, 0, guest.err)
    if (victim === 'start') {
      await endedIn(PATIENCE, host)
      host = await start()
    }
  }
  await eventually(() => nothingWaits(dataDir), 'nothing waits')
  host.signal('SIGINT')
  assert.deepEqual(await endedIn(PATIENCE, host), { code: 0, signal: null }, host.err)
  const state = await stateOfDir(dataDir, 'live')
  assertKept(state, acknowledged)
  assertSame(state, expected)
})
