import type { Instant } from '../../../kernel/instant.ts'
import type { Database, Sql } from '../../../platform/database.ts'
import {
  addTable,
  addTableTurn,
  lockTable,
  readTables,
  readTableTurns,
  rewriteTable,
  type StoredTable,
  type TableBody,
  type TableTurn,
  tableHash,
} from '../table-store.ts'
import { ChangeRace, inRace } from './ship.ts'

/** Why a table was not saved or put into force; codes are stable and stand in the catalogue of problems. */
export class TableConflict extends Error {
  readonly code: 'table_draft_conflict' | 'table_version_not_found' | 'table_change_waits' | 'table_stands_already'
  constructor(code: TableConflict['code'], message: string) {
    super(message)
    this.code = code
  }
}

export interface TableAsked {
  readonly id: string
  readonly body: TableBody
  readonly by: string
  readonly reason: string
  readonly at: Instant
  /** The digest of the newest version that its writer saw; null for a table that has none. */
  readonly seen: string | null
}

/**
 * Saves a table as a draft: over the newest version while that never was in force, else as the next one. The same cells
 * again change nothing.
 * @throws TableConflict
 */
export const saveTable = (db: Database, asked: TableAsked): Promise<StoredTable> => inRace(db, tx => save(tx, asked))

async function save(tx: Sql, { id, body, by, reason, at, seen }: TableAsked): Promise<StoredTable> {
  await lockTable(tx, id)
  const newest = (await readTables(tx, id)).at(-1)
  if ((newest?.hash ?? null) !== seen)
    throw new TableConflict('table_draft_conflict', `The newest version of ${id} is not the one you saw.`)
  const hash = tableHash(body)
  if (newest?.hash === hash) return newest
  const text = { id, author: by, reason, at, hash, body }
  const isDraft = newest && !(await readTableTurns(tx)).some(t => t.id === id && t.version === newest.version)
  const table = { ...text, version: isDraft ? newest.version : (newest?.version ?? 0) + 1 }
  const done = isDraft ? await rewriteTable(tx, table, newest.hash) : await addTable(tx, table)
  if (!done) throw new ChangeRace(`${id} was saved by another process`)
  return table
}

export type TableTurnAsked = Omit<TableTurn, 'n'>

/**
 * Has a version decide from an instant on, or none at all: one fact.
 * @throws TableConflict
 */
export const turnTable = (db: Database, asked: TableTurnAsked): Promise<TableTurn> =>
  inRace(db, async tx => {
    const { id, version, at } = asked
    await lockTable(tx, id)
    const known = await readTables(tx, id)
    if (version !== null && !known.some(t => t.version === version))
      throw new TableConflict('table_version_not_found', `There is no version ${version} of ${id}.`)
    const own = (await readTableTurns(tx)).filter(t => t.id === id)
    if (own.some(t => t.activeFrom > at))
      throw new TableConflict('table_change_waits', `A change of ${id} waits for its time: wait until it is in force.`)
    if ((own.at(-1)?.version ?? null) === version)
      throw new TableConflict('table_stands_already', `Version ${version ?? 'none'} of ${id} decides already.`)
    const turn = { ...asked, n: own.length + 1 }
    if (!(await addTableTurn(tx, turn))) throw new ChangeRace(`turn ${turn.n} of ${id} was made by another process`)
    return turn
  })
