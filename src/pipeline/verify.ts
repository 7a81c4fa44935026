import { bucketsOf, GROUPS, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Database } from '../platform/database.ts'
import { type ChainedRow, GENESIS, linkHash } from './chain.ts'

const LINKS_PER_PAGE = 500
/** Missing rows of one link that are named one by one. */
const MOST_NAMED = 100

export interface Tampering {
  readonly group: number
  /** Number of the chain link, or null when the head itself is wrong. */
  readonly n: number | null
  readonly pos: number | null
  readonly what: string
}

export interface Verified {
  readonly groups: number
  readonly links: number
  readonly rows: number
  readonly problems: readonly Tampering[]
}

interface Link {
  n: number
  pos_from: number
  pos_to: number
  prev: Buffer
  hash: Buffer
}

const LINKS = `
select n, pos_from, pos_to, prev, hash from chain where bucket = $1 and n > $2 order by n limit ${LINKS_PER_PAGE}`
const ROWS = `
select bucket, recorded_month, stream, seq, pos, type, v, actor, cause, occurred_at, recorded_at, known_at, body
from ledger where (bucket / 32) = $1 and pos between $2 and $3 and bucket = any($4::smallint[]) order by pos`
const HEAD = `select next_pos, chain_n, chain_hash from position where bucket = $1`
/** Whoever took a group gave it a head first. */
const OWNED = `select 1 from lease where bucket = $1`
const EXTRA = `
select count(*) filter (where pos >= $2) as n, min(pos) as pos, count(*) filter (where pos < 1) as fore
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
export async function verifyLedger(
  db: Database,
  progress: (rows: number, group: number) => void = () => {},
): Promise<Verified> {
  const total = { links: 0, rows: 0, problems: [] as Tampering[] }
  for (let group = 0; group < GROUPS; group++) {
    const part = await verifyGroup(db, group)
    total.links += part.links
    total.rows += part.rows
    total.problems.push(...part.problems)
    progress(total.rows, group)
  }
  total.problems.push(...(await strays(db)))
  return { groups: GROUPS, ...total }
}

async function strays(db: Database): Promise<Tampering[]> {
  const rows = (await db.query<{ bucket: number; pos: number }>(STRAY_ROWS)).rows
  const links = (await db.query<{ bucket: number; n: number }>(STRAY_LINKS)).rows
  const what = 'it was added where nothing is ever written'
  return [
    ...rows.map(r => ({ group: groupOf(r.bucket), n: null, pos: r.pos, what })),
    ...links.map(l => ({ group: groupOf(l.bucket), n: l.n, pos: null, what })),
  ]
}

async function verifyGroup(db: Database, group: number): Promise<Omit<Verified, 'groups'>> {
  const problems: Tampering[] = []
  const at = { n: 0, pos: 1, hash: GENESIS as Buffer, rows: 0 }
  let read = Number.MIN_SAFE_INTEGER
  // The head is read first: a running system may only add links behind it.
  const head = (await db.query<{ next_pos: number; chain_n: number; chain_hash: Buffer }>(HEAD, [homeBucketOf(group)]))
    .rows[0]
  for (;;) {
    const { rows: links } = await db.query<Link>(LINKS, [homeBucketOf(group), read])
    if (links.length === 0) break
    read = links.at(-1)!.n
    const from = links[0]!.pos_from
    const rows = await db.query<ChainedRow>(ROWS, [group, from, links.at(-1)!.pos_to, bucketsOf(group)])
    let next = 0
    for (const link of links) {
      const start = next
      while (next < rows.rows.length && rows.rows[next]!.pos <= link.pos_to) next++
      problems.push(...checkLink({ group, link, before: at, rows: rows.rows.slice(start, next) }))
      Object.assign(at, { n: link.n, pos: link.pos_to + 1, hash: link.hash })
    }
    at.rows += rows.rows.length
  }
  problems.push(...(await checkEnd(db, { group, at, head })))
  return { links: at.n, rows: at.rows, problems }
}

interface Check {
  readonly group: number
  readonly link: Link
  readonly before: { readonly n: number; readonly pos: number; readonly hash: Buffer }
  readonly rows: readonly ChainedRow[]
}

function checkLink({ group, link, before, rows }: Check): Tampering[] {
  const found: Tampering[] = []
  const name = (what: string, pos: number | null = null) => found.push({ group, n: link.n, pos, what })
  if (link.n <= before.n) name('a link was added')
  else if (link.n !== before.n + 1) name(`links ${before.n + 1} to ${link.n - 1} are missing`)
  else if (!link.prev.equals(before.hash)) name('the link does not continue the one before it')
  if (link.pos_from !== before.pos) name(`positions ${before.pos} to ${link.pos_from - 1} belong to no link`)
  const present = new Set(rows.map(r => r.pos))
  for (const pos of missing(link, present)) name('the row is missing', pos)
  if (link.pos_to - link.pos_from + 1 - present.size > MOST_NAMED)
    name(`rows up to position ${link.pos_to} are missing`)
  if (rows.length > link.pos_to - link.pos_from + 1) name('a row was added')
  if (found.length === 0 && !linkHash(link.prev, rows).equals(link.hash)) {
    const streams = [...new Set(rows.map(r => r.stream))].slice(0, 5).join(', ')
    name(`rows ${link.pos_from} to ${link.pos_to} were changed or reordered (streams ${streams})`, link.pos_from)
  }
  return found
}

/** Positions of the link without a row, the first of them by name: a link that was changed may span anything. */
function missing(link: Link, present: ReadonlySet<number>): number[] {
  const found: number[] = []
  for (let pos = link.pos_from; pos <= link.pos_to && found.length < MOST_NAMED; pos++)
    if (!present.has(pos)) found.push(pos)
  return found
}

async function checkEnd(
  db: Database,
  end: {
    group: number
    at: { n: number; pos: number; hash: Buffer }
    head: { next_pos: number; chain_n: number; chain_hash: Buffer } | undefined
  },
): Promise<Tampering[]> {
  const { group, at, head } = end
  const found: Tampering[] = []
  const name = (what: string, pos: number | null = null) => found.push({ group, n: null, pos, what })
  if (!head) {
    if (at.n > 0 || (await db.query(OWNED, [homeBucketOf(group)])).rows.length > 0)
      name('the head of the chain is missing')
  } else if (at.n < head.chain_n) name(`links ${at.n + 1} to ${head.chain_n} are missing at the end`)
  else if (at.n === head.chain_n && !at.hash.equals(head.chain_hash))
    name('the last link is not the one that was written last')
  const { rows } = await db.query<{ n: number; pos: number | null; fore: number }>(EXTRA, [
    group,
    at.pos,
    bucketsOf(group),
  ])
  if (rows[0]!.fore > 0) name('rows were added before the first link', rows[0]!.pos)
  // Rows behind the last link can only be those of a step that committed while we read.
  const now = (await db.query<{ next_pos: number }>(HEAD, [homeBucketOf(group)])).rows[0]
  if (rows[0]!.n > (now?.next_pos ?? 0) - at.pos) name('rows were added behind the last link', rows[0]!.pos)
  return found
}
