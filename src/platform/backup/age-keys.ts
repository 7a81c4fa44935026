import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  scryptSync,
} from 'node:crypto'
import { PlatformError } from '../error.ts'
import { bech32Of, bytesOfBech32 } from './bech32.ts'

/** The keys of age (age-encryption.org/v1): a file key, wrapped once for each that may open the file. */

/** One line of a header: what kind of wrapping, its arguments, the wrapped file key. */
export interface Stanza {
  readonly args: readonly string[]
  readonly body: Buffer
}

/** Who may open what is written: the owners of keys (`age1...`), or whoever knows the passphrase. */
export type Lock = { readonly recipients: readonly string[] } | { readonly passphrase: string }

/** What a reader has: private keys (`AGE-SECRET-KEY-1...`), a passphrase, or both. */
export interface Unlock {
  readonly identities: readonly string[]
  readonly passphrase?: string | undefined
}

const RECIPIENT = 'age'
const IDENTITY = 'age-secret-key-'
const X25519_INFO = 'age-encryption.org/v1/X25519'
const SCRYPT_LABEL = 'age-encryption.org/v1/scrypt'
/** About a second and 256 MiB. More than a little above that is an attempt to keep us busy. */
const SCRYPT_LOG_N = 18
const SCRYPT_MOST = 20
const TAG = 16
const NO_NONCE = Buffer.alloc(12)
// The fixed beginning of a raw X25519 key in PKCS #8 and in SubjectPublicKeyInfo, which is what Node reads.
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex')

/** A new key pair: the identity opens, the recipient only closes. */
export function newIdentity(): { readonly identity: string; readonly recipient: string } {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(PRIVATE_DER.length)
  return {
    identity: bech32Of(IDENTITY, secret).toUpperCase(),
    recipient: bech32Of(RECIPIENT, rawOf(publicKey)),
  }
}

/** @throws PlatformError BACKUP_KEY for a text that is no recipient */
export function wrap(fileKey: Buffer, lock: Lock, logN = SCRYPT_LOG_N): Stanza[] {
  if ('passphrase' in lock) return [wrapForPassphrase(fileKey, lock.passphrase, logN)]
  return lock.recipients.map(recipient => wrapForRecipient(fileKey, recipient))
}

/** The file key, or null when nothing of what the reader has fits. @throws PlatformError BACKUP_KEY */
export function unwrap(stanzas: readonly Stanza[], unlock: Unlock): Buffer | null {
  for (const stanza of stanzas) {
    const key =
      stanza.args[0] === 'X25519' ? openWithIdentities(stanza, unlock.identities) : openWithPassphrase(stanza, unlock)
    if (key !== null) return key
  }
  return null
}

function wrapForRecipient(fileKey: Buffer, recipient: string): Stanza {
  const bytes = bytesOfBech32(RECIPIENT, recipient)
  if (bytes?.length !== 32)
    throw new PlatformError('BACKUP_KEY', `${recipient} is no age recipient: it begins with age1.`)
  const own = generateKeyPairSync('x25519')
  const share = rawOf(own.publicKey)
  const key = x25519Key({ own: own.privateKey, other: publicKey(bytes), share, recipient: bytes })
  return { args: ['X25519', base64(share)], body: sealKey(key, fileKey) }
}

function openWithIdentities({ args, body }: Stanza, identities: readonly string[]): Buffer | null {
  const share = Buffer.from(args[1] ?? '', 'base64')
  if (share.length !== 32) return null
  for (const identity of identities) {
    const bytes = bytesOfBech32(IDENTITY, identity)
    if (bytes?.length !== 32)
      throw new PlatformError('BACKUP_KEY', 'This is no age identity: it begins with AGE-SECRET-KEY-1.')
    const own = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, bytes]), format: 'der', type: 'pkcs8' })
    const recipient = rawOf(createPublicKey(own))
    const opened = openKey(x25519Key({ own, other: publicKey(share), share, recipient }), body)
    if (opened !== null) return opened
  }
  return null
}

function x25519Key(of: { own: KeyObject; other: KeyObject; share: Buffer; recipient: Buffer }): Buffer {
  const secret = diffieHellman({ privateKey: of.own, publicKey: of.other })
  return hkdf(secret, Buffer.concat([of.share, of.recipient]), X25519_INFO)
}

function wrapForPassphrase(fileKey: Buffer, passphrase: string, logN: number): Stanza {
  const salt = randomBytes(16)
  return { args: ['scrypt', base64(salt), String(logN)], body: sealKey(scryptKey(passphrase, salt, logN), fileKey) }
}

function openWithPassphrase({ args, body }: Stanza, { passphrase }: Unlock): Buffer | null {
  const logN = Number(args[2])
  if (args[0] !== 'scrypt' || passphrase === undefined) return null
  if (!(logN >= 1 && logN <= SCRYPT_MOST))
    throw new PlatformError('BACKUP_KEY', 'The passphrase of this file was made too costly to check.')
  return openKey(scryptKey(passphrase, Buffer.from(args[1] ?? '', 'base64'), logN), body)
}

const scryptKey = (passphrase: string, salt: Buffer, logN: number): Buffer =>
  scryptSync(passphrase, Buffer.concat([Buffer.from(SCRYPT_LABEL), salt]), 32, {
    N: 2 ** logN,
    r: 8,
    p: 1,
    maxmem: 2 ** logN * 1024 + 2 ** 26,
  })

function sealKey(key: Buffer, fileKey: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, NO_NONCE, { authTagLength: TAG })
  return Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
}

function openKey(key: Buffer, body: Buffer): Buffer | null {
  if (body.length !== 16 + TAG) return null
  const decipher = createDecipheriv('chacha20-poly1305', key, NO_NONCE, { authTagLength: TAG })
  decipher.setAuthTag(body.subarray(16))
  try {
    return Buffer.concat([decipher.update(body.subarray(0, 16)), decipher.final()])
  } catch {
    return null
  }
}

export const hkdf = (secret: Buffer, salt: Buffer, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, 32))

/** Base64 as age writes it: without padding. */
export const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

const publicKey = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC_DER, raw]), format: 'der', type: 'spki' })

const rawOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' }).subarray(PUBLIC_DER.length)
