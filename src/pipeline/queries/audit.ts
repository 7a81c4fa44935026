import { sql as raw, type SqlBool } from 'kysely'
import { type AuditOutcome, type AuditSubject, COMMAND_SENT } from '../../contract/audit.ts'
import type { Instant } from '../../kernel/instant.ts'
import { AUDIT_BUCKET } from '../../modules/access/index.ts'
import type { Sql } from '../sql.ts'
import { build, type Page, run } from './build.ts'
import { COUNT_LIMIT, countOf } from './count.ts'
import type { ActRowTable, AuditTable } from './tables.ts'

export type { AuditSubject }

export interface AuditFilter {
  readonly source?: 'trail' | 'ledger'
  /** Whole, or with a star at the end. */
  readonly actor?: string
  /** Whole, or with a star at the end. */
  readonly verb?: readonly string[]
  readonly subjectKind?: string
  readonly subject?: string
  readonly outcome?: readonly AuditOutcome[]
  readonly code?: readonly string[]
  readonly address?: string
  readonly from?: Instant
  /** Exclusive. */
  readonly to?: Instant
  /** A text anywhere in the entry. */
  readonly q?: string
  /** What `q` means besides: entries of these fit as well. */
  readonly means?: Meaning
  /** The subject has this id, or is one of these. */
  readonly about?: { readonly id: string; readonly subjects: readonly AuditSubject[] }
}

export interface Meaning {
  readonly actors: readonly string[]
  readonly subjects: readonly AuditSubject[]
  readonly verbs: readonly string[]
}

/** An entry of the trail, or what the ledger tells of a deed on a stream. */
export type Deed =
  | { readonly source: 'trail'; readonly at: Instant; readonly key: string; readonly row: AuditTable }
  | { readonly source: 'ledger'; readonly at: Instant; readonly key: string; readonly row: ActRowTable }

/** Where a page ended. Of one instant the trail comes first; its ids go down, the keys of ledger rows go up. */
export interface DeedPlace {
  readonly at: Instant
  readonly source: Deed['source']
  readonly key: string
}

/** A text is looked for in so many entries a page: no index serves it. */
const LOOK = 20_000

/** The newest first. With `q` a page may be short and still not the last. */
export async function listDeeds(
  sql: Sql,
  filter: AuditFilter,
  page: { readonly limit: number; readonly after: DeedPlace | null },
): Promise<Page<Deed, DeedPlace>> {
  const parts = [await trailPart(sql, filter, page), await ledgerPart(sql, filter, page)]
  // What lies behind the place where one of them stopped looking belongs to the next page.
  const edge = parts.reduce<DeedPlace | null>((first, { edge }) => earlier(first, edge), null)
  const found = parts
    .flatMap(part => part.deeds)
    .filter(deed => edge === null || order(deed, edge) <= 0)
    .sort(order)
  const rows = found.slice(0, page.limit)
  if (found.length > page.limit) return { rows, next: placeOf(rows.at(-1)!) }
  return { rows, next: edge }
}

export async function countDeeds(sql: Sql, filter: AuditFilter): Promise<number> {
  const one = raw`1`.as('one')
  const trail = filter.source === 'ledger' ? 0 : await countOf(sql, trailOf(filter).select(one).limit(COUNT_LIMIT))
  const acts = filter.source === 'trail' ? 0 : await countOf(sql, actsOf(filter).select(one).limit(COUNT_LIMIT))
  return Math.min(trail + acts, COUNT_LIMIT)
}

export async function findDeed(sql: Sql, id: string): Promise<Deed | null> {
  const query = build.selectFrom('audit').selectAll().where('bucket', '=', AUDIT_BUCKET).where('id', '=', id)
  const row = (await run(sql, query))[0]
  return row ? trailDeed(row) : null
}

const placeOf = ({ at, source, key }: Deed): DeedPlace => ({ at, source, key })

/** Negative when `a` comes before `b`, that is, when it is newer. */
function order(a: DeedPlace, b: DeedPlace): number {
  if (a.at !== b.at) return b.at - a.at
  if (a.source !== b.source) return a.source === 'trail' ? -1 : 1
  if (a.key === b.key) return 0
  return a.key < b.key === (a.source === 'ledger') ? -1 : 1
}

const earlier = (a: DeedPlace | null, b: DeedPlace | null): DeedPlace | null =>
  a === null || (b !== null && order(b, a) < 0) ? b : a

