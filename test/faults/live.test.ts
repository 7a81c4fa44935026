import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { keyIn } from '../support/key.ts'
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
import { assertLived, planOf, startLoad } from './load.ts'
import { KEY_ENV, stateOfDir } from './state.ts'

/** A client sends orders over HTTP without rest while node, its database or both are killed under it. */
const FULL = process.env.ANDON_FULL === '1'
const SEED = Number(process.env.ANDON_FAULT_SEED ?? 20_180_917)
const BLOWS = FULL ? 20 : 4
const ORDERS = FULL ? 3000 : 400
// Without its postmaster, a backend finishes what it has begun, and dies then.
const VICTIMS = ['postgres', 'node', 'both', 'postmaster'] as const

const postmasterOf = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])

for (const lanes of FULL ? [1, 8] : [2]) {
  test(`kill -9 under a live load with ${lanes} lanes: what the client was told is in the ledger, once`, async t => {
    const dataDir = join(scratchDir(t), 'data')
    const { below } = seededRandom(SEED + lanes)
    const begin = (): Andon =>
      andon(['start', '--data', dataDir, '--port', '0', '--lanes', String(lanes)], { env: KEY_ENV })
    let run = begin()
    let url = await urlWhenServing(run)
    const plan = planOf('live', ORDERS)
    const events = plan.orders * 6
    const load = startLoad(
      plan,
      () => [url],
      () => keyIn(dataDir),
    )
    t.after(() => load.stop())
    for (let blow = 0; blow < BLOWS; blow++) {
      const share = (blow + 0.5) / (BLOWS + 1)
      await eventually(() => load.acknowledged >= share * events, `${Math.round(share * 100)} % are acknowledged`)
      await delay(below(80))
      const victim = VICTIMS[blow % VICTIMS.length] ?? 'node'
      const server = postgresOf(dataDir)
      const pids = {
        postgres: server,
        node: [run.pid],
        both: [run.pid, ...server],
        postmaster: [postmasterOf(dataDir)],
      }
      killHard(pids[victim])
      // A node whose database was killed starts it again and goes on by itself.
      if (victim === 'postgres' || victim === 'postmaster') continue
      await endedIn(90_000, run)
      run = begin()
      url = await urlWhenServing(run)
    }
    await load.done
    await eventually(() => nothingWaits(dataDir), 'nothing waits')
    run.signal('SIGINT')
    assert.deepEqual(await endedIn(90_000, run), { code: 0, signal: null }, run.err)
    assertLived(await stateOfDir(dataDir, 'live'), [plan])
    tell(t, load)
  })
}

function tell(t: TestContext, { acknowledged, failures }: { acknowledged: number; failures: readonly string[] }): void {
  const answered = failures.filter(f => /^\d{3} /.test(f))
  t.diagnostic(`${BLOWS} blows; ${acknowledged} events acknowledged, ${failures.length} requests sent again`)
  // Whatever was answered was answered honestly: try again, and never a broken answer.
  for (const answer of answered) assert.match(answer, /^503 .*database_unavailable|^429 /, answer)
}
