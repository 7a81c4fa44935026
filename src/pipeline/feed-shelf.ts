import { BUCKETS } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import { FEED_PART, KEEPS_MOST, SETTLING } from '../modules/channels/index.ts'
import { KEPT_BACK, type KnownOrder, type SilentFeeds } from '../modules/rules/index.ts'
import type { Outage } from './outage.ts'
import type { Sql } from './sql.ts'

/** What a feed's stream tells of it; see `partOf` of the feed reactor. */
export interface FeedState {
  readonly name: string
  readonly heardAt: Instant
  readonly dueAt: Instant | null
  readonly silentSince: Instant | null
  /** Until when its silence keeps something back. */
  readonly keepsUntil?: Instant | null
  readonly types: readonly string[]
  /** When no process of ours ran, the last time. */
  readonly deaf?: Outage | null
}

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, bucket) => bucket)
const PAGE = 500
/** Both in the order of the key: the page goes on where the last one ended. */
const FEEDS = `
select bucket, stream, body from part
where bucket = any($1::smallint[]) and kind = '${FEED_PART}' and (bucket, stream) > ($2, $3)
order by bucket, stream limit ${PAGE}`
/** An order has a row for every feed that keeps something of it back. */
const WAITING = `
select bucket, stream, part as feed from part
where bucket = any($1::smallint[]) and kind = '${KEPT_BACK}' and (bucket, stream, part) > ($2, $3, $4)
order by bucket, stream, part limit ${PAGE}`
const COUNTS = `
select part as feed, count(*) as n from part
where bucket = any($1::smallint[]) and kind = '${KEPT_BACK}' group by part`

export interface KeptBack {
  readonly bucket: number
  readonly stream: string
  readonly feed: string
}

/**
 * Which feeds are silent, for the rules. A feed that is not heard of in time is silent from that instant on, before its
 * own stream has said so: what is known a little late errs on the side of keeping back.
 */
export class FeedShelf implements SilentFeeds {
  private feeds: readonly FeedState[] = []
  private outage: Outage | null = null

  get names(): readonly string[] {
    return this.feeds.map(({ name }) => name)
  }

  /** This process is the first after an outage; the streams of the feeds have yet to say so. */
  missed(outage: Outage): void {
    this.outage = outage
  }

  async refresh(sql: Sql): Promise<void> {
    const feeds: FeedState[] = []
    for (let last = { bucket: -1, stream: '' }, isFull = true; isFull; ) {
      const values = [ALL_BUCKETS, last.bucket, last.stream]
      const { rows } = await sql.query<{ bucket: number; stream: string; body: string }>(FEEDS, values)
      // Safe: the feed reactor wrote it.
      feeds.push(...rows.map(row => JSON.parse(row.body) as FeedState))
      isFull = rows.length === PAGE
      last = rows.at(-1) ?? last
    }
    this.feeds = feeds
  }

  isSilent(name: string, now: Instant): boolean {
    return this.feeds.some(f => f.name === name && this.isMute(f, now))
  }

  silencing(types: readonly string[], order: KnownOrder, now: Instant): string | null {
    const found = this.feeds.find(f => this.isMute(f, now) && speaksOf(f, order) && sends(f, types))
    return found?.name ?? null
  }

  /** Silent, or not heard by us: what it said in an outage may still be on its way. */
  private isMute(feed: FeedState, now: Instant): boolean {
    return isSilent(feed, now) || [feed.deaf, this.outage].some(outage => outage != null && isMissing(outage, now))
  }
}

const isMissing = ({ from, until }: Outage, now: Instant): boolean => from <= now && now < until + SETTLING

function isSilent({ dueAt, silentSince, keepsUntil }: FeedState, now: Instant): boolean {
  const from = silentSince ?? dueAt
  // Written by a release that set no limit.
  return from !== null && from <= now && now < (keepsUntil ?? from + KEEPS_MOST)
}

/** A shop speaks of its own orders, any other feed of those that it has spoken of before. */
const speaksOf = ({ name }: FeedState, { channel, heardFrom }: KnownOrder): boolean =>
  name === channel || heardFrom.includes(name)

const sends = (feed: FeedState, wanted: readonly string[]): boolean =>
  wanted.some(type =>
    type.endsWith('*') ? feed.types.some(t => t.startsWith(type.slice(0, -1))) : feed.types.includes(type),
  )

/** Orders of these buckets of which something is kept back, page by page. */
export async function* keptBack(sql: Sql, buckets: readonly number[]): AsyncGenerator<readonly KeptBack[]> {
  for (let last = { bucket: -1, stream: '', feed: '' }, isFull = true; isFull; ) {
    const { rows } = await sql.query<KeptBack>(WAITING, [buckets, last.bucket, last.stream, last.feed])
    if (rows.length > 0) yield rows
    isFull = rows.length === PAGE
    last = rows.at(-1) ?? last
  }
}

/** How many orders each feed keeps back. */
export async function countKeptBack(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ feed: string; n: number }>(COUNTS, [ALL_BUCKETS])
  return new Map(rows.map(r => [r.feed, r.n]))
}
