import { totalmem } from 'node:os'

export type Settings = Readonly<Record<string, string | number>>

const MB = 1024 * 1024

/**
 * What is safe and spaces checkpoints out; the throughput differences were noise (reference/database.md section 3).
 * Nothing here may weaken durability: fsync, full_page_writes and synchronous_commit keep their defaults.
 */
export function tunedSettings(memory: number = totalmem()): Settings {
  const buffers = Math.max(128, Math.min(1024, Math.floor(memory / 4 / MB)))
  return {
    shared_buffers: `${buffers}MB`,
    max_wal_size: '4GB',
    min_wal_size: '512MB',
    checkpoint_timeout: '15min',
    wal_buffers: '16MB',
    wal_compression: 'off',
    jit: 'off',
    random_page_cost: 1.1,
    max_connections: 60,
    idle_in_transaction_session_timeout: '60s',
    ...QUIET_LOG,
  }
}

// Statements and key values may hold personal data, so the server's own log never shows them.
const QUIET_LOG: Settings = {
  log_checkpoints: 'off',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
}

/** For tests that do not test durability. Data is lost when the machine loses power. */
export const UNSAFE_NO_FSYNC: Settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }

export const settingArgs = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
