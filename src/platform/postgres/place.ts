import { chmodSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeDirectory } from '../directory.ts'
import { PlatformError } from '../error.ts'

/** A data directory, by real paths. */
export interface Place {
  readonly dataDir: string
  readonly runDir: string
  readonly log: string
}

/** Makes what is missing of it. @throws PlatformError DATA_DIR_NOT_WRITABLE */
export function preparePlace(dataDir: string): Place {
  const wanted = resolve(dataDir)
  try {
    const mode = process.getuid?.() === 0 ? 0o711 : 0o700
    makeDirectory(join(wanted, 'run'))
    chmodSync(join(wanted, 'run'), mode)
    const real = realpathSync(wanted)
    return { dataDir: real, runDir: join(real, 'run'), log: join(real, 'postgres.log') }
  } catch (error) {
    throw new PlatformError(
      'DATA_DIR_NOT_WRITABLE',
      `${wanted} cannot be written: choose another directory with --data.`,
      { cause: error },
    )
  }
}
