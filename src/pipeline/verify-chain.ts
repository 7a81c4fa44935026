import type { Sealer } from '../platform/seal.ts'
import { GENESIS, type LinkHead, linkHash } from './chain.ts'

/** Missing rows of one link that are named one by one. */
const MOST_NAMED = 100
const LINKS_PER_PAGE = 500
/** Positions that one page of links may span; the rows of a page are held in memory. */
const SPAN_PER_PAGE = 20_000
/** More rows than any step writes: 256 messages of at most 200 facts each. What spans more was changed. */
const MOST_SPAN = 64_000

/** One thing that is not as it was written. `chain` is `ledger` with its bucket group, or `audit`. */
export interface Tampering {
  readonly chain: 'ledger' | 'audit'
  readonly group: number | null
  /** Number of the chain link, or null when no link tells. */
  readonly n: number | null
  readonly pos: number | null
  readonly what: string
}

export interface StoredLink extends LinkHead {
  readonly prev: Buffer
  readonly hash: Buffer
}

/** A row of a chain: its place, the text that was hashed, and what people call it. */
export interface LinkedRow {
  readonly pos: number
  readonly text: string
  readonly name: string
}

export interface ChainHead {
  readonly n: number
  readonly nextPos: number
  readonly hash: Buffer
}

/** A chain of rows in the database, read in pages. */
export interface StoredChain {
  readonly chain: Tampering['chain']
  readonly group: number | null
  head(): Promise<ChainHead | undefined>
  /** Links of a number above `after`, by number, at most `limit`. */
  links(after: number, limit: number): Promise<readonly StoredLink[]>
  /** Rows of the positions, by position. */
  rows(from: number, to: number): Promise<readonly LinkedRow[]>
  /** How many rows stand at `pos` and behind it, or before the first position; and the first of them. */
  outside(pos: number): Promise<{ readonly behind: number; readonly before: number; readonly pos: number | null }>
  /** Whether a head must exist. */
  expected(): Promise<boolean>
  /** Rows up to this position were removed for a reason that is itself proven: their links remain. */
  readonly removedTo: number
}

export interface Checked {
  readonly links: number
  readonly rows: number
  readonly problems: readonly Tampering[]
}

/** An earlier link, as an anchor kept outside tells it. */
export interface KnownLink {
  readonly n: number
  readonly pos: number
  readonly hash: string
  readonly at: string
}

interface Place {
  n: number
  pos: number
  hash: Buffer
}

/** Recomputes a chain over its stored rows, and holds it against links that were known before. */
export async function checkChain(
  chain: StoredChain,
  sealer: Sealer,
  known: readonly KnownLink[] = [],
): Promise<Checked> {
  const at: Place = { n: 0, pos: 1, hash: GENESIS }
  const problems: Tampering[] = []
  const { chain: kind, group } = chain
  const name = (what: string, n: number | null, pos: number | null = null): void => {
    problems.push({ chain: kind, group, n, pos, what })
  }
  let rows = 0
  const unseen = Map.groupBy(known, k => k.n)
  // The head is read first: a running system may only add links behind it.
  const head = await chain.head()
  for await (const { links, rows: page } of pagesOf(chain)) {
    let next = 0
    for (const link of links) {
      const start = next
      while (next < page.length && page[next]!.pos <= link.pos_to) next++
      for (const [what, pos] of checkLink({ chain, sealer, link, before: at, rows: page.slice(start, next) }))
        name(what, link.n, pos)
      for (const anchor of unseen.get(link.n) ?? [])
        if (anchor.hash !== link.hash.toString('hex')) name(notAnchored(anchor), link.n, anchor.pos)
      unseen.delete(link.n)
      Object.assign(at, { n: link.n, pos: link.pos_to + 1, hash: link.hash })
    }
    rows += page.length
  }
  for (const [n, [anchor]] of unseen)
    if (n > 0) name(`the link that the anchor of ${anchor?.at} tells of is gone: the end was cut off`, n)
  for (const [what, pos] of await checkEnd(chain, at, head)) name(what, null, pos)
  return { links: at.n, rows, problems }
}

const notAnchored = (anchor: KnownLink): string => `the link is not the one that the anchor of ${anchor.at} tells of`

type Named = readonly [what: string, pos: number | null]

