import { bucketsOf } from '../../kernel/bucket.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { LoadDeps } from '../load.ts'
import { orderFold, STORY_FORM } from '../reactors.ts'
import type { Sql } from '../sql.ts'
import { readLedgers, type StreamKey } from '../stories.ts'
import { type Story, storyOf } from './story.ts'
import { storyIn } from './story-text.ts'

/** One order of history. */
export interface Told {
  readonly stream: string
  readonly story: Story
}

const STORIES_A_PAGE = 2000
const LEDGERS_A_PAGE = 300

/** On the key; the text is made by the server, since bytes would come twice as long. */
const STORIES = `
select bucket, stream, convert_from(body, 'UTF8') as body from story
where bucket = any($1::smallint[]) and (bucket, stream) > ($2, $3) and form = $4 and (placed_at is null or placed_at < $5)
order by bucket, stream limit ${STORIES_A_PAGE}`

/** Orders without a story that this release can read: those that are open, and those that the follower has yet to tell. */
const UNTOLD = `
select o.bucket, o.stream from order_row o
left join story s on s.bucket = o.bucket and s.stream = o.stream and s.form = $4
where o.bucket = any($1::smallint[]) and (o.bucket, o.stream) > ($2, $3) and s.stream is null
  and (o.placed_at is null or o.placed_at < $5)
order by o.bucket, o.stream limit ${LEDGERS_A_PAGE}`

const START: StreamKey = { bucket: -1, stream: '' }

/**
 * The orders of a bucket group that were placed before `until`, page by page: ended ones from their stories, the others
 * from their ledgers. The next page is read while one is worked on. Stories are told meanwhile: what has none yet is
 * read first, so that an order whose story comes in between is not left out, and it is not taken twice.
 */
export async function* ordersOf(db: Sql, loads: LoadDeps, of: Wanted): AsyncGenerator<readonly Told[]> {
  const taken = new Set<string>()
  for await (const page of ahead(last => ledgerPage(db, loads, { ...of, last }))) {
    for (const { stream } of page) taken.add(stream)
    yield page
  }
  for await (const page of ahead(last => storyPage(db, { ...of, last })))
    yield page.filter(({ stream }) => !taken.has(stream))
}

interface Wanted {
  readonly group: number
  readonly until: Instant
  /** Facts that are looked at; all of them when left out. See `storyIn`. */
  readonly reads?: readonly string[]
}

interface Asked extends Wanted {
  readonly last: StreamKey
}

interface PageOf {
  readonly told: readonly Told[]
  readonly last: StreamKey | null
}

const valuesOf = ({ group, until, last }: Asked): unknown[] => [
  bucketsOf(group),
  last.bucket,
  last.stream,
  STORY_FORM,
  until,
]

async function storyPage(db: Sql, asked: Asked): Promise<PageOf> {
  const { rows } = await db.query<StreamKey & { body: string }>(STORIES, valuesOf(asked))
  return { told: rows.map(r => ({ stream: r.stream, story: storyIn(r.body, asked.reads) })), last: rows.at(-1) ?? null }
}

async function ledgerPage(db: Sql, loads: LoadDeps, asked: Asked): Promise<PageOf> {
  const { rows } = await db.query<StreamKey>(UNTOLD, valuesOf(asked))
  const ledgers = await readLedgers(db, loads, rows)
  const told = [...ledgers].map(([stream, { facts }]) => ({ stream, story: storyOf(facts, orderFold) }))
  return { told, last: rows.at(-1) ?? null }
}

async function* ahead(read: (last: StreamKey) => Promise<PageOf>): AsyncGenerator<readonly Told[]> {
  let page = await read(START)
  while (page.last !== null) {
    const next = read(page.last)
    // Who stops reading must not leave a rejection that nobody sees.
    next.catch(() => {})
    yield page.told
    page = await next
  }
}
