import type { Writable } from 'node:stream'
import pg from 'pg'
import { type Connection, connectionsOf } from './connection.ts'
import { copyIn } from './copy-in.ts'
import { PlatformError } from './error.ts'
import { writableHost } from './hosts.ts'
import { isConnectionLost } from './retry.ts'
import { clientConfig, observe, type WireOptions } from './wire.ts'

export type Row = Record<string, unknown>

export interface Result<R> {
  readonly rows: R[]
  /** Rows returned or touched. */
  readonly rowCount: number
  /** Command tag: `SELECT`, `INSERT`, `COMMIT`, `ROLLBACK` ... */
  readonly command: string
}

/**
 * Something that runs SQL: the pool, a transaction, a dedicated connection. Values are always parameters.
 * The caller states the shape of the rows; the tests of each query hold it against the server.
 */
export interface Sql {
  query<R = Row>(text: string, values?: readonly unknown[]): Promise<Result<R>>
}

export interface Statement {
  readonly text: string
  readonly values?: readonly unknown[]
  /** The rows of a `copy ... from stdin`, in its text format. */
  readonly rows?: string
}

/** A connection of its own: for lanes (pipelined), LISTEN and COPY. After an error of the connection make a new one. */
export interface Dedicated extends Sql {
  readonly client: pg.Client
  /** Runs `copy ... from stdin`; the rows go along with it. */
  copy(text: string, rows: string): Promise<Result<Row>>
  /**
   * begin, all statements, commit: sent in one go when the connection pipelines, so the whole costs one round trip. What must hold
   * for the commit, a statement has to check by itself.
   * @throws the first error of a statement, after everything was rolled back; PlatformError COMMIT_LOST
   */
  batch(statements: readonly Statement[]): Promise<Result<Row>[]>
  end(): Promise<void>
}

export interface Database extends Sql {
  /** Runs `work` in one transaction; returns only after the server said COMMIT. Errors roll back and are thrown on. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>
  /**
   * @param options.prepare statements are named after their text and planned once a connection; only for connections
   * that run few different texts, and not through a pooler in transaction mode
   */
  dedicated(options?: { pipeline?: boolean; prepare?: boolean }): Promise<Dedicated>
  /** For Kysely's PostgresDialect; always the pool of the present primary. */
  readonly pool: { connect(): Promise<pg.PoolClient>; end(): Promise<void>; readonly options: object }
  /** Calls `listener` with the text of every statement; returns how to stop. For tests that lint the SQL. */
  onQuery(listener: (text: string) => void): () => void
  /** The host that was chosen; it changes after a failover. */
  connection(): Connection
  close(): Promise<void>
}

export interface DatabaseOptions extends WireOptions {
  /** One or several hosts: `postgres://user:pass@h1:5432,h2:5432/name`. */
  readonly url?: string
  readonly connection?: Connection
  readonly poolSize?: number
}

interface Live {
  readonly host: Connection
  readonly pool: pg.Pool
}

/**
 * Connects and checks: the server answers, is new enough and accepts writes. Later losses are handled at the next call.
 * @throws PlatformError DATABASE_URL_INVALID, DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_TOO_OLD, NO_WRITABLE_HOST
 */
export async function connect(options: DatabaseOptions): Promise<Database> {
  const hosts = options.connection ? [options.connection] : connectionsOf(options.url ?? '')
  const listeners = new Set<(text: string) => void>()
  const seen = (text: string) => {
    for (const listener of listeners) listener(text)
  }
  const primary = new Primary(hosts, options, seen)
  await primary.live()
  return {
    query: (text, values) => primary.guard(({ pool }) => run(pool, text, values)),
    transaction: work => primary.guard(({ pool }) => inTransaction(pool, work)),
    dedicated: settings => primary.guard(({ host }) => openDedicated({ host, options, seen, ...settings })),
    pool: { connect: () => primary.guard(({ pool }) => pool.connect()), end: () => primary.close(), options: {} },
    onQuery: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    connection: () => primary.host(),
    close: () => primary.close(),
  }
}

/** Holds the pool of the host that accepts writes. A lost connection drops the pool; the next call chooses again. */
class Primary {
  readonly #hosts: readonly Connection[]
  readonly #options: DatabaseOptions
  readonly #seen: (text: string) => void
  #live: Promise<Live> | null = null
  #host: Connection
  #closing: Promise<unknown>[] = []

  constructor(hosts: readonly Connection[], options: DatabaseOptions, seen: (text: string) => void) {
    this.#hosts = hosts
    this.#options = options
    this.#seen = seen
    this.#host = hosts[0] as Connection
  }

  host(): Connection {
    return this.#host
  }

