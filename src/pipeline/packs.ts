import { groupOf, homeBucketOf } from '../kernel/bucket.ts'
import type { Json } from '../kernel/json.ts'
import { copyField, copyJson } from '../platform/copy-in.ts'
import type { IntakeRow } from './rows.ts'
import { jsonRows } from './sql.ts'

/** A pack stays inside one page of the table: larger texts would move out of line and cost a second write. */
const MAX_PACK_BYTES = 6000
const MAX_PACK_ROWS = 32

/** Messages of one class for one bucket group that arrived together: one row of `intake`, at the group's home bucket. */
export interface Pack {
  readonly id: string
  readonly class: number
  readonly group: number
  readonly rows: readonly IntakeRow[]
}

/** Packs rows as they come: order is kept within a pack and, since ids rise, between packs of a group. */
export function packed(rows: readonly IntakeRow[]): Pack[] {
  const open = new Map<string, { rows: IntakeRow[]; bytes: number }>()
  const packs: Pack[] = []
  const close = (group: number, cls: number, part: readonly IntakeRow[]) =>
    packs.push({ id: part[0]!.id, class: cls, group, rows: part })
  for (const row of rows) {
    const group = groupOf(row.bucket)
    const key = `${row.class}:${group}`
    const bytes = row.stored.length + 250
    const current = open.get(key)
    if (current && (current.bytes + bytes > MAX_PACK_BYTES || current.rows.length >= MAX_PACK_ROWS)) {
      close(group, row.class, current.rows)
      open.delete(key)
    }
    const into = open.get(key)
    if (into) {
      into.rows.push(row)
      into.bytes += bytes
    } else open.set(key, { rows: [row], bytes })
  }
  for (const { rows: part } of open.values()) close(groupOf(part[0]!.bucket), part[0]!.class, part)
  return packs
}

/** The JSON parameter of packs for the statements that write `intake`. */
export const packsJson = (packs: readonly Pack[]): string =>
  `[${packs
    .map(
      p =>
        `{"b":${homeBucketOf(p.group)},"c":${p.class},"i":${JSON.stringify(p.id)},"n":${p.rows.length},"j":${rowsJson(p.rows)}}`,
    )
    .join(',')}]`

/** The same rows for `COPY_INTAKE`. */
export const packsLines = (packs: readonly Pack[]): string =>
  packs
    .map(
      p =>
        `${homeBucketOf(p.group)}\t${p.class}\t${copyField(p.id)}\t${p.rows.length}\t${copyJson(rowsJson(p.rows))}\n`,
    )
    .join('')

// By hand, so that the stored text of a message reaches the ledger byte for byte.
const rowsJson = (rows: readonly IntakeRow[]): string => `[${rows.map(rowJson).join(',')}]`

const rowJson = (r: IntakeRow): string =>
  `[${r.bucket},${JSON.stringify(r.id)},"${r.stream}","${r.kind}","${r.what}",${JSON.stringify(r.type)},${r.v},` +
  `${JSON.stringify(r.actor)},${r.occurredAt},${r.recordedAt},${r.knownAt},${r.historical},${r.stored},${JSON.stringify(r.request ?? null)}]`

type StoredRow = [
  number,
  string,
  string,
  IntakeRow['kind'],
  IntakeRow['what'],
  string,
  number,
  string,
  number,
  number,
  number,
  boolean,
  Json,
  string | null,
]

/** The messages of a stored pack, bodies still as stored. */
export function unpacked(pack: { class: number; body: string }): Omit<IntakeRow, 'body'>[] {
  // Safe: `rowJson` wrote it.
  return (JSON.parse(pack.body) as StoredRow[]).map(
    ([bucket, id, stream, kind, what, type, v, actor, occurredAt, recordedAt, knownAt, historical, json, request]) => {
      const times = { occurredAt, recordedAt, knownAt, historical }
      // Writing what was read gives the same text: it was written by JSON.stringify in the first place.
      const stored = JSON.stringify(json)
      const asked = request === null ? {} : { request }
      return { bucket, class: pack.class, id, stream, kind, what, type, v, actor, ...times, stored, ...asked }
    },
  )
}

/** What a step does to one pack: `left` empty means that it is done with. */
export interface PackChange {
  readonly key: string
  readonly pack: Pack
  /** Messages it held before the step: the compare of the compare-and-set. */
  readonly held: number
  readonly left: readonly IntakeRow[]
}

interface OpenPack {
  readonly pack: Pack
  left: ReadonlyMap<string, IntakeRow>
}

/** The packs a lane has in its mailbox, and which of their messages still wait. */
export class Packs {
  private readonly open = new Map<string, OpenPack>()
  private readonly packOf = new Map<string, string>()

  /** Remembers packs and returns those that it did not know. */
  add(packs: readonly Pack[]): Pack[] {
    const fresh = packs.filter(pack => !this.open.has(keyOf(pack)))
    for (const pack of fresh) {
      const key = keyOf(pack)
      this.open.set(key, { pack, left: new Map(pack.rows.map(r => [r.id, r])) })
      for (const row of pack.rows) this.packOf.set(row.id, key)
    }
    return fresh
  }

  /** What consuming these messages means for their packs. */
  plan(consumed: readonly IntakeRow[]): PackChange[] {
    const gone = new Map<string, Set<string>>()
    for (const row of consumed) {
      const key = this.packOf.get(row.id)
      if (key === undefined) throw new Error(`message ${row.id} belongs to no pack`)
      const ids = gone.get(key)
      if (ids) ids.add(row.id)
      else gone.set(key, new Set([row.id]))
    }
    return [...gone].map(([key, ids]) => {
      const { pack, left } = this.open.get(key)!
      return { key, pack, held: left.size, left: [...left.values()].filter(r => !ids.has(r.id)) }
    })
  }

  /** The step has committed. */
  commit(changes: readonly PackChange[]): void {
    for (const { key, left, pack } of changes) {
      const open = this.open.get(key)
      if (!open) continue
      open.left = new Map(left.map(r => [r.id, r]))
      if (left.length > 0) continue
      this.open.delete(key)
      for (const row of pack.rows) this.packOf.delete(row.id)
    }
  }

  /** Forgets the packs of groups that `keep` refuses. */
  retain(keep: (group: number) => boolean): void {
    for (const [key, { pack }] of this.open) {
      if (keep(pack.group)) continue
      this.open.delete(key)
      for (const row of pack.rows) this.packOf.delete(row.id)
    }
  }
}

const keyOf = (pack: Pack): string => `${pack.class}:${pack.group}:${pack.id}`

/** The JSON parameters of a step's changes: packs that are done with, and packs that keep the rest. */
export function packChangesJson(changes: readonly PackChange[]): { done: string | null; kept: string | null } {
  const done = changes.filter(c => c.left.length === 0)
  const kept = changes.filter(c => c.left.length > 0)
  const at = (c: PackChange) => ({ b: homeBucketOf(c.pack.group), c: c.pack.class, i: c.pack.id, o: c.held })
  const keptRow = (c: PackChange) =>
    `${JSON.stringify({ ...at(c), n: c.left.length }).slice(0, -1)},"j":${rowsJson(c.left)}}`
  return {
    done: done.length > 0 ? jsonRows(done.map(at)) : null,
    kept: kept.length > 0 ? `[${kept.map(keptRow).join(',')}]` : null,
  }
}
