import { groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Log } from '../platform/log.ts'
import { AHEAD } from './sql/project.ts'
import type { Sql } from './sql.ts'

/** One that reads the ledgers of groups by position. */
export interface Follower {
  readonly db: Sql
  readonly log: Log
  /** Under which it keeps its positions. */
  readonly name: string
  /** Resolves when nobody else needs the machine more. */
  giveWay(): Promise<void>
  stopped(): boolean
  /** Reads a group's ledger from there on; returns how many rows. */
  page(group: number, from: number): Promise<number>
}

/** One page of each of these groups whose ledger is ahead; returns how many ledger rows were read. */
export async function followRound(follower: Follower, groups: readonly number[]): Promise<number> {
  const { db, log, name } = follower
  const { rows } = await db.query<{ bucket: number; pos: number }>(AHEAD, [name, groups.map(homeBucketOf)])
  let read = 0
  let behind = 0
  for (const { bucket, pos } of rows) {
    await follower.giveWay()
    if (follower.stopped()) break
    try {
      read += await follower.page(groupOf(bucket), pos)
    } catch (error) {
      // One page that cannot be read (a fact of a newer release) keeps only its own group behind.
      behind++
      log.warn('the follower fell back', { group: groupOf(bucket), error: String(error) })
    }
  }
  // Nothing left to read is not the same as nothing that could be read.
  if (read === 0 && behind > 0) throw new Error(`${behind} groups are behind`)
  return read
}
