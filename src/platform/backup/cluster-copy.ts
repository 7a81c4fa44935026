import { closeSync, createWriteStream, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Connection } from '../connection.ts'
import type { ArchiveEntry, ArchiveWriter } from './archive.ts'
import { startBaseBackup } from './base-backup.ts'
import { asNode, extract as extractTar } from './tar.ts'

/** The folder of a backup that holds the cluster. */
export const CLUSTER = 'postgres'

export interface Copying {
  readonly connection: Connection
  /** Letters and digits; tells this backup's slot from others. */
  readonly name: string
  readonly stop: AbortSignal
  readonly seen: (bytes: number) => void
}

/** Copies a running cluster into a backup. @throws PlatformError BACKUP_REFUSED */
export async function copyCluster(archive: ArchiveWriter, { connection, name, stop, seen }: Copying): Promise<void> {
  const backup = await startBaseBackup(connection, name)
  const extract = extractTar()
  // `pipeline` destroys what it reads when we give up, and the server then ends the backup.
  const fed = pipeline(backup.tar, asNode<Writable>(extract), { signal: stop })
  fed.catch(() => {})
  try {
    let bytes = 0
    for await (const entry of extract) {
      const { header } = entry
      const path = `${CLUSTER}/${header.name.replace(/^\.\//, '').replace(/\/$/, '')}`
      if (header.type === 'directory') await archive.directory(path)
      else if (header.type === 'file' && !isSocketLock(header.name)) {
        await archive.file(path, header.size ?? 0, asNode<Readable>(entry))
        bytes += header.size ?? 0
        seen(bytes)
        continue
      }
      entry.resume()
    }
    await fed
    await archive.text(`${CLUSTER}/backup_manifest`, backup.manifest())
  } finally {
    await backup.close()
  }
}

/** Of the server that runs; the one that is started from the copy makes its own. */
const isSocketLock = (name: string): boolean => /(^|\/)\.s\.PGSQL\.\d+\.lock$/.test(name)

/** Writes an entry of a backup below `directory`, on the disk before it is counted as there. */
export async function putEntry(directory: string, entry: ArchiveEntry): Promise<void> {
  const path = join(directory, ...entry.name.split('/'))
  if (entry.kind === 'directory') return void mkdirSync(path, { recursive: true, mode: 0o700 })
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  await pipeline(entry.content, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
