import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Sealer } from './seal.ts'

/** Ed25519 (RFC 8032) under a key that follows from the master secret: whoever has the public key can check. */
export interface Signer {
  /** 32 bytes, base64. */
  readonly publicKey: string
  sign(bytes: Uint8Array): string
}

// RFC 8410: the fixed beginnings of a private key (PKCS #8) and a public one (SPKI) of Ed25519; 32 bytes follow.
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex')

export function signerOf(sealer: Sealer, purpose: string): Signer {
  const seed = sealer.mac(purpose, Buffer.alloc(0))
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE, seed]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return {
    publicKey: spki.subarray(PUBLIC.length).toString('base64'),
    sign: bytes => sign(null, bytes, key).toString('base64'),
  }
}

/** False also for a key or a signature that is none. */
export function isSignedBy(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const key = publicKeyOf(publicKey)
  return key !== null && verify(null, bytes, key, Buffer.from(signature, 'base64'))
}

function publicKeyOf(text: string): KeyObject | null {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== 32) return null
  return createPublicKey({ key: Buffer.concat([PUBLIC, bytes]), format: 'der', type: 'spki' })
}
