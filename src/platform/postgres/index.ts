import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import type { Connection } from '../connection.ts'
import { findNative } from './binaries.ts'
import { chooseSite, ensureCluster } from './cluster.ts'
import { type DataLock, lockDataDir } from './data-lock.ts'
import { readDescriptor, removeDescriptor, writeDescriptor } from './descriptor.ts'
import { DataDirInUse } from './in-use.ts'
import { runnableBinaries } from './install.ts'
import { clearLeftovers } from './leftovers.ts'
import { ensureDatabase } from './ping.ts'
import { type Place, preparePlace } from './place.ts'
import { launchServer, type Server } from './server.ts'
import { type Settings, settingArgs, tunedSettings, UNSAFE_NO_FSYNC } from './settings.ts'
import { SOCKET_PORT, socketDirectory } from './socket.ts'
import { supervise } from './supervisor.ts'
import { launchOnWindows, windowsAccount, windowsPassword } from './windows.ts'

export { DataDirInUse } from './in-use.ts'
export { fillCluster, requireMajor } from './restore.ts'
export type { Settings } from './settings.ts'

export interface StartOptions {
  /** Everything lives below it: postgres/ (cluster), run/ (lock, descriptor), postgres.log. Created when missing. */
  readonly dataDir: string
  /** One sentence per step that takes time. */
  readonly onProgress?: (text: string) => void
  /** Called when the server died and could not be kept alive. */
  readonly onLost?: (reason: string) => void
  /** Tests only: a power cut loses data. */
  readonly unsafeNoFsync?: boolean
  /** Server settings on top of the tuned ones. */
  readonly settings?: Settings
}

export interface RunningPostgres {
  readonly connection: Connection
  /** Process id of the present postmaster; it changes when a dead server was started again. */
  readonly pid: number
  readonly adopted: false
  /** SIGINT, after 10 s SIGQUIT; gives the data directory free. */
  stop(): Promise<void>
}

const DATABASE = 'andon'
const USER = 'andon'

interface Starter {
  readonly connection: Connection
  launch(): Promise<Server>
}

/**
 * Starts the built-in PostgreSQL on a data directory and keeps it alive until `stop()` or the death of this process.
 * @throws DataDirInUse with the connection of the Andon that runs there; PlatformError with what to do otherwise
 */
export async function startPostgres(options: StartOptions): Promise<RunningPostgres> {
  const native = findNative()
  const place = preparePlace(options.dataDir)
  const lock = lockDataDir(join(place.runDir, 'lock'))
  if (lock === null) throw new DataDirInUse(place.dataDir, await descriptorOfOwner(place))
  try {
    removeDescriptor(place.runDir)
    const starter = await (process.platform === 'win32' ? windowsStarter : posixStarter)(place, native, options)
    return await runUntilStopped(starter, { place, lock, options })
  } catch (error) {
    lock.release()
    throw error
  }
}

/** The connection of the database that a live Andon runs on this data directory, or null when none does. */
export async function attachPostgres(dataDir: string): Promise<Connection | null> {
  if (!existsSync(join(dataDir, 'run', 'lock'))) return null
  const place = preparePlace(dataDir)
  const lock = lockDataDir(join(place.runDir, 'lock'))
  if (lock !== null) {
    lock.release()
    return null
  }
  return (await descriptorOfOwner(place))?.connection ?? null
}

async function runUntilStopped(
  starter: Starter,
  context: { place: Place; lock: DataLock; options: StartOptions },
): Promise<RunningPostgres> {
  const { place, lock, options } = context
  const supervised = supervise(await starter.launch(), () => starter.launch(), {
    progress: options.onProgress ?? (() => {}),
    lost: options.onLost ?? (() => {}),
  })
  const stop = async () => {
    await supervised.stop()
    removeDescriptor(place.runDir)
    lock.release()
  }
  try {
    await ensureDatabase({ ...starter.connection, database: 'postgres' }, DATABASE)
    writeDescriptor(place.runDir, { pid: process.pid, connection: starter.connection })
  } catch (error) {
    await supervised.stop()
    throw error
  }
  let stopping: Promise<void> | undefined
  return {
    connection: starter.connection,
    adopted: false,
    get pid() {
      return supervised.pid()
    },
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

async function posixStarter(
  place: Place,
  native: { dir: string; version: string },
  options: StartOptions,
): Promise<Starter> {
  const onProgress = options.onProgress ?? (() => {})
  const site = chooseSite(place.dataDir, onProgress)
  const { cluster, account } = site
  const home = runnableBinaries(native, account, { runtimeDir: place.runDir, onProgress })
  const bin = join(home, 'bin')
  const socketDir = socketDirectory(cluster, place.runDir, account)
  await clearLeftovers(cluster, socketDir, onProgress)
  ensureCluster(site, { bin, version: native.version }, { sync: !options.unsafeNoFsync, onProgress })
  const connection = { host: socketDir, port: SOCKET_PORT, database: DATABASE, user: USER, tls: false } as const
  const settings = {
    ...settingsOf(options),
    listen_addresses: '',
    port: SOCKET_PORT,
    unix_socket_directories: quoted(socketDir),
    unix_socket_permissions: '0700',
  }
  const args = ['-D', cluster, ...settingArgs(settings)]
  const admin = { ...connection, database: 'postgres' }
  return {
    connection,
    launch: async () => {
      await clearLeftovers(cluster, socketDir, onProgress)
      return launchServer({ cluster, bin, account, args, log: place.log, connection: admin, onProgress })
    },
  }
}

async function windowsStarter(
  place: Place,
  native: { dir: string; version: string },
  options: StartOptions,
): Promise<Starter> {
  const cluster = join(place.dataDir, 'postgres')
  const bin = join(native.dir, 'bin')
  const { path, password } = windowsPassword(place.runDir)
  ensureCluster(
    { cluster, account: windowsAccount },
    { bin, version: native.version },
    { sync: true, extraArgs: ['--auth=scram-sha-256', `--pwfile=${path}`], onProgress: options.onProgress },
  )
  const launch = { bin, cluster, log: place.log, args: settingArgs(settingsOf(options)) }
  const at = (port: number): Connection => ({
    host: '127.0.0.1',
    port,
    database: DATABASE,
    user: USER,
    password,
    tls: false,
  })
  const first = await launchOnWindows(launch, at)
  let pending: Server | null = first.server
  return {
    connection: first.connection,
    launch: async () => {
      const server = pending ?? (await launchOnWindows(launch, at)).server
      pending = null
      return server
    },
  }
}

const settingsOf = (options: StartOptions): Settings => ({
  ...tunedSettings(),
  ...(options.unsafeNoFsync ? UNSAFE_NO_FSYNC : {}),
  ...options.settings,
})

// unix_socket_directories is a list: a comma or a space in the path would split it.
const quoted = (dir: string): string => `"${dir.replaceAll('"', '""')}"`

/** The owner writes its descriptor when its database answers; one that is just starting gets 15 s. */
async function descriptorOfOwner(place: Place) {
  const deadline = systemClock.now() + 15_000
  for (;;) {
    const descriptor = readDescriptor(place.runDir)
    if (descriptor !== null || systemClock.now() > deadline) return descriptor
    await delay(100)
  }
}
