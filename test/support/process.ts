import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { after, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../../src/platform/clock.ts'
import { postgresProcessesOf } from '../../src/platform/postgres/processes.ts'

/** Andon as a process of its own, run and killed by tests. Only processes that a test started are ever signalled. */

export const ROOT = resolve(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'src', 'app', 'main.ts')
const RECORDER = join(ROOT, 'test', 'faults', 'recorder.ts')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Andon {
  readonly pid: number
  /** What it printed so far. */
  readonly out: string
  readonly err: string
  /** Ids of the mailbox rows whose batch was acknowledged to the caller, by batch; only of recorded processes. */
  readonly acknowledged: readonly (readonly string[])[]
  readonly exited: Promise<Ended>
  /** The JSON object of the last line; see `--json`. */
  readonly json: Readonly<Record<string, unknown>>
  signal(name: NodeJS.Signals): void
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Tell what was acknowledged. */
  readonly record?: boolean
  /** Another copy of the product than this checkout. */
  readonly main?: string
}

const living = new Set<ChildProcess>()
// What a failed test left running; its database goes with it.
after(() => {
  for (const child of living) child.kill('SIGKILL')
})

/** Starts `andon <args>`. It ends with the test process, however that ends. */
export function andon(args: readonly string[], options: RunOptions = {}): Andon {
  const preload = options.record ? ['--import', RECORDER] : []
  const child = spawn(process.execPath, [...preload, options.main ?? MAIN, ...args], {
    env: { ...cleanEnvironment(), ...options.env },
    // The channel carries nothing: when we die it closes, and Andon stops.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
  })
  const seen = { out: '', err: '', acknowledged: [] as string[][] }
  child.stdout?.on('data', data => (seen.out += data))
  child.stderr?.on('data', data => (seen.err += data))
  const channel = child.stdio[3]
  const told = channel instanceof Readable ? createInterface({ input: channel }) : null
  told?.on('line', line => seen.acknowledged.push(JSON.parse(line)))
  living.add(child)
  child.once('exit', () => living.delete(child))
  return {
    pid: child.pid ?? -1,
    get out() {
      return seen.out
    },
    get err() {
      return seen.err
    },
    get acknowledged() {
      return seen.acknowledged
    },
    get json() {
      return JSON.parse(seen.out.trimEnd().split('\n').at(-1) ?? '')
    },
    exited: endOf(child),
    signal: name => void child.kill(name),
  }
}

/** `close` and not `exit`: what it had written before it died has then been read. */
async function endOf(child: ChildProcess): Promise<Ended> {
  const [code, signal] = await once(child, 'close')
  return { code, signal }
}

/** Nothing of the machine's own settings reaches the process under test. */
const cleanEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(ANDON_|DATABASE_URL$|NODE_OPTIONS$|NODE_TEST)/.test(name)),
  )

/** A directory that goes with the test, in a path with a space; open to other accounts, as one in /srv would be. */
export function scratchDir(t: Pick<TestContext, 'after'>): string {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'andon fault-'))
  chmodSync(dir, 0o755)
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))
  return dir
}

/** The PostgreSQL processes of a data directory. */
export function postgresOf(dataDir: string): number[] {
  const cluster = join(dataDir, 'postgres')
  return existsSync(cluster) ? postgresProcessesOf(realpathSync(cluster), null) : []
}

/** kill -9 of many at once; those that are gone already do not matter. */
export function killHard(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone.
    }
  }
}

/** Waits for what another process brings about, as long as it ever may take on a machine with much else to do. @param patience ms */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patience = 180_000,
): Promise<void> {
  const deadline = systemClock.now() + patience
  while (!(await condition())) {
    if (systemClock.now() > deadline) throw new Error(`did not happen in ${patience / 1000} s: ${what}`)
    await delay(10)
  }
}

/** What a piece of work comes to; fails with words when it never ends. @param patience ms */
export async function inTime<T>(work: Promise<T>, what: string, patience = 60_000): Promise<T> {
  const over = new AbortController()
  const late = delay(patience, null, { signal: over.signal }).then((): never => {
    throw new Error(`did not end in ${patience / 1000} s: ${what}`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
    // Nobody hears of a wait that was given up.
    late.catch(() => {})
  }
}

/** Waits for the end of a process; kills it and fails when it takes longer. @param patience ms */
export async function endedIn(patience: number, running: Andon): Promise<Ended> {
  const late = delay(patience, null, { ref: false })
  const ended = await Promise.race([running.exited, late])
  if (ended !== null) return ended
  running.signal('SIGKILL')
  throw new Error(`process ${running.pid} did not end in ${patience / 1000} s\n${running.err}`)
}

/** The same numbers for the same seed: mulberry32. `below(n)` is 0..n-1. */
export function seededRandom(seed: number): { below(n: number): number } {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  return { below: n => Math.floor(next() * n) }
}
