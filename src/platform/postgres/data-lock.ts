import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { PlatformError } from '../error.ts'

export interface DataLock {
  release(): void
}

/**
 * Takes the data directory for this process, or returns null when a live process has it.
 * The lock is a file lock of the kernel, reached through SQLite, the only one that Node has on every platform: it ends
 * with the process however that dies, so it can be neither stale nor mistaken for a reused pid.
 */
export function lockDataDir(path: string): DataLock | null {
  let handle: DatabaseSync | undefined
  try {
    handle = new DatabaseSync(path, { timeout: 0 })
    // Whoever can read a SQLite file can lock it.
    chmodSync(path, 0o600)
    handle.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    handle?.close()
    if (isBusy(error)) return null
    throw new PlatformError(
      'DATA_DIR_NOT_WRITABLE',
      `${path} cannot be written: choose another directory with --data.`,
      {
        cause: error,
      },
    )
  }
  const held = handle
  return { release: () => held.close() }
}

// SQLITE_BUSY and SQLITE_LOCKED, the low byte of an extended result code.
const isBusy = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  [5, 6].includes(error.errcode & 0xff)
