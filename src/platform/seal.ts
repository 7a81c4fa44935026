import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { pooledRandom } from './ids.ts'

/** Bytes of a salt; destroying it makes everything sealed under it unreadable. */
export const SALT_BYTES = 16
const IV_BYTES = 12
const TAG_BYTES = 16

const randomSalt = pooledRandom()
export const newSalt = (): Buffer => Buffer.from(randomSalt(SALT_BYTES))

/**
 * Authenticated encryption under a key per salt: AES-256-GCM, key = HMAC-SHA-256(master, label | salt), a one-step KDF
 * (NIST SP 800-56C; the master is uniformly random, so nothing has to be extracted first).
 * Sealed form: base64 of iv (12) | tag (16) | ciphertext. The context is authenticated, so that a sealed text moved to
 * another place does not open.
 */
export class Sealer {
  // As key objects: preparing a key from bytes costs more than the digest itself (17 against 4 us).
  private readonly master: KeyObject
  private readonly prefix: string
  private readonly random = pooledRandom()
  private readonly keys = new Map<string, KeyObject>()
  private readonly purposes = new Map<string, KeyObject>()

  constructor(master: Uint8Array) {
    if (master.length < 32) throw new Error('the master secret must have at least 32 bytes')
    this.master = createSecretKey(Buffer.from(master))
    this.prefix = createHmac('sha256', this.master).update('andon fingerprint v1').digest('hex')
  }

  seal(salt: Uint8Array, context: string, plain: string): string {
    const iv = Buffer.from(this.random(IV_BYTES))
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(salt), iv).setAAD(Buffer.from(context))
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
  }

  /** Throws when the text was changed, or was sealed under another salt or context. */
  open(salt: Uint8Array, context: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(salt), bytes.subarray(0, IV_BYTES))
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  }

  /**
   * A fingerprint to tell equal from different texts (SHA-256 behind a secret prefix, 128 bits, hex): who reads it without
   * the master secret cannot try out what the text may have been. A quarter of the cost of `blind`; not for authentication.
   */
  fingerprint(text: string): string {
    return hash('sha256', this.prefix + text).slice(0, 32)
  }

  /** A keyed digest (HMAC-SHA-256, 128 bits): equal for equal text, useless without the master secret. */
  blind(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.master).update(`${purpose}\0${text}`).digest().subarray(0, 16)
  }

  /** HMAC-SHA-256 under a key of its own for each purpose: proves that who wrote it has the master secret. */
  mac(purpose: string, bytes: Uint8Array): Buffer {
    return createHmac('sha256', this.purposeKey(purpose)).update(bytes).digest()
  }

  /** 32 bytes for something that needs a secret of its own (HKDF, RFC 5869): the same at every start. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.master, Buffer.alloc(0), `andon ${purpose} v1`, 32))
  }

  private purposeKey(purpose: string): KeyObject {
    const known = this.purposes.get(purpose)
    if (known) return known
    const key = createSecretKey(createHmac('sha256', this.master).update(`andon ${purpose} v1`).digest())
    this.purposes.set(purpose, key)
    return key
  }

  private keyOf(salt: Uint8Array): KeyObject {
    const id = Buffer.from(salt).toString('latin1')
    const known = this.keys.get(id)
    if (known) return known
    const key = createSecretKey(createHmac('sha256', this.master).update('andon personal v1\0').update(salt).digest())
    if (this.keys.size > 20_000) this.keys.clear()
    this.keys.set(id, key)
    return key
  }
}
