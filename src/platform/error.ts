/** Stable codes of everything that can go wrong below the domain. Listed here so that docs and exits can rely on them. */
export type PlatformCode =
  | 'NO_BINARIES'
  | 'BINARIES_BROKEN'
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_NOT_WRITABLE'
  | 'DATA_DIR_FOREIGN'
  | 'DATA_DIR_GONE'
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
  | 'DATABASE_FOREIGN'
  | 'DATABASE_NEWER'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_FAILED'
  | 'PORT_TAKEN'
  | 'BACKUP_KEY'
  | 'BACKUP_DAMAGED'
  | 'BACKUP_REFUSED'
  | 'TARGET_NOT_EMPTY'

/** A failure of the platform. `message` is one sentence that says what to do; `code` is stable. */
export class PlatformError extends Error {
  readonly code: PlatformCode

  constructor(code: PlatformCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PlatformError'
    this.code = code
  }
}

/** The `code` of an unknown thrown value (`ENOENT`, `57P03`, ...), or an empty text. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Name of the unique key that a row of it was against; null for any other error. The message is in the server's language. */
export const violatedKey = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && error.code === '23505' && 'constraint' in error
    ? String(error.constraint)
    : null
