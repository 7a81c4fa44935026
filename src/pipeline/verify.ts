import { bucketsOf, GROUPS, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Database } from '../platform/database.ts'
import type { Sealer } from '../platform/seal.ts'
import { type ChainedRow, ledgerText } from './chain.ts'
import { generationOf } from './personal.ts'
import { loadSaltsFor, saltFor } from './salts.ts'
import {
  type ChainHead,
  checkChain,
  type KnownLink,
  type StoredChain,
  type StoredLink,
  type Tampering,
} from './verify-chain.ts'

export type { Tampering } from './verify-chain.ts'

export interface Verified {
  readonly groups: number
  readonly links: number
  readonly rows: number
  readonly problems: readonly Tampering[]
}

export interface VerifyOptions {
  /** Links of a group that anchors kept outside tell of. */
  readonly known?: (group: number) => readonly KnownLink[]
  readonly progress?: (rows: number, group: number) => void
}

const LINKS = `
select n, pos_from, pos_to, at, prev, hash from chain where bucket = $1 and n > $2 order by n limit $3`
const ROWS = `
select bucket, recorded_month, stream, seq, pos, type, v, actor, cause, occurred_at, recorded_at, known_at, body
from ledger where (bucket / 32) = $1 and pos between $2 and $3 and bucket = any($4::smallint[]) order by pos`
const HEAD = `select next_pos, chain_n, chain_hash from position where bucket = $1`
/** Whoever took a group gave it a head first. */
const OWNED = `select 1 from lease where bucket = $1`
const EXTRA = `
select count(*) filter (where pos >= $2) as behind, min(pos) as pos, count(*) filter (where pos < 1) as before
from ledger where (bucket / 32) = $1 and (pos >= $2 or pos < 1) and bucket = any($3::smallint[])`
// Integer division rounds towards zero, so that small negative buckets count as group 0.
const STRAY_ROWS = `
select /* every bucket: rows that stand where no group looks */ bucket, pos from ledger
where (bucket / 32) >= ${GROUPS} or (bucket / 32) < 0 or ((bucket / 32) = 0 and bucket < 0) limit 20`
const STRAY_LINKS = `
select /* every bucket: links that stand where no group looks */ bucket, n from chain
where bucket % 32 <> 0 or bucket < 0 or bucket >= 32 * ${GROUPS} limit 20`

/**
 * Recomputes the hash chain of every group over the stored rows, so that a changed, removed, added or reordered ledger
 * row, a changed link and a cut-off end are each found and named. Reads only; safe on a running system.
 */
export async function verifyLedger(db: Database, sealer: Sealer, options: VerifyOptions = {}): Promise<Verified> {
  const total = { links: 0, rows: 0, problems: [] as Tampering[] }
  for (let group = 0; group < GROUPS; group++) {
    const lost: Tampering[] = []
    const part = await checkChain(ledgerOf(db, group, lost), sealer, options.known?.(group))
    total.links += part.links
    total.rows += part.rows
    total.problems.push(...part.problems, ...lost)
    options.progress?.(total.rows, group)
  }
  total.problems.push(...(await strays(db)))
  return { groups: GROUPS, ...total }
}

async function strays(db: Database): Promise<Tampering[]> {
  const rows = (await db.query<{ bucket: number; pos: number }>(STRAY_ROWS)).rows
  const links = (await db.query<{ bucket: number; n: number }>(STRAY_LINKS)).rows
  const what = 'it was added where nothing is ever written'
  return [
    ...rows.map(r => ({ chain: 'ledger' as const, group: groupOf(r.bucket), n: null, pos: r.pos, what })),
    ...links.map(l => ({ chain: 'ledger' as const, group: groupOf(l.bucket), n: l.n, pos: null, what })),
  ]
}

/** An erasure leaves a mark where the salt was. What is sealed and has neither was taken from us, not erased by us. */
async function withoutSalt(db: Database, group: number, rows: readonly ChainedRow[]): Promise<Tampering[]> {
  const texts = rows.map(({ bucket, stream, body }) => ({ bucket, stream, stored: body }))
  const salts = await loadSaltsFor(db, texts)
  const found = new Map<string, Tampering>()
  for (const { stream, pos, body } of rows) {
    if (generationOf(body) === null || saltFor(salts, stream, body) !== undefined || found.has(stream)) continue
    const what = `the salt of stream ${stream} is gone, and no erasure tells of it`
    found.set(stream, { chain: 'ledger', group, n: null, pos, what })
  }
  return [...found.values()]
}

interface HeadRow {
  readonly next_pos: number
  readonly chain_n: number
  readonly chain_hash: Buffer
}

function ledgerOf(db: Database, group: number, lost: Tampering[]): StoredChain {
  const home = homeBucketOf(group)
  return {
    chain: 'ledger',
    group,
    removedTo: 0,
    head: async () => headOf((await db.query<HeadRow>(HEAD, [home])).rows[0]),
    links: async (after, limit) => (await db.query<StoredLink>(LINKS, [home, after, limit])).rows,
    rows: async (from, to) => {
      const { rows } = await db.query<ChainedRow>(ROWS, [group, from, to, bucketsOf(group)])
      lost.push(...(await withoutSalt(db, group, rows)))
      return rows.map(row => ({ pos: row.pos, text: ledgerText(row), name: `stream ${row.stream}` }))
    },
    outside: async pos => {
      const { rows } = await db.query<{ behind: number; before: number; pos: number | null }>(EXTRA, [
        group,
        pos,
        bucketsOf(group),
      ])
      return rows[0]!
    },
    expected: async () => (await db.query(OWNED, [home])).rows.length > 0,
  }
}

const headOf = (row: HeadRow | undefined): ChainHead | undefined =>
  row && { n: row.chain_n, nextPos: row.next_pos, hash: row.chain_hash }
