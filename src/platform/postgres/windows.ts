import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '../connection.ts'
import { PlatformError } from '../error.ts'
import { readPidFile } from './leftovers.ts'
import { exists } from './processes.ts'
import type { Account } from './run.ts'
import { run } from './run.ts'
import type { Server } from './server.ts'

/**
 * Windows, written from PostgreSQL's documentation and NOT YET RUN: Node has no unix sockets there, so the server listens
 * on 127.0.0.1 at a free port with a random password; pg_ctl starts it because postgres.exe refuses an administrator.
 */
export const windowsAccount: Account = { kind: 'self', uid: -1, gid: -1, name: 'self' }

/** The password of the cluster, made once. */
export function windowsPassword(runDir: string): { path: string; password: string } {
  const path = join(runDir, 'password')
  if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return { path, password: readFileSync(path, 'utf8').trim() }
}

/** Port 0 asks the system for any free one; never 5432, which may be the user's own server. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

interface WindowsLaunch {
  readonly bin: string
  readonly cluster: string
  readonly log: string
  readonly args: readonly string[]
}

/** Starts through pg_ctl; another program may take the free port first, hence three attempts. */
export async function launchOnWindows(
  launch: WindowsLaunch,
  connectionAt: (port: number) => Connection,
): Promise<{ server: Server; connection: Connection }> {
  const ctl = (...args: string[]) =>
    run({ account: windowsAccount, file: join(launch.bin, 'pg_ctl.exe'), args, timeout: 120_000 })
  ctl('stop', '-D', launch.cluster, '-m', 'fast', '-w')
  let output = ''
  for (let attempt = 0; attempt < 3; attempt++) {
    const port = await freePort()
    const options = [...launch.args, '-c', 'listen_addresses=127.0.0.1', '-p', String(port)].join(' ')
    const started = ctl('start', '-D', launch.cluster, '-l', launch.log, '-o', options, '-w')
    if (started.code === 0) {
      const pid = readPidFile(launch.cluster)?.pid ?? -1
      const stop = async () => void ctl('stop', '-D', launch.cluster, '-m', 'fast', '-w', '-t', '15')
      return { server: { pid, exited: goneOf(pid), stop }, connection: connectionAt(port) }
    }
    output = started.output
  }
  throw new PlatformError('CLUSTER_START_FAILED', `PostgreSQL did not start (${output}): see ${launch.log}.`)
}

// pg_ctl leaves no child to wait for.
async function goneOf(pid: number): Promise<void> {
  while (exists(pid)) await delay(1000, undefined, { ref: false })
}
