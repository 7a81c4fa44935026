import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { PlatformError } from '../error.ts'
import { base64, hkdf, type Lock, type Stanza, type Unlock, unwrap, wrap } from './age-keys.ts'

/**
 * Encrypted files in the age format (age-encryption.org/v1), so that the tool `age` opens what we write and the other way
 * round: a header with the wrapped file key under a MAC, then chunks of 64 KiB under ChaCha20-Poly1305, numbered, the last
 * one marked. A chunk that was changed, moved or cut off does not open.
 */
export const AGE_MAGIC = 'age-encryption.org/v1\n'
const CHUNK = 64 * 1024
const TAG = 16
const NONCE = 16
/** No honest header is longer. */
const HEADER_MOST = 64 * 1024

export function encrypt(lock: Lock, options: { readonly logN?: number } = {}): Transform {
  const fileKey = randomBytes(16)
  const stanzas = wrap(fileKey, lock, options.logN)
  const text = headerText(stanzas)
  const nonce = randomBytes(NONCE)
  const chunks = new Chunks(CHUNK, chunkSealer(hkdf(fileKey, nonce, 'payload')))
  const start = Buffer.concat([Buffer.from(`${text} ${base64(macOf(fileKey, text))}\n`), nonce])
  const stream = chunked(() => chunks)
  stream.push(start)
  return stream
}

/** @throws (as the stream's error) PlatformError BACKUP_KEY, BACKUP_DAMAGED */
export function decrypt(unlock: Unlock): Transform {
  let held: Buffer = Buffer.alloc(0)
  let chunks: Chunks | null = null
  return chunked(
    () => chunks,
    data => {
      held = Buffer.concat([held, data])
      const end = endOfHeader(held)
      if (end === null || held.length < end + NONCE) return null
      const fileKey = readHeader(held.toString('latin1', 0, end), unlock)
      chunks = new Chunks(CHUNK + TAG, chunkOpener(hkdf(fileKey, held.subarray(end, end + NONCE), 'payload')))
      return held.subarray(end + NONCE)
    },
  )
}

/** One chunk in, one chunk out. */
type Work = (chunk: Buffer, counter: number, last: boolean) => Buffer

/** Cuts a stream into chunks. One is always held back, because the last one is worked on differently. */
class Chunks {
  readonly #size: number
  readonly #work: Work
  #parts: Buffer[] = []
  #held = 0
  #counter = 0

  constructor(size: number, work: Work) {
    this.#size = size
    this.#work = work
  }

  *add(data: Buffer): Generator<Buffer> {
    this.#parts.push(data)
    this.#held += data.length
    if (this.#held <= this.#size) return
    let all = Buffer.concat(this.#parts)
    while (all.length > this.#size) {
      yield this.#work(all.subarray(0, this.#size), this.#counter++, false)
      all = all.subarray(this.#size)
    }
    this.#parts = [all]
    this.#held = all.length
  }

  end(): Buffer {
    return this.#work(Buffer.concat(this.#parts), this.#counter, true)
  }
}

/** A stream through chunks; until there are any, `before` reads what comes ahead of them. */
function chunked(chunks: () => Chunks | null, before: (data: Buffer) => Buffer | null = data => data): Transform {
  const guarded = (done: TransformCallback, work: () => void): void => {
    let failure: Error | null = null
    try {
      work()
    } catch (error) {
      failure = error instanceof Error ? error : damaged()
    }
    done(failure)
  }
  return new Transform({
    transform(data: Buffer, _encoding, done) {
      guarded(done, () => {
        const body = chunks() === null ? before(data) : data
        if (body !== null) for (const part of chunks()?.add(body) ?? []) this.push(part)
      })
    },
    flush(done) {
      guarded(done, () => {
        const end = chunks()
        if (end === null) throw damaged()
        this.push(end.end())
      })
    },
  })
}

function chunkSealer(key: Buffer): Work {
  return (chunk, counter, last) => {
    const cipher = createCipheriv('chacha20-poly1305', key, nonceOf(counter, last), { authTagLength: TAG })
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
  }
}

function chunkOpener(key: Buffer): Work {
  return (chunk, counter, last) => {
    const size = chunk.length - TAG
    // Only a file of nothing ends with an empty chunk.
    if (size < 0 || (size === 0 && counter > 0)) throw damaged()
    const decipher = createDecipheriv('chacha20-poly1305', key, nonceOf(counter, last), { authTagLength: TAG })
    decipher.setAuthTag(chunk.subarray(size))
    try {
      return Buffer.concat([decipher.update(chunk.subarray(0, size)), decipher.final()])
    } catch {
      throw damaged()
    }
  }
}

function nonceOf(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(counter, 5, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}

/** The header up to its end mark, which the MAC covers. */
function headerText(stanzas: readonly Stanza[]): string {
  const lines = stanzas.map(({ args, body }) => `-> ${args.join(' ')}\n${base64(body)}\n`)
  return `${AGE_MAGIC}${lines.join('')}---`
}

const macOf = (fileKey: Buffer, text: string): Buffer =>
  createHmac('sha256', hkdf(fileKey, Buffer.alloc(0), 'header'))
    .update(text)
    .digest()

/** Length of the header with its last line, or null while it has not arrived as a whole. */
function endOfHeader(data: Buffer): number | null {
  const mark = data.indexOf('\n--- ')
  const end = mark < 0 ? -1 : data.indexOf('\n', mark + 1)
  if (end >= 0) return end + 1
  if (data.length > HEADER_MOST) throw damaged()
  return null
}

/** @throws PlatformError BACKUP_KEY, BACKUP_DAMAGED */
function readHeader(text: string, unlock: Unlock): Buffer {
  const mark = text.lastIndexOf('\n---') + 4
  const stanzas = stanzasOf(text.slice(0, mark))
  const fileKey = unwrap(stanzas, unlock)
  if (fileKey === null)
    throw new PlatformError('BACKUP_KEY', 'This file is encrypted, and not with any key or passphrase that was given.')
  const mac = Buffer.from(text.slice(mark + 1).trimEnd(), 'base64')
  const expected = macOf(fileKey, text.slice(0, mark))
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) throw damaged()
  return fileKey
}

function stanzasOf(text: string): Stanza[] {
  const lines = text.split('\n').slice(1, -1)
  const stanzas: { args: string[]; lines: string[] }[] = []
  for (const line of lines) {
    if (line.startsWith('-> ')) stanzas.push({ args: line.slice(3).split(' '), lines: [] })
    else stanzas.at(-1)?.lines.push(line)
  }
  if (stanzas.length === 0) throw damaged()
  return stanzas.map(({ args, lines: body }) => ({ args, body: Buffer.from(body.join(''), 'base64') }))
}

const damaged = (): PlatformError =>
  new PlatformError('BACKUP_DAMAGED', 'The file is damaged: it was cut off or changed after it was written.')
