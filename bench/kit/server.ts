import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { keyAt, keyIn } from '../../test/support/key.ts'
import { cpuOf } from './processes.ts'

const MAIN = resolve(import.meta.dirname, '../../src/app/main.ts')
const PATIENCE = 60_000

/** Andon as its users run it: a process of its own that listens. */
export interface Server {
  readonly url: string
  /** An API key that may do everything. */
  readonly key: string
  readonly pid: number
  /** ms of CPU used so far. */
  cpu(): number
  /** Where its debugger listens, with `inspect`. */
  readonly debugger: string | undefined
  /** What it wrote to its error stream: progress, warnings, logs. */
  log(): string
  stop(): Promise<void>
}

export interface ServerOptions {
  /** A database to use; undefined: the built-in one, below `dataDir`. */
  readonly databaseUrl?: string
  readonly dataDir?: string
  /** Opens the debugging port, for the profiler. */
  readonly inspect?: boolean
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'andon-bench-home-'))
  const inspect = options.inspect ? ['--inspect=127.0.0.1:0'] : []
  const child = spawn(process.execPath, [...inspect, MAIN, 'start', '--port', '0', '--data', dataDir], {
    env: { ...process.env, DATABASE_URL: options.databaseUrl ?? '', ANDON_LOG: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    log += text
  })
  try {
    const url = await addressOf(child, () => log)
    const stop = async () => {
      await ended(child)
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    }
    const debuggerAt = /ws:\/\/\S+/.exec(log)?.[0]
    const key = options.databaseUrl ? await keyAt(options.databaseUrl) : await keyIn(dataDir)
    return { url, key, pid: child.pid!, cpu: () => cpuOf(child.pid!), debugger: debuggerAt, log: () => log, stop }
  } catch (error) {
    await ended(child)
    throw error
  }
}

/** A server while `work` lasts; when that fails, what the server said is told. */
export async function withServer<T>(options: ServerOptions, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await startServer(options)
  try {
    return await work(server)
  } catch (error) {
    throw new Error(`the server said: ${server.log().slice(-2000)}`, { cause: error })
  } finally {
    await server.stop()
  }
}

function addressOf(child: ChildProcess, log: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const timer = setTimeout(() => reject(new Error(`no address after ${PATIENCE} ms: ${log()}`)), PATIENCE)
  let out = ''
  child.stdout!.setEncoding('utf8').on('data', text => {
    out += text
    const url = /https?:\/\/\S+/.exec(out)?.[0]
    if (url) resolve(url)
  })
  child.once('error', reject)
  child.once('exit', code => reject(new Error(`Andon ended with ${code}: ${log()}`)))
  return promise.finally(() => clearTimeout(timer))
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const hard = setTimeout(() => child.kill('SIGKILL'), 20_000)
  child.kill('SIGTERM')
  await gone
  clearTimeout(hard)
}
