import { GROUPS } from '../kernel/bucket.ts'
import type { Database, Dedicated } from '../platform/database.ts'

const CHANNEL = 'andon_mail'
/** Whoever writes to the audit trail tells on it. */
const AUDIT = 'andon_audit'
/** Whoever wrote to the ledger tells on it, when there may be others who want to know. */
const NEWS = 'andon_news'
const ALL = Array.from({ length: GROUPS }, (_, group) => group)
const RETRY_AFTER = 1000
/** News are told this often at most. */
const NEWS_EVERY = 150

/** What is done about each kind of hint. */
export interface Heard {
  mail(groups: readonly number[]): void
  audit(): void
  news(): void
}

/** Tells other nodes that rows wait for them. Only a hint: who misses one looks by itself within ten seconds. */
export class Hints {
  private readonly db: Database
  private readonly failed: (error: unknown) => void
  private readonly pause: (ms: number) => Promise<void>
  private listener: Dedicated | null = null
  private stopped = false
  private heard: Heard = { mail: () => {}, audit: () => {}, news: () => {} }
  private telling: Promise<void> | null = null

  constructor(options: { db: Database; failed(error: unknown): void; pause(ms: number): Promise<void> }) {
    this.db = options.db
    this.failed = options.failed
    this.pause = options.pause
  }

  async start(heard: Heard): Promise<void> {
    this.heard = heard
    await this.listen()
  }

  /** Fire and forget: the rows are committed already. */
  tell(groups: readonly number[]): void {
    this.db.query('select pg_notify($1, $2)', [CHANNEL, groups.join(',')]).catch(this.failed)
  }

  /** The ledger has grown. Many of these become one. */
  tellNews(): void {
    this.telling ??= this.pause(NEWS_EVERY).then(() => {
      this.telling = null
      if (!this.stopped) this.db.query("select pg_notify($1, '')", [NEWS]).catch(this.failed)
    })
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.listener?.end().catch(() => {})
  }

  private async listen(): Promise<void> {
    const listener = await this.db.dedicated()
    this.listener = listener
    if (this.stopped) return listener.end()
    listener.client.on('notification', n => {
      if (n.channel === AUDIT) this.heard.audit()
      else if (n.channel === NEWS) this.heard.news()
      else this.heard.mail((n.payload ?? '').split(',').filter(Boolean).map(Number))
    })
    await listener.query(`listen ${CHANNEL}`)
    await listener.query(`listen ${AUDIT}`)
    await listener.query(`listen ${NEWS}`)
    listener.client.once('end', () => void this.again())
  }

  /** Listening dies with the connection. Once it is back, everybody looks: what was told meanwhile nobody heard. */
  private async again(): Promise<void> {
    let error: unknown = new Error('the connection was lost')
    while (!this.stopped) {
      this.failed(error)
      await this.pause(RETRY_AFTER)
      try {
        await this.listen()
        this.heard.audit()
        this.heard.news()
        return this.heard.mail(ALL)
      } catch (next) {
        error = next
      }
    }
  }
}
