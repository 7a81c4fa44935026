import { BUCKETS } from '../kernel/bucket.ts'
import type { Instant } from '../kernel/instant.ts'
import { FEED_PART } from '../modules/channels/index.ts'
import { KEPT_BACK, type SilentFeeds } from '../modules/rules/index.ts'
import type { Sql } from './sql.ts'

/** What a feed's stream tells of it; see `partOf` of the feed reactor. */
export interface FeedState {
  readonly name: string
  readonly heardAt: Instant
  readonly dueAt: Instant | null
  readonly silentSince: Instant | null
  readonly types: readonly string[]
}

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, bucket) => bucket)
const FEEDS = `select body from part where bucket = any($1::smallint[]) and kind = '${FEED_PART}' order by bucket limit 1000`
/** In the order of the key: the page goes on where the last one ended. */
const WAITING = `
select bucket, stream, part as feed from part
where bucket = any($1::smallint[]) and kind = '${KEPT_BACK}' and (bucket, stream) > ($2, $3)
order by bucket, stream limit 500`
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

  async refresh(sql: Sql): Promise<void> {
    const { rows } = await sql.query<{ body: string }>(FEEDS, [ALL_BUCKETS])
    // Safe: the feed reactor wrote it.
    this.feeds = rows.map(row => JSON.parse(row.body) as FeedState)
  }

  get all(): readonly FeedState[] {
    return this.feeds
  }

  isSilent(name: string, now: Instant): boolean {
    return this.feeds.some(f => f.name === name && isSilent(f, now))
  }

  silencing(types: readonly string[], channel: string, now: Instant): string | null {
    const found = this.feeds.find(f => isSilent(f, now) && speaksOf(f, channel) && sends(f, types))
    return found?.name ?? null
  }
}

const isSilent = ({ dueAt, silentSince }: FeedState, now: Instant): boolean =>
  silentSince !== null ? silentSince <= now : dueAt !== null && dueAt <= now

/** A shop speaks of its own orders; who places none, such as a carrier, of everybody's. */
const speaksOf = ({ name, types }: FeedState, channel: string): boolean =>
  name === channel || !types.includes('order.placed')

const sends = (feed: FeedState, wanted: readonly string[]): boolean =>
  wanted.some(type =>
    type.endsWith('*') ? feed.types.some(t => t.startsWith(type.slice(0, -1))) : feed.types.includes(type),
  )

/** Orders of these buckets of which something is kept back, page by page. */
export async function* keptBack(sql: Sql, buckets: readonly number[]): AsyncGenerator<readonly KeptBack[]> {
  let last = { bucket: -1, stream: '' }
  for (;;) {
    const { rows } = await sql.query<KeptBack>(WAITING, [buckets, last.bucket, last.stream])
    if (rows.length === 0) return
    yield rows
    last = rows.at(-1)!
  }
}

/** How many orders each feed keeps back. */
export async function countKeptBack(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ feed: string; n: number }>(COUNTS, [ALL_BUCKETS])
  return new Map(rows.map(r => [r.feed, r.n]))
}
