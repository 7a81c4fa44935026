import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isoOf } from '../kernel/instant.ts'
import { foundWorld, type WorldKind } from '../pipeline/queries/world.ts'
import { systemClock } from '../platform/clock.ts'
import { migrate } from '../platform/migrate.ts'
import { Sealer } from '../platform/seal.ts'
import { UsageError } from './cli/usage-error.ts'
import { MIGRATIONS } from './compose.ts'
import type { DataConfig } from './config.ts'
import { masterKey } from './keys.ts'
import { type OpenDatabase, type OpenOptions, openDatabase } from './open-database.ts'

export interface World extends OpenDatabase {
  readonly sealer: Sealer
  readonly values: ReadonlyMap<string, string>
}

/** Which kinds of world a verb may open; an empty database becomes one of the first kind. */
export interface WorldWanted extends OpenOptions {
  readonly kinds: readonly [WorldKind, ...WorldKind[]]
  readonly warn: (text: string) => void
  /** False: only a data directory that was used before will do, so that a slip of the pen does not found a world. */
  readonly mayFound: boolean
}

/**
 * Opens the database, brings it up to date and makes sure that it is the world that the verb is for, with the key that
 * it was made with.
 * @throws UsageError, PlatformError: one sentence that says what to do
 */
export async function openWorld(config: DataConfig, wanted: WorldWanted): Promise<World> {
  if (!wanted.mayFound && !isFounded(config))
    throw new UsageError(`There is no Andon in ${config.dataDir}: choose its data directory with --data.`)
  const database = await openDatabase(config, wanted)
  try {
    return await worldOf(config, database, wanted)
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The world in a database that is open already. @throws UsageError, PlatformError */
export async function worldOf(config: DataConfig, database: OpenDatabase, wanted: WorldWanted): Promise<World> {
  await migrate(database.db, { dir: MIGRATIONS, clock: systemClock, onProgress: wanted.onProgress })
  const key = masterKey(config.dataDir, config.masterKey)
  const sealer = new Sealer(key.bytes)
  const check = sealer.blind('check', 'andon').toString('hex')
  const first = { kind: wanted.kinds[0], check, created_at: isoOf(systemClock.now()) }
  const values = await foundWorld(database.db, first)
  if (values.get('check') !== check) throw wrongKey(config, key.fresh)
  if (key.fresh && config.databaseUrl !== undefined) wanted.warn(newKeyLine(config))
  checkKind(config, values.get('kind'), wanted.kinds)
  if (wanted.mayFound) checkPlace(values.get(MOVED_TO))
  if (wanted.mayFound) demandWhole(values)
  return { ...database, sealer, values }
}

/** Stands in a world that was moved elsewhere: what would be written here now, nobody would look for. */
export const MOVED_TO = 'moved_to'

function checkPlace(there: string | undefined): void {
  if (there === undefined) return
  throw new UsageError(`This world was moved to ${there}: set DATABASE_URL to it, or go back with andon move --undo.`)
}

/** Stands while read rows are made anew, since a world with half of them looks like one that lost orders. */
export const REBUILDING = 'rebuilding'

/** Before read rows are shown or written out. @throws UsageError */
export function demandWhole(values: ReadonlyMap<string, string>): void {
  if (values.has(REBUILDING))
    throw new UsageError('A rebuild was broken off, or is under way: run andon rebuild to its end first.')
}

/** Every start leaves `run/` behind. */
export const isFounded = ({ databaseUrl, dataDir }: DataConfig): boolean =>
  databaseUrl !== undefined || existsSync(join(dataDir, 'run'))

const keyPath = (config: DataConfig): string => join(config.dataDir, 'secret.key')

function wrongKey(config: DataConfig, fresh: boolean): UsageError {
  if (fresh) rmSync(keyPath(config), { force: true })
  const where = config.masterKey ? 'ANDON_MASTER_KEY' : keyPath(config)
  return new UsageError(`The master key is not the one that this database was made with: restore ${where}.`)
}

const newKeyLine = (config: DataConfig): string =>
  `A master key was made at ${keyPath(config)}: keep a copy, every other process on this database needs the same one.`

const CLOCKED: { readonly [kind: string]: string } = {
  replay: 'holds a replay with a clock of its own',
  practice: 'is a practice shop with a clock of its own',
}

function checkKind(config: DataConfig, kind: string | undefined, wanted: readonly WorldKind[]): void {
  if (wanted.some(w => w === kind)) return
  const what = (kind && CLOCKED[kind]) ?? 'is live'
  throw new UsageError(
    `The world in ${config.databaseUrl ? 'DATABASE_URL' : config.dataDir} ${what}: choose another with --data.`,
  )
}
