import { groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Lease } from '../platform/leases.ts'
import { READ_POSITIONS, TAKE_POSITIONS } from './sql/load.ts'
import { jsonRows, type Sql } from './sql.ts'
import type { GroupLedger } from './write.ts'

interface PositionRow {
  bucket: number
  epoch: number
  next_pos: number
  chain_n: number
  chain_hash: Buffer
}

/** Where the ledgers of bucket groups end. */
export type Ledgers = Map<number, GroupLedger>

/** Puts our epoch on groups that were just leased, so that whoever had them cannot write any more; tells where their ledgers end. */
export const takePositions = async (sql: Sql, leases: readonly Lease[]): Promise<Ledgers> =>
  ask(
    sql,
    TAKE_POSITIONS,
    leases.map(({ bucket, epoch }) => ({ bucket, epoch })),
  )

/** Of these groups those that are still ours, as the database has them. */
export const readPositions = async (sql: Sql, groups: ReadonlyMap<number, GroupLedger>): Promise<Ledgers> =>
  ask(
    sql,
    READ_POSITIONS,
    [...groups].map(([group, { epoch }]) => ({ bucket: homeBucketOf(group), epoch })),
  )

async function ask(sql: Sql, text: string, held: readonly { bucket: number; epoch: number }[]): Promise<Ledgers> {
  const { rows } = await sql.query<PositionRow>(text, [jsonRows(held.map(h => ({ b: h.bucket, e: h.epoch })))])
  return new Map(rows.map(row => [groupOf(row.bucket), ledgerOf(row)]))
}

const ledgerOf = (row: PositionRow): GroupLedger => ({
  epoch: row.epoch,
  nextPos: row.next_pos,
  chainN: row.chain_n,
  chainHash: row.chain_hash,
})
