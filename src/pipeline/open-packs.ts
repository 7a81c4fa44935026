import { groupOf } from '../kernel/bucket.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { LoadDeps } from './load.ts'
import { type Pack, unpacked } from './packs.ts'
import { openText } from './personal.ts'
import type { IntakeRow } from './rows.ts'
import { loadSaltsFor, saltFor } from './salts.ts'
import type { Sql } from './sql.ts'

export interface StoredPack {
  bucket: number
  class: number
  id: string
  body: string
}

/** Packs as the mailbox table has them, with the bodies of their messages opened and in their newest shapes. */
export async function openPacks(sql: Sql, deps: LoadDeps, stored: readonly StoredPack[]): Promise<Pack[]> {
  const closed = stored.map(pack => ({ pack, rows: unpacked(pack) }))
  const salts = await loadSaltsFor(
    sql,
    closed.flatMap(({ rows }) => rows),
  )
  return closed.map(({ pack, rows }) => ({
    id: pack.id,
    class: pack.class,
    group: groupOf(pack.bucket),
    rows: rows.map(row => ({ ...row, body: plainOf(row, deps, saltFor(salts, row.stream, row.stored)) })),
  }))
}

function plainOf(row: Omit<IntakeRow, 'body'>, deps: LoadDeps, salt: Buffer | null | undefined): JsonObject {
  const plain = openText(deps.sealer, { stream: row.stream, type: row.type, salt }, row.stored)
  return row.what === 'event' ? deps.upcast(row.type, row.v, plain).body : plain
}