interface Part {
  readonly deeds: readonly Deed[]
  /** The last entry that was looked at, when there are more behind it. */
  readonly edge: DeedPlace | null
}
const NOTHING: Part = { deeds: [], edge: null }
type Asked = { readonly limit: number; readonly after: DeedPlace | null }

const trailDeed = (row: AuditTable): Deed => ({ source: 'trail', at: row.at, key: row.id, row })
// Numbers of one stream sort as text when they are written with the same length.
const actDeed = (row: ActRowTable): Deed => ({
  ...{ source: 'ledger', at: row.at, row },
  key: `${row.stream}:${String(row.seq).padStart(10, '0')}`,
})

// ---- the trail ----

async function trailPart(sql: Sql, filter: AuditFilter, { limit, after }: Asked): Promise<Part> {
  if (filter.source === 'ledger') return NOTHING
  let query = trailOf(filter)
  if (after) {
    query = query.where('at', '<=', after.at)
    if (after.source === 'trail') query = query.where(e => e.or([e('at', '<', after.at), e('id', '<', after.key)]))
    else query = query.where('at', '<', after.at)
  }
  const sorted = query.orderBy('at', 'desc').orderBy('id', 'desc')
  if (filter.q === undefined) {
    return { deeds: (await run(sql, sorted.selectAll().limit(limit + 1))).map(trailDeed), edge: null }
  }
  const looked = sorted.selectAll().limit(LOOK).as('audit')
  const hits = build
    .selectFrom(looked)
    .selectAll()
    .where(fits(TRAIL, filter))
    .limit(limit + 1)
  const deeds = (await run(sql, hits)).map(trailDeed)
  if (deeds.length > limit) return { deeds, edge: null }
  const edge = (
    await run(
      sql,
      sorted
        .select(['at', 'id'])
        .offset(LOOK - 1)
        .limit(1),
    )
  )[0]
  return { deeds, edge: edge ? { at: edge.at, source: 'trail', key: edge.id } : null }
}

const TRAIL: Where = {
  text: raw<string>`concat_ws(' ', actor, behalf, address, agent, verb, subject_kind, subject_id, code, request, detail)`,
  kind: raw<string>`subject_kind`,
  id: raw<string>`subject_id`,
}

function trailOf(f: AuditFilter) {
  let query = build.selectFrom('audit').where('bucket', '=', AUDIT_BUCKET)
  if (f.actor !== undefined) query = query.where(by(f.actor))
  // Where commands came from stands at their entries of the ledger.
  query = f.verb ? query.where(verbs(f.verb)) : query.where('verb', '<>', COMMAND_SENT)
  if (f.about) query = query.where(isOf(TRAIL, f.about))
  if (f.subjectKind !== undefined) query = query.where('subject_kind', '=', f.subjectKind)
  if (f.subject !== undefined) query = query.where('subject_id', '=', f.subject)
  if (f.outcome) query = query.where('outcome', 'in', f.outcome)
  if (f.code) query = query.where('code', 'in', f.code)
  if (f.address !== undefined) query = query.where('address', '=', f.address)
  if (f.from !== undefined) query = query.where('at', '>=', f.from)
  if (f.to !== undefined) query = query.where('at', '<', f.to)
  return query
}

// ---- deeds on streams ----

async function ledgerPart(sql: Sql, filter: AuditFilter, { limit, after }: Asked): Promise<Part> {
  if (filter.source === 'trail') return NOTHING
  let query = actsOf(filter)
  if (after) {
    query = query.where('at', '<=', after.at)
    if (after.source === 'ledger') {
      const [stream = '', seq = '0'] = after.key.split(':')
      const behind = raw<SqlBool>`(stream, seq) > (${stream}, ${Number(seq)})`
      query = query.where(e => e.or([e('at', '<', after.at), behind]))
    }
  }
  const sorted = query.orderBy('at', 'desc').orderBy('stream').orderBy('seq')
  if (filter.q === undefined) {
    return { deeds: (await run(sql, sorted.selectAll().limit(limit + 1))).map(actDeed), edge: null }
  }
  const looked = sorted.selectAll().limit(LOOK).as('act_row')
  const hits = build
    .selectFrom(looked)
    .selectAll()
    .where(fits(ACT, filter))
    .limit(limit + 1)
  const deeds = (await run(sql, hits)).map(actDeed)
  if (deeds.length > limit) return { deeds, edge: null }
  const edge = (
    await run(
      sql,
      sorted
        .selectAll()
        .offset(LOOK - 1)
        .limit(1),
    )
  )[0]
  return { deeds, edge: edge ? placeOf(actDeed(edge)) : null }
}

