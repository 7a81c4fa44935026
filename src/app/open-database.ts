import { connect, type Database } from '../platform/database.ts'
import { DataDirInUse, startPostgres } from '../platform/postgres/index.ts'
import type { DataConfig } from './config.ts'

export interface OpenDatabase {
  readonly db: Database
  /** Another live Andon runs this database; we are its guest. */
  readonly attached: boolean
  /** This process runs the built-in server. */
  readonly embedded: boolean
  close(): Promise<void>
}

export interface OpenOptions {
  /** True: when another Andon runs on the data directory, use its database instead of giving up. */
  readonly mayAttach: boolean
  readonly onProgress: (text: string) => void
  /** The database is gone for good. */
  readonly onLost: (reason: string) => void
}

/**
 * The database of a data directory, or the one that DATABASE_URL names.
 * @throws PlatformError with what to do
 */
export async function openDatabase(config: DataConfig, options: OpenOptions): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) {
    const db = await connect({ url: config.databaseUrl })
    return { db, attached: false, embedded: false, close: () => db.close() }
  }
  try {
    return await openEmbedded(config, options)
  } catch (error) {
    if (!options.mayAttach || !(error instanceof DataDirInUse) || error.connection === null) throw error
    const db = await connect({ connection: error.connection })
    return { db, attached: true, embedded: false, close: () => db.close() }
  }
}

async function openEmbedded(config: DataConfig, options: OpenOptions): Promise<OpenDatabase> {
  const { onProgress, onLost } = options
  const postgres = await startPostgres({ dataDir: config.dataDir, onProgress, onLost })
  try {
    const db = await connect({ connection: postgres.connection })
    const close = async () => {
      await db.close()
      await postgres.stop()
    }
    return { db, attached: false, embedded: true, close }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}
