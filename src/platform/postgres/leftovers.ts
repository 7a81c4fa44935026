import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import { PlatformError } from '../error.ts'
import { exists, postgresProcessesOf, signal } from './processes.ts'

const SECOND = 1000

/**
 * Makes a cluster ready for a start after any kind of death. The caller holds the data lock, so whatever still runs
 * here is an orphan of ours: it is stopped. Then the lock files that would make PostgreSQL refuse are removed:
 * - postmaster.pid that is empty, or names a live process which is not this server (reused pid);
 * - socket locks, which are in our private directory.
 * A postmaster.pid with a dead pid stays: PostgreSQL ignores it, and uses its shared memory key to notice backends that
 * outlived a killed postmaster.
 * @param cluster real path of the cluster directory
 * @throws PlatformError DATA_DIR_IN_USE when an orphan does not stop
 */
export async function clearLeftovers(
  cluster: string,
  socketDir: string,
  onProgress: (text: string) => void = () => {},
): Promise<void> {
  await stopOrphans(cluster, onProgress)
  const file = readPidFile(cluster)
  if (file !== null && (file.pid === null || exists(file.pid))) rmSync(join(cluster, 'postmaster.pid'), { force: true })
  for (const dir of new Set([cluster, socketDir])) removeSockets(dir)
}

/** Content of postmaster.pid: null when there is none, `pid: null` when it cannot be read (empty after a crash). */
export function readPidFile(cluster: string): { pid: number | null; ready: boolean } | null {
  const path = join(cluster, 'postmaster.pid')
  if (!existsSync(path)) return null
  const lines = readFileSync(path, 'utf8').split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  return { pid: pid > 0 ? pid : null, ready: lines[7]?.startsWith('ready') ?? false }
}

/** SIGINT (fast shutdown), after 10 s SIGQUIT (next start recovers), then up to 5 s more. */
export async function stopPostmaster(pid: number, gone: () => boolean): Promise<boolean> {
  for (const [name, patience] of [
    ['SIGINT', 10 * SECOND],
    ['SIGQUIT', 5 * SECOND],
  ] as const) {
    signal(pid, name)
    if (await until(gone, patience)) return true
  }
  return gone()
}

async function stopOrphans(cluster: string, onProgress: (text: string) => void): Promise<void> {
  const alive = () => postgresProcessesOf(cluster, readPidFile(cluster)?.pid ?? null)
  const found = alive()
  if (found.length === 0) return
  onProgress('Stopping a PostgreSQL that an earlier run left behind')
  const named = readPidFile(cluster)?.pid ?? null
  // Without a usable pid file every process is told: the backends just cancel their query.
  const targets = named !== null && found.includes(named) ? [named] : found
  const stopped = await Promise.all(targets.map(pid => stopPostmaster(pid, () => alive().length === 0)))
  if (stopped.every(done => done)) return
  throw new PlatformError(
    'DATA_DIR_IN_USE',
    `An old PostgreSQL (pid ${alive().join(', ')}) does not let go of ${cluster}: stop it by hand, then start again.`,
  )
}

async function until(condition: () => boolean, patience: number): Promise<boolean> {
  const deadline = systemClock.now() + patience
  for (let wait = 5; systemClock.now() < deadline; wait = Math.min(wait * 2, 100)) {
    if (condition()) return true
    await delay(wait)
  }
  return condition()
}

function removeSockets(dir: string): void {
  if (!existsSync(dir)) return
  for (const name of readdirSync(dir)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(dir, name), { force: true })
  }
}
