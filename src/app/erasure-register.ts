import { join } from 'node:path'
import * as z from 'zod'
import { AuditTrail } from '../modules/access/index.ts'
import { Erasures, type RegisterFile } from '../pipeline/erasures.ts'
import { systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { newId } from './compose.ts'
import { lineFile } from './line-file.ts'

/** Beside the database and not in it: a restored backup brings back an old database, and this file tells what it must forget. */
export const registerPath = (dataDir: string): string => join(dataDir, 'erasures.jsonl')

const entry = z.object({
  id: z.string(),
  at: z.int(),
  actor: z.string(),
  reason: z.string(),
  tokens: z.array(z.string()),
  mac: z.string(),
})

/** A register of one line a request. */
export const registerFile = (path: string): RegisterFile => lineFile(path, entry)

/**
 * After a restore: what the register says is erased again, in a database on which nothing else runs. The facts that say so
 * wait in the mailboxes for the next start.
 * @param path of a register that was kept; see `registerPath`
 */
export async function reapplyErasures(db: Database, sealer: Sealer, path: string): Promise<number> {
  const now = (): number => systemClock.now()
  const audit = new AuditTrail({ db, sealer, newId, now })
  const erasures = new Erasures({ db, sealer, audit, now, newId, register: registerFile(path) })
  await erasures.sync()
  return erasures.reapply()
}
