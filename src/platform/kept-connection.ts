import type { Database, Dedicated, Result, Row, Sql, Statement } from './database.ts'
import { isConnectionLost } from './retry.ts'

/**
 * One connection of its own for transactions of the same few statements, opened when needed and anew after a loss; what
 * is only looked up goes through the pool.
 */
export class KeptConnection {
  readonly query: Sql['query']
  readonly #db: Pick<Database, 'dedicated'>
  #live: Promise<Dedicated> | null = null
  readonly #flights = new Set<Promise<unknown>>()
  #ended = false

  constructor(db: Database) {
    this.#db = db
    this.query = db.query
  }

  /** As `Dedicated.batch`: one transaction, one round trip. */
  async batch(statements: readonly Statement[]): Promise<Result<Row>[]> {
    if (this.#ended) return this.#once(statements)
    this.#live ??= this.#connect()
    const opening = this.#live
    const flight = opening.then(live => live.batch(statements))
    this.#flights.add(flight)
    try {
      return await flight
    } catch (error) {
      if (isConnectionLost(error)) this.#drop(opening)
      throw error
    } finally {
      this.#flights.delete(flight)
    }
  }

  /** After the end, on a connection that nobody keeps: it would stay open for ever. */
  async #once(statements: readonly Statement[]): Promise<Result<Row>[]> {
    const live = await this.#db.dedicated({ pipeline: true })
    try {
      return await live.batch(statements)
    } finally {
      await live.end()
    }
  }

  /** Closes it when what is under way has its answer. */
  async end(): Promise<void> {
    this.#ended = true
    await Promise.allSettled(this.#flights)
    const live = await this.#live?.catch(() => null)
    await live?.end()
  }

  #connect(): Promise<Dedicated> {
    const opening = this.#db.dedicated({ pipeline: true, prepare: true })
    opening.then(
      // Lost while nobody used it: the next transaction must not be the one to find out.
      ({ client }) => client.once('end', () => this.#drop(opening)),
      () => this.#drop(opening),
    )
    return opening
  }

  #drop(opening: Promise<Dedicated>): void {
    if (this.#live !== opening) return
    this.#live = null
    // Not waited for: a connection that carries nothing any more does not end either.
    opening.then(({ end }) => void end()).catch(() => {})
  }
}
