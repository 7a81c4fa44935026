import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Andon, andon, endedIn, scratchDir } from '../support/process.ts'
import { sliceOf } from './slice.ts'
import { assertKept, KEY_ENV, type State, stateOfDir } from './state.ts'

/** Imports and replays of one slice of real orders, and what they end with when nobody disturbs them. */

export type Verb = 'import' | 'replay'
/** ms that any run may take, however busy the machine. */
export const PATIENCE = 120_000
const ORDERS = process.env.ANDON_FULL === '1' ? 1500 : 500

const cleanups: (() => void)[] = []
after(() => {
  for (const cleanup of cleanups) cleanup()
})
const home = scratchDir({ after: fn => void cleanups.push(fn as () => void) })

/** Runs of one slice of orders. */
export interface Runs {
  /** Starts a run on a data directory, or on the database of `env`. It tells what was acknowledged. */
  begin(verb: Verb, on: { dataDir: string; lanes: number; env?: Readonly<Record<string, string>> }): Andon
  /** What an undisturbed run ends with; made once. */
  undisturbed(verb: Verb): Promise<Undisturbed>
}

interface Undisturbed {
  readonly state: State
  /** Calls of `ingest` that it took. */
  readonly batches: number
}

export function runsOf(orders: number): Runs {
  const slice = sliceOf(join(home, `slice ${orders}`), orders)
  const calm = new Map<Verb, Promise<Undisturbed>>()
  const begin: Runs['begin'] = (verb, { dataDir, lanes, env }) => {
    const args = [verb, 'olist', slice, '--data', dataDir, '--lanes', String(lanes), '--json']
    return andon(args, { record: true, env: { ...KEY_ENV, ...env } })
  }
  const make = async (verb: Verb): Promise<Undisturbed> => {
    const dataDir = join(home, `calm ${verb} ${orders}`)
    const run = begin(verb, { dataDir, lanes: 2 })
    assert.deepEqual(await endedIn(PATIENCE, run), { code: 0, signal: null }, run.err)
    const state = await stateOfDir(dataDir, verb === 'import' ? 'live' : 'replay')
    assertKept(state, run.acknowledged.flat())
    return { state, batches: run.acknowledged.length }
  }
  return {
    begin,
    undisturbed: verb => {
      const made = calm.get(verb) ?? make(verb)
      calm.set(verb, made)
      return made
    },
  }
}

let usual: Runs | undefined
const usualRuns = (): Runs => {
  usual ??= runsOf(ORDERS)
  return usual
}
export const begin: Runs['begin'] = (verb, on) => usualRuns().begin(verb, on)
export const undisturbed: Runs['undisturbed'] = verb => usualRuns().undisturbed(verb)
