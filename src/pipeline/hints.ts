import type { Database, Dedicated } from '../platform/database.ts'

const CHANNEL = 'andon_mail'

/** Tells other nodes that rows wait for them. Only a hint: who misses one looks by itself within ten seconds. */
export class Hints {
  private readonly db: Database
  private readonly failed: (error: unknown) => void
  private listener: Dedicated | null = null
  private stopped = false
  private heard: (groups: readonly number[]) => void = () => {}

  constructor(options: { db: Database; failed(error: unknown): void }) {
    this.db = options.db
    this.failed = options.failed
  }

  async start(heard: (groups: readonly number[]) => void): Promise<void> {
    this.heard = heard
    await this.listen()
  }

  /** Fire and forget: the rows are committed already. */
  tell(groups: readonly number[]): void {
    this.db.query('select pg_notify($1, $2)', [CHANNEL, groups.join(',')]).catch(this.failed)
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.listener?.end().catch(() => {})
  }

  private async listen(): Promise<void> {
    const listener = await this.db.dedicated()
    this.listener = listener
    listener.client.on('notification', n => this.heard((n.payload ?? '').split(',').filter(Boolean).map(Number)))
    listener.client.on('error', error => this.again(error))
    await listener.query(`listen ${CHANNEL}`)
  }

  private again(error: unknown): void {
    if (this.stopped) return
    this.failed(error)
    this.listen().catch(next => this.failed(next))
  }
}