const ACT: Where = {
  text: raw<string>`concat_ws(' ', actor, behalf, verb, stream, code, request)`,
  kind: raw<string>`'order'`,
  id: raw<string>`stream`,
}

function actsOf(f: AuditFilter) {
  let query = build.selectFrom('act_row')
  if (f.actor !== undefined) query = query.where(by(f.actor))
  if (f.verb) query = query.where(verbs(f.verb))
  if (f.about) query = query.where(isOf(ACT, f.about))
  if (f.address !== undefined) query = query.where(sentFrom(f.address))
  if (f.subjectKind !== undefined && f.subjectKind !== 'order') query = query.where(raw<SqlBool>`false`)
  if (f.subject !== undefined) query = query.where('stream', '=', f.subject)
  if (f.outcome) query = query.where('outcome', 'in', f.outcome)
  if (f.code) query = query.where('code', 'in', f.code)
  if (f.from !== undefined) query = query.where('at', '>=', f.from)
  if (f.to !== undefined) query = query.where('at', '<', f.to)
  return query
}

/** The trail tells of every command where it came from; see `COMMAND_SENT`. */
const sentFrom = (address: string) => raw<SqlBool>`exists (
  select 1 from audit as sent where sent.bucket = ${AUDIT_BUCKET} and sent.subject_kind = 'command'
    and sent.subject_id = act_row.request and sent.address = ${address})`

const ORIGINS = `
select distinct on (subject_id) subject_id as command, address, agent, request
from audit where bucket = $1 and subject_kind = 'command' and subject_id = any($2::text[])
order by subject_id, at, id`

/** Where a command came from. */
export interface Origin {
  readonly command: string
  readonly address: string | null
  readonly agent: string | null
  /** Id of the request that brought it. */
  readonly request: string | null
}

/** Of entries of the ledger, by the id of their command; none once the trail is past its time. */
export async function originsOf(sql: Sql, deeds: readonly Deed[]): Promise<ReadonlyMap<string, Origin>> {
  const ids = deeds.flatMap(({ source, row }) => (source === 'ledger' && row.request !== null ? [row.request] : []))
  if (ids.length === 0) return new Map()
  const { rows } = await sql.query<Origin>(ORIGINS, [AUDIT_BUCKET, ids])
  return new Map(rows.map(row => [row.command, row]))
}

// ---- both ----

/** What an entry says, and of what it is. */
interface Where {
  readonly text: ReturnType<typeof raw<string>>
  readonly kind: ReturnType<typeof raw<string>>
  readonly id: ReturnType<typeof raw<string>>
}

/** The text stands in it, or it is of somebody or something that the text means. */
function fits(where: Where, { q = '', means }: AuditFilter) {
  const parts = [raw<SqlBool>`position(${q.toLowerCase()} in lower(${where.text})) > 0`]
  if (means && means.actors.length > 0)
    parts.push(raw`(actor = any(${means.actors}::text[]) or behalf = any(${means.actors}::text[]))`)
  if (means && means.subjects.length > 0) parts.push(isAbout(where, means.subjects))
  if (means && means.verbs.length > 0) parts.push(raw`verb = any(${means.verbs}::text[])`)
  return raw<SqlBool>`(${raw.join(parts, raw` or `)})`
}

const isAbout = ({ kind, id }: Where, subjects: readonly AuditSubject[]) =>
  raw<SqlBool>`(${kind}, ${id}) in (
    select k, i from unnest(${subjects.map(s => s.kind)}::text[], ${subjects.map(s => s.id)}::text[]) as f(k, i))`

const isOf = (where: Where, { id, subjects }: { readonly id: string; readonly subjects: readonly AuditSubject[] }) =>
  raw<SqlBool>`(${where.id} = ${id} or ${isAbout(where, subjects)})`

const STAR = /\*$/

function by(actor: string) {
  if (!STAR.test(actor)) return raw<SqlBool>`(actor = ${actor} or behalf = ${actor})`
  const start = actor.replace(STAR, '')
  return raw<SqlBool>`(starts_with(actor, ${start}) or starts_with(behalf, ${start}))`
}

function verbs(asked: readonly string[]) {
  const parts = asked.map(verb =>
    STAR.test(verb) ? raw<SqlBool>`starts_with(verb, ${verb.replace(STAR, '')})` : raw<SqlBool>`verb = ${verb}`,
  )
  return raw<SqlBool>`(${raw.join(parts, raw` or `)})`
}
