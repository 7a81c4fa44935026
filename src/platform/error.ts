import type { Connection } from './connection.ts'

/** Stable codes of everything that can go wrong below the domain. Listed here so that docs and exits can rely on them. */
export type PlatformCode =
  | 'NO_BINARIES'
  | 'BINARIES_BROKEN'
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_NOT_WRITABLE'
  | 'DATA_DIR_FOREIGN'
  | 'CLUSTER_VERSION'
  | 'CLUSTER_INIT_FAILED'
  | 'CLUSTER_START_FAILED'
  | 'DISK_FULL'
  | 'DATABASE_URL_INVALID'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_REFUSED'
  | 'DATABASE_TOO_OLD'
  | 'NO_WRITABLE_HOST'
  | 'COMMIT_LOST'
  | 'DATABASE_NEWER'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_FAILED'
  | 'PORT_TAKEN'

/** A failure of the platform. `message` is one sentence that says what to do; `code` is stable. */
export class PlatformError extends Error {
  readonly code: PlatformCode

  constructor(code: PlatformCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PlatformError'
    this.code = code
  }
}

/** Another live Andon owns the data directory; `connection` reaches its database when it is already up. */
export class DataDirInUse extends PlatformError {
  readonly connection: Connection | null
  readonly ownerPid: number | null

  constructor(dataDir: string, owner: { connection: Connection; pid: number } | null) {
    const who = owner ? ` (pid ${owner.pid})` : ''
    super(
      'DATA_DIR_IN_USE',
      `Another Andon${who} is using ${dataDir}: stop it first, or choose another directory with --data.`,
    )
    this.name = 'DataDirInUse'
    this.connection = owner?.connection ?? null
    this.ownerPid = owner?.pid ?? null
  }
}

/** The `code` of an unknown thrown value (`ENOENT`, `57P03`, ...), or an empty text. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
