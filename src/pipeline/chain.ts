import { createHash } from 'node:crypto'
import type { Sealer } from '../platform/seal.ts'

/** The stored columns of one ledger row that the chain covers: all of them. */
export interface ChainedRow {
  readonly bucket: number
  readonly recorded_month: number
  readonly stream: string
  readonly seq: number
  readonly pos: number
  readonly type: string
  readonly v: number
  readonly actor: string
  readonly cause: string | null
  readonly occurred_at: number
  readonly recorded_at: number
  readonly known_at: number
  /** The stored JSON text, byte for byte. */
  readonly body: string
}

/** What a link says of itself; all of it is hashed. */
export interface LinkHead {
  readonly n: number
  readonly pos_from: number
  readonly pos_to: number
  readonly at: number
}

export const GENESIS = Buffer.alloc(32)

/**
 * A row as the text that is hashed: JSON, so that no value can pretend to be two. By hand:
 * the body is JSON text already and is hashed byte for byte as it is stored.
 */
export const ledgerText = (r: ChainedRow): string =>
  `{"b":${r.bucket},"m":${r.recorded_month},"s":${JSON.stringify(r.stream)},"q":${r.seq},"p":${r.pos},` +
  `"t":${JSON.stringify(r.type)},"v":${r.v},"a":${JSON.stringify(r.actor)},"c":${JSON.stringify(r.cause)},` +
  `"o":${r.occurred_at},"r":${r.recorded_at},"k":${r.known_at},"j":${r.body}}`

/**
 * The hash of a link: over the previous link, what the link says of itself, and the texts of its rows in order of
 * position. Keyed: who has the database and not the master secret can compute none (HMAC-SHA-256 over SHA-256, a purpose
 * for each kind of chain).
 */
export function linkHash(
  sealer: Sealer,
  purpose: 'ledger chain' | 'audit chain',
  link: { readonly head: LinkHead; readonly prev: Uint8Array; readonly rows: readonly string[] },
): Buffer {
  const { n, pos_from, pos_to, at } = link.head
  const digest = createHash('sha256').update(link.prev).update(`[${n},${pos_from},${pos_to},${at}]`)
  return sealer.mac(purpose, digest.update(link.rows.join('')).digest())
}