/** Links in pages of few positions, each with its rows. A link that spans too much has none, and is named. */
async function* pagesOf(
  chain: StoredChain,
): AsyncGenerator<{ readonly links: readonly StoredLink[]; readonly rows: readonly LinkedRow[] }> {
  for (let read = Number.MIN_SAFE_INTEGER; ; ) {
    const links = await chain.links(read, LINKS_PER_PAGE)
    if (links.length === 0) return
    read = links.at(-1)!.n
    for (const page of spans(links)) {
      const [first, last] = [page[0]!, page.at(-1)!]
      const rows = isSpan(first.pos_from, last.pos_to) ? await chain.rows(first.pos_from, last.pos_to) : []
      yield { links: page, rows }
    }
  }
}

const isSpan = (from: number, to: number): boolean => to >= from && to - from < SPAN_PER_PAGE + MOST_SPAN

function spans(links: readonly StoredLink[]): StoredLink[][] {
  const pages: StoredLink[][] = []
  let page: StoredLink[] = []
  for (const link of links) {
    const from = page[0]?.pos_from ?? link.pos_from
    // A link that does not follow the one before it begins a page: between them may lie anything.
    const follows = page.length === 0 || link.pos_from === page.at(-1)!.pos_to + 1
    if (page.length > 0 && (!follows || link.pos_to - from >= SPAN_PER_PAGE)) {
      pages.push(page)
      page = []
    }
    page.push(link)
  }
  pages.push(page)
  return pages
}

interface Check {
  readonly chain: StoredChain
  readonly sealer: Sealer
  readonly link: StoredLink
  readonly before: Place
  readonly rows: readonly LinkedRow[]
}

function checkLink({ chain, sealer, link, before, rows }: Check): Named[] {
  const found: Named[] = []
  const span = link.pos_to - link.pos_from + 1
  if (link.n <= before.n) found.push(['a link was added', null])
  else if (link.n !== before.n + 1) found.push([`links ${before.n + 1} to ${link.n - 1} are missing`, null])
  else if (!link.prev.equals(before.hash)) found.push(['the link does not continue the one before it', null])
  if (link.pos_from !== before.pos)
    found.push([`the link does not begin at position ${before.pos}, where the one before it ends`, null])
  if (span < 1 || span > MOST_SPAN) return [...found, [`the link spans ${span} positions, which none does`, null]]
  // Kept for the proof of what comes after it.
  if (link.pos_to <= chain.removedTo && rows.length === 0) return found
  found.push(...missingRows(link, rows))
  if (rows.length > span) found.push(['a row was added', link.pos_from])
  if (found.length > 0) return found
  const hash = linkHash(sealer, `${chain.chain} chain`, { head: link, prev: link.prev, rows: rows.map(r => r.text) })
  if (hash.equals(link.hash)) return found
  const names = [...new Set(rows.map(r => r.name))].slice(0, 5).join(', ')
  const { pos_from, pos_to } = link
  return [[`rows ${pos_from} to ${pos_to} were changed or reordered, or their link was (${names})`, pos_from]]
}

function missingRows(link: StoredLink, rows: readonly LinkedRow[]): Named[] {
  const present = new Set(rows.map(r => r.pos))
  const found: Named[] = []
  for (let pos = link.pos_from; pos <= link.pos_to && found.length < MOST_NAMED; pos++)
    if (!present.has(pos)) found.push(['the row is missing', pos])
  if (link.pos_to - link.pos_from + 1 - present.size > MOST_NAMED)
    found.push([`rows up to position ${link.pos_to} are missing`, null])
  return found
}

async function checkEnd(chain: StoredChain, at: Place, head: ChainHead | undefined): Promise<Named[]> {
  const found: Named[] = []
  if (!head) {
    if (at.n > 0 || (await chain.expected())) found.push(['the head of the chain is missing', null])
  } else if (at.n < head.n) found.push([`links ${at.n + 1} to ${head.n} are missing at the end`, null])
  else if (at.n === head.n && !at.hash.equals(head.hash))
    found.push(['the last link is not the one that was written last', null])
  else if (at.n === head.n && at.pos !== head.nextPos)
    found.push([`the head says that position ${head.nextPos} comes next, the last link says ${at.pos}`, null])
  const outside = await chain.outside(at.pos)
  if (outside.before > 0) found.push(['rows were added before the first link', outside.pos])
  // Rows behind the last link can only be those of a step that committed while we read.
  const now = await chain.head()
  if (outside.behind > (now?.nextPos ?? 0) - at.pos) found.push(['rows were added behind the last link', outside.pos])
  return found
}
