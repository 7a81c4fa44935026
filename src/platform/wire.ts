import pg from 'pg'
import type { Connection } from './connection.ts'

/** How `pg` talks to the server: types, time-outs, and the hook that sees every statement. */

export interface WireOptions {
  /** `text`: columns of type json arrive as the stored text, which the hash chain covers. `parsed`: as values. */
  readonly json?: 'text' | 'parsed'
  /** Milliseconds; default 30 s. 0 switches it off. */
  readonly statementTimeout?: number
  readonly applicationName?: string
}

const CONNECT_TIMEOUT = 5_000
/** A frozen process that holds locks must let go before its leases end. */
const IDLE_IN_TRANSACTION = 5_000
/** What the server does not answer this long after its own time-out it will never answer: the network swallowed it. */
const SILENCE = 5_000
const KEEPALIVE_DELAY = 10_000
const INT8 = 20
const JSON_OID = 114
const INT8_ARRAY = 1016

export function clientConfig(connection: Connection, options: WireOptions = {}): pg.ClientConfig {
  const { host, port, database, user, password, tls } = connection
  const statementTimeout = options.statementTimeout ?? 30_000
  return {
    host,
    port,
    database,
    user,
    password,
    ssl: tls ? { rejectUnauthorized: tls === 'verify' } : false,
    application_name: options.applicationName ?? 'andon',
    statement_timeout: statementTimeout,
    ...(statementTimeout > 0 && { query_timeout: statementTimeout + SILENCE }),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY,
    types: { getTypeParser: typeParsers(options.json ?? 'text') },
  }
}

type Parser = (text: string) => unknown

function typeParsers(json: 'text' | 'parsed'): typeof pg.types.getTypeParser {
  const builtIn = pg.types.getTypeParser as (oid: number, format?: string) => Parser
  const int8Array = builtIn(INT8_ARRAY) as (text: string) => (string | null)[]
  const own = new Map<number, Parser>([
    [INT8, safeInteger],
    [INT8_ARRAY, text => int8Array(text).map(value => (value === null ? null : safeInteger(value)))],
  ])
  if (json === 'text') own.set(JSON_OID, text => text)
  const choose = (oid: number, format?: string): Parser =>
    (format === 'binary' ? undefined : own.get(oid)) ?? builtIn(oid, format)
  // pg's declaration lists the known oids one by one; the function takes any number.
  return choose as typeof pg.types.getTypeParser
}

/** bigint columns hold epoch ms, positions and minor units: a value beyond 2^53 is a mistake that must not be rounded. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`)
  return value
}

type Listener = (text: string) => void

/** Reports the text of every statement that goes through `client`, Kysely's and COPY's included. */
export function observe(client: pg.ClientBase, seen: Listener): void {
  const original = client.query as (...args: unknown[]) => unknown
  const observed = (...args: unknown[]) => {
    const text = textOf(args[0])
    if (text !== null) seen(text)
    return original.apply(client, args)
  }
  // `query` has nine overloads; the replacement passes its arguments on unchanged, whatever they are.
  client.query = observed as typeof client.query
}

function textOf(call: unknown): string | null {
  if (typeof call === 'string') return call
  if (typeof call !== 'object' || call === null || !('text' in call)) return null
  return typeof call.text === 'string' ? call.text : null
}
