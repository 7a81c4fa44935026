import { type Anchor, anchorShape } from '../contract/anchor.ts'
import { GROUPS, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import { type Instant, isoOf } from '../kernel/instant.ts'
import { canonicalJson } from '../kernel/json.ts'
import { AUDIT_BUCKET } from '../modules/access/index.ts'
import type { Sealer } from '../platform/seal.ts'
import { isSignedBy, signerOf } from '../platform/sign.ts'
import { AUDIT_HEAD } from './sql/audit.ts'
import type { Sql } from './sql.ts'
import type { KnownLink } from './verify-chain.ts'

const POSITIONS = `
select bucket, next_pos, chain_n, chain_hash from position where bucket = any($1::smallint[]) order by bucket`
const PURPOSE = 'anchor key'

/** The newest link of each chain, signed. */
export async function takeAnchor(db: Sql, sealer: Sealer, at: Instant): Promise<Anchor> {
  type Position = { bucket: number; next_pos: number; chain_n: number; chain_hash: Buffer }
  const homes = Array.from({ length: GROUPS }, (_, group) => homeBucketOf(group))
  const { rows } = await db.query<Position>(POSITIONS, [homes])
  const ledgers = rows.map(row => ({
    chain: 'ledger' as const,
    group: groupOf(row.bucket),
    n: row.chain_n,
    pos: row.next_pos - 1,
    hash: row.chain_hash.toString('hex'),
  }))
  const trail = (await db.query<{ n: number; pos: number; hash: Buffer }>(AUDIT_HEAD, [AUDIT_BUCKET])).rows[0]
  const audit = trail && { chain: 'audit' as const, group: null, n: trail.n, pos: trail.pos - 1 }
  const signer = signerOf(sealer, PURPOSE)
  const unsigned = {
    andon: 'anchor' as const,
    v: 1 as const,
    at: isoOf(at),
    key: signer.publicKey,
    links: [...ledgers, ...(audit ? [{ ...audit, hash: trail.hash.toString('hex') }] : [])],
  }
  return { ...unsigned, signature: signer.sign(bytesOf(unsigned)) }
}

const bytesOf = (unsigned: Omit<Anchor, 'signature'>): Buffer => Buffer.from(canonicalJson(unsigned))

export type AnchorsRead = { readonly anchors: readonly Anchor[] } | { readonly wrong: string }

/** Reads a file of anchors, one a line, and checks that this world signed them. */
export function readAnchors(text: string, sealer: Sealer): AnchorsRead {
  const anchors: Anchor[] = []
  const ours = signerOf(sealer, PURPOSE).publicKey
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const parsed = anchorShape.safeParse(jsonOrNull(line))
    if (!parsed.success) return { wrong: `line ${i + 1} is no anchor` }
    const { signature, ...unsigned } = parsed.data
    if (unsigned.key !== ours)
      return { wrong: `line ${i + 1} is the anchor of another Andon, or of another master key` }
    if (!isSignedBy(ours, bytesOf(unsigned), signature))
      return { wrong: `line ${i + 1} was changed: its signature is wrong` }
    anchors.push(parsed.data)
  }
  return anchors.length === 0 ? { wrong: 'there is no anchor in it' } : { anchors }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What anchors tell of one chain. */
export const knownLinks = (anchors: readonly Anchor[], chain: 'ledger' | 'audit', group: number | null): KnownLink[] =>
  anchors.flatMap(({ at, links }) =>
    links.filter(l => l.chain === chain && l.group === group).map(({ n, pos, hash }) => ({ n, pos, hash, at })),
  )
