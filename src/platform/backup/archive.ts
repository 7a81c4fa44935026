import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Readable, Transform, type Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { codeOf, PlatformError } from '../error.ts'
import { AGE_MAGIC, decrypt, encrypt } from './age.ts'
import type { Lock, Unlock } from './age-keys.ts'
import { asNode, extract as extractTar, type Header, type Pack, pack as packTar } from './tar.ts'

/**
 * A backup file: a tar, compressed with zstd, and encrypted with age when there is a key. All three are formats that other
 * tools read (`age -d | zstd -d | tar x`). The last entry is the manifest with the SHA-256 of every other; a file
 * without it was cut off.
 */
export const MANIFEST_NAME = 'manifest.json'

export interface ListedFile {
  readonly size: number
  readonly sha256: string
}

export type Manifest = Readonly<Record<string, ListedFile>>

export interface ArchiveWriter {
  directory(name: string): Promise<void>
  /** A file whose size is known before its content. */
  file(name: string, size: number, content: Readable): Promise<void>
  text(name: string, content: string | Buffer): Promise<void>
}

export interface Written {
  readonly files: number
  /** Of the content. */
  readonly bytes: number
  /** Of the backup file. */
  readonly size: number
}

export interface Target {
  readonly path: string
  readonly lock: Lock | undefined
  /** Gives up and removes what was written. */
  readonly stop: AbortSignal
}

const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700
const LEVEL = 3

/**
 * Writes a backup file: beside its place first, and put there when it is whole and on the disk.
 * @throws PlatformError DISK_FULL; whatever `fill` throws
 */
export async function writeArchive(target: Target, fill: (archive: ArchiveWriter) => Promise<void>): Promise<Written> {
  const draft = `${target.path}.partial`
  const pack = packTar()
  const sizes = { files: 0, bytes: 0, size: 0 }
  const giveUp = new AbortController()
  const stages = [
    asNode<Readable>(pack),
    createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 } }),
    ...(target.lock ? [encrypt(target.lock)] : []),
    counting(data => (sizes.size += data.length)),
    createWriteStream(draft, { mode: FILE_MODE }),
  ]
  const written = pipeline(stages, { signal: AbortSignal.any([target.stop, giveUp.signal]) })
  try {
    // When the disk is full the writing ends first, and nobody would take what `fill` still has to give.
    await Promise.race([fillArchive(pack, sizes, fill), written.then(() => {})])
    await written
    settle(draft, target.path)
    return sizes
  } catch (error) {
    giveUp.abort()
    await written.catch(() => {})
    rmSync(draft, { force: true })
    throw codeOf(error) === 'ENOSPC' ? new PlatformError('DISK_FULL', 'The disk is full: nothing was kept.') : error
  }
}

async function fillArchive(
  pack: Pack,
  sizes: { files: number; bytes: number },
  fill: (archive: ArchiveWriter) => Promise<void>,
): Promise<void> {
  const manifest: Record<string, ListedFile> = {}
  const file = async (name: string, size: number, content: Readable): Promise<void> => {
    const hash = createHash('sha256')
    await pipeline(
      content,
      counting(data => hash.update(data)),
      entry(pack, { name, size, mode: FILE_MODE }),
    )
    manifest[name] = { size, sha256: hash.digest('hex') }
    sizes.files++
    sizes.bytes += size
  }
  const text = (name: string, content: string | Buffer): Promise<void> => {
    const bytes = Buffer.from(content)
    return file(name, bytes.length, Readable.from(bytes.length > 0 ? [bytes] : []))
  }
  await fill({
    file,
    text,
    directory: async name => void pack.entry({ name, type: 'directory', mode: DIRECTORY_MODE }),
  })
  await text(MANIFEST_NAME, JSON.stringify({ files: manifest }))
  pack.finalize()
}

const entry = (pack: Pack, header: Partial<Header> & { readonly name: string }): Writable =>
  asNode<Writable>(pack.entry(header))

/** Looks at what flows by. */
const counting = (look: (data: Buffer) => void): Transform =>
  new Transform({
    transform(data: Buffer, _encoding, done) {
      look(data)
      done(null, data)
    },
  })

/** On the disk before it gets its name, so that a power cut leaves no half file under a good name. */
function settle(draft: string, path: string): void {
  for (const [name, then] of [
    [draft, () => renameSync(draft, path)],
    [dirname(path), () => {}],
  ] as const) {
    const handle = openSync(name, 'r')
    try {
      fsyncSync(handle)
    } catch (error) {
      // Windows does not sync directories.
      if (process.platform !== 'win32') throw error
    } finally {
      closeSync(handle)
    }
    then()
  }
}

