import { BUCKETS, bucketOf } from '../kernel/bucket.ts'
import { feedRow, type IngressDeps, parkedOwner, UNMATCHED_PATIENCE } from './ingress.ts'
import { bucketOfKey, type KeyRef } from './keys.ts'
import { type Pack, packed, packsJson } from './packs.ts'
import { openText, sealedText, withoutPersonal } from './personal.ts'
import { CLASS, type IntakeRow } from './rows.ts'
import { ensureSalts, type Salts } from './salts.ts'
import { ADD_KEYS, FIND_ALL_MATCHED, FIND_MATCHED, TAKE_UNMATCHED } from './sql/ingress.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import { jsonRows, type Sql } from './sql.ts'

const PAGE = 200
const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, bucket) => bucket)

interface Matched {
  bucket: number
  kind: string
  value: string
  id: string
  keys: string
  stream: string
}

interface Taken {
  id: string
  main: boolean
  feed: string
  type: string
  v: number
  actor: string
  occurred_at: number
  recorded_at: number
  known_at: number
  historical: boolean
  body: string | null
}

export interface Transactor {
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>
}

/**
 * Delivers messages whose order has appeared since: those that wait for one of `keys`, or all. Returns how many.
 * Safe to run anywhere, any time, twice.
 */
export async function deliverMatched(
  db: Sql & Transactor,
  deps: IngressDeps,
  keys: readonly KeyRef[] | 'all',
): Promise<number> {
  const ask = keys === 'all' ? null : jsonRows(keys.map(k => ({ b: bucketOfKey(k), k: k.kind, v: k.value })))
  let delivered = 0
  for (;;) {
    const query =
      ask === null
        ? db.query<Matched>(FIND_ALL_MATCHED, [PAGE, ALL_BUCKETS])
        : db.query<Matched>(FIND_MATCHED, [PAGE, ask])
    const { rows } = await query
    const found = [...new Map(rows.map(r => [r.id, r])).values()]
    if (found.length === 0) return delivered
    const offered = await db.transaction(tx => move(tx, deps, found))
    deps.offer(offered)
    // Its other keys are known from now on: what waits for those comes next.
    deps.keysMoved(found.flatMap(keysOf))
    delivered += found.length
  }
}

async function move(tx: Sql, deps: IngressDeps, found: readonly Matched[]): Promise<Pack[]> {
  const keys = found.flatMap(m => keysOf(m).map(k => ({ b: bucketOfKey(k), k: k.kind, v: k.value, m })))
  const siblings = keys.map(({ m, ...key }) => ({ ...key, i: m.id }))
  const taken = (await tx.query<Taken>(TAKE_UNMATCHED, [jsonRows(siblings)])).rows
    .filter(t => t.main)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  if (taken.length === 0) return []
  const streams = new Map(found.map(m => [m.id, m.stream]))
  const owners = taken.flatMap(t => [parkedOwner(`\\x${digestOf(t.id)}`), streams.get(t.id)!])
  const salts = await ensureSalts(
    tx,
    [...new Set(owners)].map(stream => ({ stream, bucket: bucketOf(stream) })),
    deps.now(),
  )
  const rows = taken.flatMap(t => {
    const row = matchedRow(t, { stream: streams.get(t.id)!, salts, deps })
    const body = { feed: t.feed, type: t.type, until: t.recorded_at + UNMATCHED_PATIENCE }
    return [row, feedRow(t.feed, { id: `${row.id}:matched`, type: 'feed.message_matched', at: row.recordedAt, body })]
  })
  await tx.query(ADD_KEYS, [jsonRows(keys.map(({ m, ...key }) => ({ ...key, s: m.stream })))])
  const packs = packed(rows)
  await tx.query(INSERT_INTAKE, [packsJson(packs)])
  return packs
}

/** Safe: the ingress wrote it. */
const keysOf = (m: Matched): KeyRef[] => JSON.parse(m.keys) as KeyRef[]

const digestOf = (id: string): string => id.slice(id.indexOf('.') + 1)

interface Move {
  readonly stream: string
  readonly salts: Salts
  readonly deps: IngressDeps
}

/** Opened under the salt it waited with, sealed again under its order's. Its arrival is now: the order knows it from now. */
function matchedRow(t: Taken, { stream, salts, deps }: Move): IntakeRow {
  const owner = parkedOwner(`\\x${digestOf(t.id)}`)
  const opened = openText(deps.sealer, { stream: owner, type: t.type, salt: salts.get(owner) }, t.body!)
  const salt = salts.get(stream) ?? null
  const paths = deps.personalPaths(t.type)
  const body = salt === null ? withoutPersonal(opened, paths) : opened
  return {
    bucket: bucketOf(stream),
    class: t.historical ? CLASS.backfill : CLASS.event,
    // Later than the row that brought the order, which may still wait.
    id: deps.newId(),
    stream,
    kind: 'order',
    what: 'event',
    type: t.type,
    v: t.v,
    actor: t.actor,
    occurredAt: t.occurred_at,
    recordedAt: Math.max(t.recorded_at, deps.now()),
    knownAt: t.historical ? t.known_at : Math.max(t.recorded_at, deps.now()),
    historical: t.historical,
    body: deps.upcast(t.type, t.v, body).body,
    stored: sealedText(deps.sealer, { stream, type: t.type, salt, paths }, body),
  }
}
