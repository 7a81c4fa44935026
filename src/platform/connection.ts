import { PlatformError } from './error.ts'

/** Where one database is. `host` is a name, an address or the directory of a unix socket; the rest is as in libpq. */
export interface Connection {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password?: string
  /** false: plain; 'verify': TLS with certificate check; 'require': TLS without it. */
  readonly tls?: false | 'require' | 'verify'
}

const TLS: Readonly<Record<string, Connection['tls']>> = {
  disable: false,
  allow: false,
  prefer: false,
  require: 'require',
  'no-verify': 'require',
  'verify-ca': 'verify',
  'verify-full': 'verify',
}

/**
 * The hosts of a database URL, in their order: `postgres://user:pass@h1:5432,h2:5433/name?sslmode=require`.
 * A unix socket is given as `?host=/dir`. `pg` reads one host only, hence our own reader.
 * @throws PlatformError DATABASE_URL_INVALID, without repeating the URL, since it may hold a password.
 */
export function connectionsOf(url: string): Connection[] {
  const m = /^postgres(?:ql)?:\/\/(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(url.trim())
  if (!m) throw invalid('it must look like postgres://user:password@host:5432/database')
  const [user, password] = credentials(m[1] ?? '')
  const query = new URLSearchParams(m[4] ?? '')
  const sslmode = query.get('sslmode') ?? 'prefer'
  if (!(sslmode in TLS)) throw invalid(`sslmode ${JSON.stringify(sslmode)} is unknown`)
  const database = decode(m[3] ?? '') || user
  const socket = query.get('host')
  const hosts = socket ? [`${socket}:${query.get('port') ?? 5432}`] : (m[2] ?? '').split(',')
  const rest = { database, user, ...(password === null ? {} : { password }), tls: TLS[sslmode] }
  return hosts.map(text => ({ ...hostAndPort(text), ...rest }))
}

/** The URL of one connection; the inverse of `connectionsOf`. Holds the password: never log it. */
export function urlOf(connection: Connection): string {
  const { host, port, database, user, password } = connection
  const login = encodeURIComponent(user) + (password === undefined ? '' : `:${encodeURIComponent(password)}`)
  const name = encodeURIComponent(database)
  if (host.startsWith('/')) return `postgres://${login}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`
  const mode = connection.tls === 'verify' ? '?sslmode=verify-full' : connection.tls ? '?sslmode=require' : ''
  return `postgres://${login}@${host.includes(':') ? `[${host}]` : host}:${port}/${name}${mode}`
}

function credentials(text: string): [string, string | null] {
  const at = text.indexOf(':')
  const user = decode(at < 0 ? text : text.slice(0, at))
  if (user === '') throw invalid('it names no user')
  return [user, at < 0 ? null : decode(text.slice(at + 1))]
}

function hostAndPort(text: string): { host: string; port: number } {
  const m = /^(?:\[([^\]]+)\]|(\/.+?)|([^:]*))(?::(\d+))?$/.exec(text.trim())
  const port = Number(m?.[4] ?? 5432)
  const host = m?.[1] ?? m?.[2] ?? decode(m?.[3] ?? '')
  if (!m || host === '' || port < 1 || port > 65535) throw invalid('a host is missing or its port is no number')
  return { host, port }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('a percent sign in it is not followed by two hex digits')
  }
}

const invalid = (why: string): PlatformError =>
  new PlatformError('DATABASE_URL_INVALID', `DATABASE_URL cannot be used: ${why}.`)
