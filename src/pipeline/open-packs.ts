import { groupOf } from '../kernel/bucket.ts'
import type { JsonObject } from '../kernel/json.ts'
import { type LoadDeps, loadSalts } from './load.ts'
import { type Pack, unpacked } from './packs.ts'
import { isSealed, openText } from './personal.ts'
import type { IntakeRow } from './rows.ts'
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
  const sealed = closed.flatMap(({ rows }) => rows.filter(r => isSealed(r.stored)))
  const salts = await loadSalts(sql, [...new Map(sealed.map(r => [r.stream, r])).values()])
  return closed.map(({ pack, rows }) => ({
    id: pack.id,
    class: pack.class,
    group: groupOf(pack.bucket),
    rows: rows.map(row => ({ ...row, body: plainOf(row, deps, salts.get(row.stream)) })),
  }))
}

function plainOf(row: Omit<IntakeRow, 'body'>, deps: LoadDeps, salt: Buffer | undefined): JsonObject {
  const plain = openText(deps.sealer, { stream: row.stream, type: row.type, salt }, row.stored)
  return row.what === 'event' ? deps.upcast(row.type, row.v, plain).body : plain
}
