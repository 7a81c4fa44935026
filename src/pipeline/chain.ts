import { createHash } from 'node:crypto'

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

export const GENESIS = Buffer.alloc(32)

/** SHA-256 over the previous link and every column of the step's rows of one group, in order of position. */
export function linkHash(prev: Uint8Array, rows: readonly ChainedRow[]): Buffer {
  const hash = createHash('sha256').update(prev)
  let text = ''
  for (const r of rows) {
    text += `${r.pos}\x1f${r.bucket}\x1f${r.recorded_month}\x1f${r.stream}\x1f${r.seq}\x1f${r.type}\x1f${r.v}\x1f`
    text += `${r.actor}\x1f${r.cause ?? '\x00'}\x1f${r.occurred_at}\x1f${r.recorded_at}\x1f${r.known_at}\x1f${r.body}\x1e`
  }
  return hash.update(text).digest()
}
