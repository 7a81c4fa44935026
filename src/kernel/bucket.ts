/** Number of slices of all streams. Frozen for ever: ids, keys and stored rows depend on it. */
export const BUCKETS = 1024
/** Bucket groups: the unit of ownership, of ledger positions and of the hash chain. Frozen as well. */
export const GROUPS = 32
export const BUCKETS_PER_GROUP = BUCKETS / GROUPS

/**
 * Bucket of a text: FNV-1a (32 bit) over its UTF-8 bytes, folded and masked to 0..1023.
 * Source: draft-eastlake-fnv. Frozen: `bucket.test.ts` holds golden vectors.
 */
export function bucketOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) hash = Math.imul(hash ^ code, 0x01000193)
    else return fnvBytes(Buffer.from(text, 'utf8'))
  }
  return fold(hash)
}

function fnvBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return fold(hash)
}

// The low bits of FNV are its weak ones; folding the high half in spreads short ids better.
const fold = (hash: number): number => ((hash >>> 16) ^ hash) & (BUCKETS - 1)

export const groupOf = (bucket: number): number => Math.floor(bucket / BUCKETS_PER_GROUP)
/** The bucket that carries a group's own rows (lease, chain), so that they live in the group's shard. */
export const homeBucketOf = (group: number): number => group * BUCKETS_PER_GROUP
export const bucketsOf = (group: number): number[] =>
  Array.from({ length: BUCKETS_PER_GROUP }, (_, i) => homeBucketOf(group) + i)
