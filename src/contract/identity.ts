import { digest26 } from '../kernel/hash.ts'
import type { StreamId, StreamKind } from './stream.ts'

const LETTER: Record<StreamKind, string> = { order: 'o', feed: 'f', system: 's' }
const KIND: Record<string, StreamKind> = { o: 'order', f: 'feed', s: 'system' }

/**
 * The id of the stream that a key creates. Deterministic, so that the same order sent twice, by two nodes or after a
 * restore, is the same stream; a merge re-points keys and never renames.
 */
export const streamIdOf = (kind: StreamKind, keyKind: string, keyValue: string): StreamId =>
  `${LETTER[kind]}-${digest26(kind, keyKind, keyValue)}`

/** The kind of a well-formed stream id, or null. */
export function kindOfStream(id: string): StreamKind | null {
  return /^[a-z]-[0-9a-hjkmnp-tv-z]{26}$/.test(id) ? (KIND[id[0]!] ?? null) : null
}