  live(): Promise<Live> {
    if (this.#live !== null) return this.#live
    const opening = this.#open()
    this.#live = opening
    opening.catch(() => {
      if (this.#live === opening) this.#live = null
    })
    return opening
  }

  async guard<T>(work: (live: Live) => Promise<T>): Promise<T> {
    const opening = this.live()
    const live = await opening
    try {
      return await work(live)
    } catch (error) {
      if (isConnectionLost(error) && this.#live === opening) this.#drop(live)
      throw error
    }
  }

  async close(): Promise<void> {
    const live = await this.#live?.catch(() => null)
    if (live) this.#drop(live)
    await Promise.all(this.#closing)
  }

  async #open(): Promise<Live> {
    const host = await writableHost(this.#hosts)
    const pool = new pg.Pool({ ...clientConfig(host, this.#options), max: this.#options.poolSize ?? 8 })
    pool.on('connect', client => {
      // The pool listens only while a connection is idle; between two statements of ours the event would end the process.
      client.on('error', () => {})
      observe(client, this.#seen)
    })
    // An idle connection that dies removes itself from the pool; whoever needs one gets the error or a new one.
    pool.on('error', () => {})
    this.#host = host
    return { host, pool }
  }

  #drop(live: Live): void {
    this.#live = null
    this.#closing.push(live.pool.end().catch(() => {}))
  }
}

type Named = string | { readonly name: string; readonly text: string }

async function run<R>(on: pg.Pool | pg.ClientBase, text: Named, values?: readonly unknown[]): Promise<Result<R>> {
  // pg wants a mutable array and rows without a shape: it changes neither the one nor the other. It takes a named
  // statement beside values too, which its declaration leaves out.
  return resultOf(await on.query<pg.QueryResultRow>(text as string, values as unknown[] | undefined))
}

const resultOf = <R>({ rows, rowCount, command }: pg.QueryResult): Result<R> => ({
  rows: rows as R[],
  rowCount: rowCount ?? 0,
  command,
})

async function inTransaction<T>(pool: pg.Pool, work: (tx: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(sqlOf(client))
    checkCommitted(await client.query('commit'))
    return result
  } catch (error) {
    broken = isConnectionLost(error) ? new Error('connection lost', { cause: error }) : await rollback(client)
    throw error
  } finally {
    client.release(broken)
  }
}

async function rollback(client: pg.ClientBase): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    // The pool must not hand this connection out again.
    return error instanceof Error ? error : new Error(String(error))
  }
}

/**
 * Statements that are planned once are planned while tables are small: reading the whole of one looks cheap then, and stays the
 * plan when it has grown. They all ask for rows by their key.
 */
const PROBES = 'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off'

async function probing(client: pg.Client): Promise<void> {
  try {
    await client.query(PROBES)
  } catch (error) {
    // Not waited for: a connection that carries nothing any more does not end either.
    void client.end().catch(() => {})
    throw error
  }
}

async function openDedicated(call: {
  host: Connection
  options: WireOptions
  seen: (text: string) => void
  pipeline?: boolean
  prepare?: boolean
}): Promise<Dedicated> {
  const client = new pg.Client({ ...clientConfig(call.host, call.options), pipeline: call.pipeline ?? false })
  // The next query reports the loss; without a listener the event would end the process.
  client.on('error', () => {})
  await client.connect()
  if (call.prepare) await probing(client)
  observe(client, call.seen)
  const sql = call.prepare ? preparedOf(client) : sqlOf(client)
  const copy = async (text: string, rows: string) => resultOf<Row>(await copyIn(client, text, rows))
  const send = ({ text, values, rows }: Statement) => (rows === undefined ? sql.query(text, values) : copy(text, rows))
  return {
    ...sql,
    client,
    copy,
    batch: statements => runBatch(client, send, statements),
    end: () => client.end().catch(() => {}),
  }
}

/**
 * Sends all queries that `send` starts in one write: each would else be a system call that wakes the server by itself (measured: a
 * third of the client's CPU). `pg` does not declare its connection; a stream that is corked twice flushes at the last uncork.
 */
function corked<T>(client: pg.Client, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

type Send = (statement: Statement) => Promise<Result<Row>>

async function runBatch(client: pg.Client, send: Send, statements: readonly Statement[]): Promise<Result<Row>[]> {
  const all = [{ text: 'begin' }, ...statements, { text: 'commit' }]
  const results = client.pipeline
    ? await sendTogether(corked(client, () => all.map(send)))
    : await sendInTurn(client, send, all)
  checkCommitted(results.at(-1))
  return results.slice(1, -1)
}

/** All statements are on the wire at once; after an error the server refuses the rest, and its commit is a rollback. */
async function sendTogether(sent: readonly Promise<Result<Row>>[]): Promise<Result<Row>[]> {
  const settled = await Promise.allSettled(sent)
  return settled.map(outcome => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}

async function sendInTurn(client: pg.Client, send: Send, statements: readonly Statement[]): Promise<Result<Row>[]> {
  const results: Result<Row>[] = []
  try {
    for (const statement of statements) results.push(await send(statement))
  } catch (error) {
    await rollback(client)
    throw error
  }
  return results
}

/** COMMIT of a failed transaction succeeds with the tag ROLLBACK: an answer given on it would be a lie. */
function checkCommitted(result: { command: string } | undefined): void {
  if (result?.command === 'COMMIT') return
  throw new PlatformError('COMMIT_LOST', 'The transaction was rolled back by the server: try the same request again.')
}

/** Names every statement after its text, so that the server parses and plans it once. */
function preparedOf(client: pg.ClientBase): Sql {
  const names = new Map<string, string>()
  const nameOf = (text: string) => {
    const name = names.get(text) ?? `s${names.size}`
    names.set(text, name)
    return name
  }
  return { query: (text, values) => (values ? run(client, { name: nameOf(text), text }, values) : run(client, text)) }
}

const sqlOf = (client: pg.ClientBase): Sql => ({ query: (text, values) => run(client, text, values) })
