import type { Instant } from '../kernel/instant.ts'
import { readTables, readTableTurns, type StoredTable, type TableTurn } from '../modules/rules/index.ts'
import type { TablesInForce } from './rule-sets.ts'
import type { Sql } from './sql.ts'

/** The decision tables of an installation, and which version of each decides from when on. */
export class TableShelf {
  private stored: ReadonlyMap<string, StoredTable> = new Map()
  turns: readonly TableTurn[] = []

  /** Returns whether there is a turn that was not known. */
  async refresh(sql: Sql): Promise<boolean> {
    const turns = await readTableTurns(sql)
    if (turns.length === this.turns.length) return false
    // What was in force once is not written over: a version that is known stays the same object.
    const stored = (await readTables(sql)).map((t): [string, StoredTable] => [`${t.id}@${t.version}`, t])
    const known = this.stored
    this.stored = new Map(stored.map(([key, t]) => [key, known.get(key)?.hash === t.hash ? known.get(key)! : t]))
    this.turns = turns
    return true
  }

  /** What decides at `at`, for each use. */
  inForce(at: Instant): TablesInForce {
    const of = (use: keyof TablesInForce): StoredTable | null => this.standing(use, at)
    return { triage: of('triage'), approval: of('approval'), routing: of('routing') }
  }

  /** The version of a table that decides at `at`; null for none. */
  private standing(id: string, at: Instant): StoredTable | null {
    const turn = this.turns.findLast(t => t.id === id && t.activeFrom <= at)
    return turn?.version == null ? null : (this.stored.get(`${id}@${turn.version}`) ?? null)
  }
}
