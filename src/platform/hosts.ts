import pg from 'pg'
import type { Connection } from './connection.ts'
import { codeOf, messageOf, PlatformError } from './error.ts'
import { clientConfig } from './wire.ts'

/** Oldest server that we test: Debian's. */
const OLDEST = 15

/**
 * The first of `hosts` that accepts writes: `pg` knows neither several hosts nor target_session_attrs.
 * @throws PlatformError DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_TOO_OLD, NO_WRITABLE_HOST
 */
export async function writableHost(hosts: readonly Connection[]): Promise<Connection> {
  const failures: PlatformError[] = []
  for (const host of hosts) {
    const failure = await tryHost(host)
    if (failure === null) return host
    failures.push(failure)
  }
  // What says most about a mistake in the configuration comes first; a host that is down says least.
  const rank = ['DATABASE_TOO_OLD', 'DATABASE_REFUSED', 'NO_WRITABLE_HOST', 'DATABASE_UNREACHABLE']
  failures.sort((a, b) => rank.indexOf(a.code) - rank.indexOf(b.code))
  throw failures[0] ?? new PlatformError('DATABASE_URL_INVALID', 'DATABASE_URL cannot be used: it names no host.')
}

async function tryHost(host: Connection): Promise<PlatformError | null> {
  const client = new pg.Client(clientConfig(host))
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ readonly: string; version: number }>(
      `select current_setting('transaction_read_only') as readonly, current_setting('server_version_num')::int as version`,
    )
    return judge(host, rows[0])
  } catch (error) {
    return connectFailure(host, error)
  } finally {
    await client.end().catch(() => {})
  }
}

function judge(host: Connection, row: { readonly: string; version: number } | undefined): PlatformError | null {
  const major = Math.floor((row?.version ?? 0) / 10_000)
  if (major < OLDEST) {
    const text = `The database at ${place(host)} is PostgreSQL ${major}: version ${OLDEST} or newer is needed.`
    return new PlatformError('DATABASE_TOO_OLD', text)
  }
  if (row?.readonly === 'off') return null
  return new PlatformError(
    'NO_WRITABLE_HOST',
    `The database at ${place(host)} is read-only: name the primary in DATABASE_URL, or wait until one is promoted.`,
  )
}

function connectFailure(host: Connection, error: unknown): PlatformError {
  const code = codeOf(error)
  // Class 28 is a wrong password or pg_hba.conf, 3D a database that is not there, 42 a missing right.
  if (/^(28|3D|42)/.test(code)) {
    const text = `The database at ${place(host)} refuses us (${messageOf(error)}): check user, password and name in DATABASE_URL.`
    return new PlatformError('DATABASE_REFUSED', text, { cause: error })
  }
  const why = messageOf(error) || code
  const text = `No database answers at ${place(host)} (${why}): start it, or correct DATABASE_URL.`
  return new PlatformError('DATABASE_UNREACHABLE', text, { cause: error })
}

const place = (host: Connection): string =>
  host.host.startsWith('/') ? `${host.host} (socket)` : `${host.host}:${host.port}`
