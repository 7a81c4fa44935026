import type { Database } from '../platform/database.ts'

/** Creates the ledger's monthly partitions when they are first needed. Month = year * 12 + month (0-based), UTC. */
export class Months {
  private readonly db: Database
  private readonly known = new Set<number>()

  constructor(db: Database) {
    this.db = db
  }

  async ensure(months: ReadonlySet<number>): Promise<void> {
    for (const month of months) if (!this.known.has(month)) await this.create(month)
  }

  // Built beside the ledger and then attached: attaching does not lock the ledger's readers and writers out.
  private async create(month: number): Promise<void> {
    const name = `ledger_${Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, '0')}`
    const found = await this.db.query(
      'select 1 from pg_inherits join pg_class on pg_class.oid = inhrelid where relname = $1',
      [name],
    )
    if (found.rows.length === 0) {
      await this.db.query(`create table if not exists ${name} (like ledger including defaults including constraints)`)
      try {
        await this.db.query(`alter table ledger attach partition ${name} for values from (${month}) to (${month + 1})`)
      } catch (error) {
        // 42P17/42809: another lane or node attached it meanwhile.
        if (!isAttached(error)) throw error
      }
    }
    this.known.add(month)
  }
}

const isAttached = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['42P17', '42809', '42P07'].includes(String(error.code))
