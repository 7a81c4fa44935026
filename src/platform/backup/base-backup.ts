import { Readable } from 'node:stream'
import pg from 'pg'
import type { Connection } from '../connection.ts'
import { codeOf, messageOf, PlatformError } from '../error.ts'
import { clientConfig } from '../wire.ts'

/**
 * A copy of a running cluster by PostgreSQL's own means: the replication command BASE_BACKUP, which is what pg_basebackup
 * sends. The server streams its files and the log that makes them consistent. It takes no snapshot and holds no
 * transaction open, so nothing that is written meanwhile waits or bloats; a slot of this one connection keeps the log.
 */
export interface BaseBackup {
  /** The cluster's files as one tar stream. */
  readonly tar: Readable
  /** The server's own list of its files, when `tar` has ended. */
  manifest(): Buffer
  close(): Promise<void>
}

// Whatever is left in the caches is written out at once: else it may take minutes until the copy begins.
const COMMAND = `BASE_BACKUP (LABEL 'andon', CHECKPOINT 'fast', WAL true, MANIFEST 'yes', WAIT true)`
const SLOT = 'CREATE_REPLICATION_SLOT "andon_backup_$" TEMPORARY PHYSICAL RESERVE_WAL'

/** @throws PlatformError BACKUP_REFUSED when the role may not replicate */
export async function startBaseBackup(connection: Connection, name: string): Promise<BaseBackup> {
  const config = {
    ...clientConfig(connection, { statementTimeout: 0, applicationName: 'andon backup' }),
    replication: 'true',
  }
  const client = new pg.Client(config)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(SLOT.replace('$', name))
  } catch (error) {
    await client.end().catch(() => {})
    throw refusal(error)
  }
  const command = new BaseBackupQuery()
  client.query(command)
  return {
    tar: command.tar,
    manifest: () => Buffer.concat(command.manifest),
    close: () => client.end().catch(() => {}),
  }
}

/** 28000: pg_hba.conf; 42501: the role; 53400 and 55000: the server is not set up for it. */
function refusal(error: unknown): unknown {
  if (!/^(28\w{3}|42501|53400|55000)$/.test(codeOf(error))) return error
  return new PlatformError(
    'BACKUP_REFUSED',
    `The server does not let us copy it (${messageOf(error)}): give the role REPLICATION and a line "replication" in pg_hba.conf, or stop Andon and use --tables.`,
    { cause: error },
  )
}

/** What each part of the stream is, by its first byte. */
const ARCHIVE = 0x6e
const DATA = 0x64
const MANIFEST = 0x6d

/** The part of pg's connection that a query of one's own talks to. */
interface Wire {
  readonly stream: { pause(): void; resume(): void; destroy(error?: Error): void }
  query(text: string): void
}

/**
 * The command as pg runs it. Its answer is two result sets, then a copy whose messages are archives, data and the manifest,
 * then the end of the log. The socket is paused while nobody reads the tar.
 */
class BaseBackupQuery {
  readonly manifest: Buffer[] = []
  readonly tar: Readable
  #wire: Wire | null = null
  #archives = 0
  #inManifest = false

  constructor() {
    this.tar = new Readable({
      highWaterMark: 4 * 1024 * 1024,
      read: () => this.#wire?.stream.resume(),
      destroy: (error, done) => {
        // Whoever stops reading gives the backup up: the server ends it when the connection is gone.
        if (!this.tar.readableEnded) this.#wire?.stream.destroy()
        done(error)
      },
    })
  }

  submit(wire: Wire): void {
    this.#wire = wire
    wire.query(COMMAND)
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // A copy: the parser moves its next messages into the same memory.
    const body = Buffer.from(chunk.subarray(1))
    if (chunk[0] === ARCHIVE && ++this.#archives > 1) this.tar.destroy(tablespaces())
    if (chunk[0] === MANIFEST) this.#inManifest = true
    if (chunk[0] !== DATA) return
    if (this.#inManifest) this.manifest.push(body)
    else if (!this.tar.push(body)) this.#wire?.stream.pause()
  }

  handleReadyForQuery(): void {
    this.tar.push(null)
  }

  handleError(error: Error): void {
    this.tar.destroy(error)
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}

const tablespaces = (): PlatformError =>
  new PlatformError('BACKUP_REFUSED', 'The server keeps data in tablespaces of its own: stop Andon and use --tables.')
