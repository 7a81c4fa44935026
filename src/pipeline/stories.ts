import type { Fact } from '../contract/stream.ts'
import type { Database } from '../platform/database.ts'
import { storyOf } from './backtest/story.ts'
import { storyText } from './backtest/story-text.ts'
import { type LoadDeps, openFactsMasked, type TailRow } from './load.ts'
import { orderFold, STORY_FORM } from './reactors.ts'
import { jsonRows, type Sql } from './sql.ts'

/** Which orders of a page have a story already. One probe per stream. */
const KNOWN_STORIES = `
select t.stream from json_to_recordset($1) as r(b smallint, s text)
join story t on t.bucket = r.b and t.stream = r.s`

/** Whole ledgers of some streams. */
export const READ_LEDGERS = `
select l.bucket, l.stream, l.seq, l.pos, l.type, l.v, l.actor, l.cause, l.occurred_at, l.recorded_at, l.known_at, l.body
from json_to_recordset($1) as r(b smallint, s text)
join head h on h.bucket = r.b and h.stream = r.s
join ledger l on l.bucket = r.b and l.stream = r.s and l.recorded_month >= h.born_month
order by l.bucket, l.stream, l.seq`

export const WRITE_STORIES = `
insert into story as t (bucket, stream, placed_at, ended_at, version, form, body)
select b, s, p, e, v, f, convert_to(j, 'UTF8')
from json_to_recordset($1) as r(b smallint, s text, p bigint, e bigint, v integer, f smallint, j text)
on conflict (bucket, stream) do update set placed_at = excluded.placed_at, ended_at = excluded.ended_at,
  version = excluded.version, form = excluded.form, body = excluded.body
where t.version < excluded.version or t.form <> excluded.form`

const OUTDATED = `select bucket, stream from story where bucket = any($1::smallint[]) and form <> $2 limit 200`

export interface StreamKey {
  readonly bucket: number
  readonly stream: string
}

/** The ledger of a stream as far as it was read, whole from its first fact. */
interface Told {
  readonly bucket: number
  readonly facts: readonly Fact[]
}

const ENDS: ReadonlySet<string> = new Set(['parcel.delivered', 'order.cancelled', 'parcel.returned_to_sender'])

/**
 * The story of each order that ended in this page, or before it: what back-tests read, one row an order. What comes
 * after the end belongs to the story, so that it does not depend on when the follower looked.
 */
export async function packStories(
  db: Sql,
  loads: LoadDeps,
  seen: readonly { readonly row: TailRow; readonly fact: Fact }[],
): Promise<object[]> {
  const pages = Map.groupBy(
    seen.map(s => s.row),
    row => row.stream,
  )
  const ended = new Set(seen.filter(s => ENDS.has(s.fact.type)).map(s => s.row.stream))
  // An order that begins in this page has no story yet, and the page holds all of it that was written so far; what is
  // written later is told by a later page.
  const whole = [...pages.values()].filter(rows => rows[0]!.seq === 1)
  const parts = [...pages.values()].flatMap(rows => (rows[0]!.seq === 1 ? [] : [rows[0]!]))
  for (const stream of await toldBefore(db, parts)) ended.add(stream)
  const read = await readLedgers(
    db,
    loads,
    parts.filter(row => ended.has(row.stream)),
  )
  const here = whole
    .filter(rows => ended.has(rows[0]!.stream))
    .map((rows): [string, Told] => [rows[0]!.stream, { bucket: rows[0]!.bucket, facts: openFactsMasked(loads, rows) }])
  return storyRows([...here, ...read])
}

async function toldBefore(db: Sql, streams: readonly StreamKey[]): Promise<string[]> {
  if (streams.length === 0) return []
  const asked = jsonRows(streams.map(row => ({ b: row.bucket, s: row.stream })))
  const { rows } = await db.query<{ stream: string }>(KNOWN_STORIES, [asked])
  return rows.map(row => row.stream)
}

/** Tells anew up to a page of stories that were told of other facts than this release has; returns how many. */
export async function retellStories(db: Database, loads: LoadDeps, buckets: readonly number[]): Promise<number> {
  const { rows } = await db.query<StreamKey>(OUTDATED, [buckets, STORY_FORM])
  if (rows.length > 0) await db.query(WRITE_STORIES, [jsonRows(storyRows([...(await readLedgers(db, loads, rows))]))])
  return rows.length
}

/** Ledgers of streams, whole and in order; personal fields stay sealed, since no rule reads them. */
export async function readLedgers(db: Sql, loads: LoadDeps, keys: readonly StreamKey[]): Promise<Map<string, Told>> {
  const found = new Map<string, { bucket: number; facts: Fact[] }>()
  if (keys.length === 0) return found
  const ask = jsonRows(keys.map(k => ({ b: k.bucket, s: k.stream })))
  const { rows } = await db.query<TailRow>(READ_LEDGERS, [ask])
  const facts = openFactsMasked(loads, rows)
  rows.forEach((row, i) => {
    const known = found.get(row.stream)
    if (known) known.facts.push(facts[i]!)
    else found.set(row.stream, { bucket: row.bucket, facts: [facts[i]!] })
  })
  return found
}

const storyRows = (told: readonly (readonly [string, Told])[]): object[] =>
  told.map(([stream, { bucket, facts }]) => ({
    b: bucket,
    s: stream,
    p: facts.find(f => f.type === 'order.placed')?.occurredAt ?? null,
    e: facts.findLast(f => ENDS.has(f.type))?.occurredAt ?? facts.at(-1)!.occurredAt,
    v: facts.at(-1)!.seq,
    f: STORY_FORM,
    j: storyText(storyOf(facts, orderFold)),
  }))