export interface ArchiveEntry {
  /** Relative, with slashes, without `.` or `..`. */
  readonly name: string
  readonly kind: 'file' | 'directory'
  readonly size: number
  readonly content: Readable
}

/**
 * Reads a backup file and holds every entry to the manifest. Content that `take` does not want it leaves alone.
 * @throws PlatformError BACKUP_KEY, BACKUP_DAMAGED; whatever `take` throws
 */
export async function readArchive(
  source: { readonly path: string; readonly unlock: Unlock; readonly stop: AbortSignal },
  take: (entry: ArchiveEntry) => Promise<void>,
): Promise<Manifest> {
  const extract = extractTar()
  const stages = [
    createReadStream(source.path),
    ...(isEncrypted(source.path) ? [decrypt(source.unlock)] : []),
    createZstdDecompress(),
    asNode<Writable>(extract),
  ]
  const seen: Record<string, ListedFile> = {}
  let listed: Manifest | null = null
  extract.on('entry', (header, stream, next) => {
    const done = takeEntry(header, asNode<Readable>(stream), { seen, take }).then(manifest => {
      listed = manifest ?? listed
    })
    done.then(() => next(), next)
  })
  try {
    await pipeline(stages, { signal: source.stop })
  } catch (error) {
    throw isGarbage(error) ? damaged('it was cut off or changed after it was written') : error
  }
  return compare(seen, listed)
}

async function takeEntry(
  header: Header,
  stream: Readable,
  { seen, take }: { seen: Record<string, ListedFile>; take: (entry: ArchiveEntry) => Promise<void> },
): Promise<Manifest | null> {
  const name = safeName(header.name)
  const size = header.size ?? 0
  if (header.type === 'directory') {
    await take({ name, kind: 'directory', size: 0, content: stream })
    stream.resume()
    return null
  }
  if (header.type !== 'file') throw damaged(`${name} is neither a file nor a directory`)
  if (name === MANIFEST_NAME) return manifestOf(stream)
  const hash = createHash('sha256')
  // Only readable: of a stream that is both, whoever reads it to its end may see it broken off before its other side ended.
  const content = Readable.from(hashed(stream, hash), { objectMode: false })
  const read = finished(content)
  // When `take` fails, that is what is told.
  read.catch(() => {})
  await take({ name, kind: 'file', size, content })
  content.resume()
  await read
  seen[name] = { size, sha256: hash.digest('hex') }
  return null
}

async function* hashed(stream: Readable, hash: Hash): AsyncGenerator<Buffer> {
  for await (const part of stream) {
    hash.update(part)
    yield part
  }
}

async function manifestOf(stream: Readable): Promise<Manifest> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')).files
  } catch {
    throw damaged('its manifest cannot be read')
  }
}

function compare(seen: Manifest, listed: Manifest | null): Manifest {
  if (listed === null) throw damaged('it has no manifest')
  for (const [name, { size, sha256 }] of Object.entries(listed))
    if (seen[name]?.sha256 !== sha256 || seen[name]?.size !== size) throw damaged(`${name} is not as it was written`)
  const odd = Object.keys(seen).find(name => listed[name] === undefined)
  if (odd !== undefined) throw damaged(`${odd} is not in its manifest`)
  return listed
}

/** An archive of somebody else's making could write anywhere. @throws PlatformError BACKUP_DAMAGED */
function safeName(name: string): string {
  const parts = name.replace(/\/$/, '').split('/')
  const odd = /^[/\\]|[\\:\0]/.test(name) || parts.some(part => part === '' || part === '.' || part === '..')
  if (odd) throw damaged('it holds a path that leads out of it')
  return parts.join('/')
}

function isEncrypted(path: string): boolean {
  const start = Buffer.alloc(AGE_MAGIC.length)
  const handle = openSync(path, 'r')
  try {
    readSync(handle, start)
    return start.toString('latin1') === AGE_MAGIC
  } finally {
    closeSync(handle)
  }
}

/** Errors of the decompressor and of the tar reader about what they were given. */
const isGarbage = (error: unknown): boolean =>
  /^ZSTD_|^Z_/.test(codeOf(error)) ||
  (error instanceof Error && /tar header|end of (data|file|archive)/i.test(error.message))

const damaged = (why: string): PlatformError =>
  new PlatformError('BACKUP_DAMAGED', `This is no whole backup file: ${why}.`)
