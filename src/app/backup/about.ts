import { isoOf } from '../../kernel/instant.ts'
import { readWorld } from '../../pipeline/queries/world.ts'
import type { Sql } from '../../pipeline/sql.ts'
import type { Clock } from '../../platform/clock.ts'
import { PlatformError } from '../../platform/error.ts'
import { VERSION } from '../compose.ts'

/** The first entry of a backup file: what it is, and what is needed to use it. */
export interface About {
  readonly format: 1
  /** `cluster`: the files of a PostgreSQL. `tables`: the rows, for any server. */
  readonly kind: 'cluster' | 'tables'
  /** The built-in server, which any Andon of this release can run; or one of its owner. */
  readonly from: 'built-in' | 'server'
  /** Release of Andon that made it. */
  readonly andon: string
  readonly createdAt: string
  /** Major version of the server. */
  readonly postgres: string
  /** `linux-x64`: files of a cluster are only known to fit machines alike. */
  readonly machine: string
  /** The newest migration. */
  readonly migration: number
  /** What the master key makes of a fixed text: tells whether a key is the right one, and nothing else. */
  readonly check: string
}

export const ABOUT_NAME = 'andon-backup.json'

const SERVER = `select current_setting('server_version_num')::integer / 10000 as major, (select max(id) from migration) as migration`
const HAS_WORLD = `select to_regclass('public.world') is not null as there`

/** @throws PlatformError BACKUP_REFUSED when there is no Andon in the database */
export async function aboutOf(sql: Sql, { kind, from }: Pick<About, 'kind' | 'from'>, clock: Clock): Promise<About> {
  const { rows } = await sql.query<{ there: boolean }>(HAS_WORLD)
  const world = rows[0]?.there ? await readWorld(sql) : new Map<string, string>()
  const check = world.get('check')
  if (check === undefined)
    throw new PlatformError('BACKUP_REFUSED', 'There is no Andon in this database yet: nothing to back up.')
  const server = (await sql.query<{ major: number; migration: number }>(SERVER)).rows[0]
  return {
    ...{ format: 1, kind, from, andon: VERSION, check },
    createdAt: isoOf(clock.now()),
    postgres: String(server?.major ?? ''),
    machine: MACHINE,
    migration: server?.migration ?? 0,
  }
}

export const MACHINE = `${process.platform}-${process.arch}`

/** @throws PlatformError BACKUP_DAMAGED */
export function readAbout(text: string): About {
  const about = parsed(text)
  if (about?.format === 1 && (about.kind === 'cluster' || about.kind === 'tables')) return about
  throw new PlatformError('BACKUP_DAMAGED', 'This backup was made by a newer release, or it is not one of Andon.')
}

function parsed(text: string): About | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
