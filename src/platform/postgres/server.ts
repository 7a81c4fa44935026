import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import type { Connection } from '../connection.ts'
import { codeOf, messageOf, PlatformError } from '../error.ts'
import { readPidFile, stopPostmaster } from './leftovers.ts'
import { ping } from './ping.ts'
import type { Account } from './run.ts'
import { spawnWatched } from './watchdog.ts'

export interface Launch {
  readonly cluster: string
  readonly bin: string
  readonly account: Account
  readonly args: readonly string[]
  readonly log: string
  readonly connection: Connection
  readonly onProgress: (text: string) => void
}

export interface Server {
  /** Process id of the postmaster. */
  readonly pid: number
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>
  stop(): Promise<void>
}

const RETRY_FOR = 10_000
const SOCKET_PATIENCE = 60_000
const LONG_START = 1_000

/**
 * Starts the server and waits until it answers; recovery after a crash may take as long as it takes.
 * A postmaster killed a moment ago leaves backends that hold its shared memory for up to half a second: retried for 10 s.
 * @throws PlatformError CLUSTER_START_FAILED, DISK_FULL
 */
export async function launchServer(launch: Launch): Promise<Server> {
  const deadline = systemClock.now() + RETRY_FOR
  for (;;) {
    const attempt = await tryLaunch(launch)
    if ('server' in attempt) return attempt.server
    const waiting = /pre-existing shared memory block|lock file .* already exists/.test(attempt.log)
    if (!waiting || systemClock.now() > deadline) throw startFailure(attempt.log, launch.log)
    await delay(100)
  }
}

async function tryLaunch(launch: Launch): Promise<{ server: Server } | { log: string }> {
  const from = statSync(launch.log, { throwIfNoEntry: false })?.size ?? 0
  const child = spawnWatched({ ...launch, file: join(launch.bin, 'postgres') })
  const state = { gone: false, spawnError: '' }
  const exited = new Promise<void>(resolve => {
    child.once('error', error => {
      state.gone = true
      state.spawnError = messageOf(error)
      resolve()
    })
    child.once('exit', () => {
      state.gone = true
      child.stdio[3]?.destroy()
      resolve()
    })
  })
  const ready = await waitUntilReady(launch, () => state.gone)
  if (ready) return { server: asServer(launch, child, { exited, gone: () => state.gone }) }
  child.stdio[3]?.destroy()
  return { log: `${state.spawnError}\n${tail(launch.log, from)}` }
}

async function waitUntilReady(launch: Launch, gone: () => boolean): Promise<boolean> {
  const started = systemClock.now()
  let recovering = false
  for (let wait = 10; !gone(); wait = Math.min(wait * 1.5, 200)) {
    const answer = await ping(launch.connection)
    if (answer === null) return true
    const waited = systemClock.now() - started
    // Any start answers 57P03 for an instant; a recovery does for long, perhaps minutes.
    if (codeOf(answer) === '57P03' && waited > LONG_START && !recovering) {
      recovering = true
      launch.onProgress('The database recovers from an unclean stop')
    }
    if (!recovering && waited > SOCKET_PATIENCE) return false
    await delay(wait)
  }
  return false
}

function asServer(launch: Launch, child: ChildProcess, life: { exited: Promise<void>; gone: () => boolean }): Server {
  const pid = readPidFile(launch.cluster)?.pid ?? child.pid ?? -1
  const stop = async () => {
    if (life.gone()) return
    await stopPostmaster(pid, life.gone)
    child.stdio[3]?.destroy()
    await Promise.race([life.exited, delay(1000, undefined, { ref: false })])
  }
  return { pid, exited: life.exited, stop }
}

function tail(path: string, from: number): string {
  return existsSync(path) ? readFileSync(path).subarray(from).toString('utf8').slice(-8000) : ''
}

function startFailure(log: string, path: string): PlatformError {
  if (/No space left/.test(log)) return new PlatformError('DISK_FULL', 'The disk is full: make room, then start again.')
  const lines = log.split('\n').filter(line => line.trim() !== '')
  const fatal = lines.findLast(line => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? 'it gave no reason'
  const reason = fatal.replace(/^.*?(?:FATAL|PANIC):\s*/, '')
  return new PlatformError('CLUSTER_START_FAILED', `PostgreSQL did not start (${reason}): see ${path}.`)
}
