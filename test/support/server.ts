import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '../../src/platform/connection.ts'
import { connect } from '../../src/platform/database.ts'
import { startPostgres } from '../../src/platform/postgres/index.ts'
import { eventually } from './process.ts'

/** A PostgreSQL of one's own, as DATABASE_URL names one: durable, and not run by the Andon under test. */
export interface ServerOfOnesOwn {
  /** An empty database. */
  readonly connection: Connection
  readonly version: string
  stop(): Promise<void>
}

const DEBIAN = '/usr/lib/postgresql'

/** Debian's PostgreSQL where it is installed, since that is the oldest that we support; else our own. */
export async function startServer(dir: string): Promise<ServerOfOnesOwn> {
  const version = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort().at(0) : undefined
  if (version === undefined || process.platform !== 'linux') return startOurs(dir)
  return startDebian(dir, version)
}

async function startOurs(dir: string): Promise<ServerOfOnesOwn> {
  const server = await startPostgres({ dataDir: dir })
  return { connection: server.connection, version: 'built-in', stop: () => server.stop() }
}

async function startDebian(dir: string, version: string): Promise<ServerOfOnesOwn> {
  const bin = join(DEBIAN, version, 'bin')
  const account = accountOf(process.getuid?.() === 0 ? 'postgres' : null)
  mkdirSync(dir, { recursive: true })
  if (account) chownSync(dir, account.uid, account.gid)
  const cluster = join(dir, 'cluster')
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', cluster, '-U', 'andon', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      ...account,
      cwd: '/',
    },
  )
  if (made.status !== 0) throw new Error(String(made.stderr))
  const settings = ['listen_addresses=', `unix_socket_directories=${cluster}`, 'shared_buffers=64MB']
  const child = spawn(join(bin, 'postgres'), ['-D', cluster, ...settings.flatMap(s => ['-c', s])], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  })
  const admin: Connection = { host: cluster, port: 5432, user: 'andon', database: 'postgres', tls: false }
  await eventually(() => answers(admin), `PostgreSQL ${version} answers`)
  const db = await connect({ connection: admin })
  await db.query('create database andon')
  await db.close()
  const stop = async (): Promise<void> => {
    const gone = (): boolean => child.exitCode !== null || child.signalCode !== null
    if (gone()) return
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await Promise.race([ended, delay(20_000, null, { ref: false })])
    if (!gone()) child.kill('SIGQUIT')
    await ended
  }
  return { connection: { ...admin, database: 'andon' }, version, stop }
}

const answers = async (connection: Connection): Promise<boolean> => {
  try {
    await (await connect({ connection })).close()
    return true
  } catch {
    return false
  }
}

function accountOf(name: string | null): { uid: number; gid: number } | undefined {
  if (name === null) return undefined
  const id = (flag: string): number => Number(spawnSync('id', [flag, name]).stdout)
  return { uid: id('-u'), gid: id('-g') }
}
