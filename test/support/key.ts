import { RIGHT_IDS } from '../../src/contract/rights.ts'
import { addSecret, insertKey } from '../../src/modules/access/keys.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { connect, type Database, type Sql } from '../../src/platform/database.ts'
import { attachPostgres } from '../../src/platform/postgres/index.ts'

/** A key that may do everything, as often as a test or a bench likes. */
export async function keyOn(sql: Sql): Promise<string> {
  const at = systemClock.now()
  const handle = `test-${process.pid}-${++made}`
  const whole = { rights: RIGHT_IDS, shops: null, warehouses: null, addresses: [], rate: 1_000_000, quota: null }
  await insertKey(sql, { ...whole, id: handle, handle, name: handle, expiresAt: null, actor: 'test', createdAt: at })
  return addSecret(sql, handle, { at, until: at })
}

let made = 0

/** The same for a database of one's own. */
export const keyAt = async (url: string): Promise<string> => withSql(await connect({ url, poolSize: 1 }))

/** The same for the built-in database of a running Andon. */
export async function keyIn(dataDir: string): Promise<string> {
  const connection = await attachPostgres(dataDir)
  if (!connection) throw new Error(`nothing runs in ${dataDir}`)
  return withSql(await connect({ connection, poolSize: 1 }))
}

async function withSql(db: Database): Promise<string> {
  try {
    return await keyOn(db)
  } finally {
    await db.close()
  }
}
