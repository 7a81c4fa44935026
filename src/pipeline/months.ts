import type { Database } from '../platform/database.ts'

/** Creates the ledger's monthly partitions when they are first needed. Month = year * 12 + month (0-based), UTC. */
export class Months {
  private readonly db: Database
  private readonly made = new Map<number, Promise<void>>()

  constructor(db: Database) {
    this.db = db
  }

  async ensure(months: ReadonlySet<number>): Promise<void> {
    for (const month of months) {
      const making = this.made.get(month) ?? this.create(month)
      this.made.set(month, making)
      making.catch(() => this.made.delete(month))
      await making
    }
  }

  // Built beside the ledger and then attached: attaching does not lock the ledger's readers and writers out.
  private async create(month: number): Promise<void> {
    const name = `ledger_${Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, '0')}`
    const found = await this.db.query(
      'select 1 from pg_inherits join pg_class on pg_class.oid = inhrelid where relname = $1',
      [name],
    )
    if (found.rows.length > 0) return
    for (const text of [
      `create table if not exists ${name} (like ledger including defaults including constraints)`,
      `alter table ledger attach partition ${name} for values from (${month}) to (${month + 1})`,
    ])
      await this.db.query(text).catch(error => {
        if (!isThere(error)) throw error
      })
  }
}

// Another node did the same meanwhile. 23505: both at once, `if not exists` notwithstanding; 42P17, 42809: attached.
const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['23505', '42P07', '42P17', '42809'].includes(String(error.code))
