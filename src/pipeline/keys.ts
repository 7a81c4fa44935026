import { streamIdOf } from '../contract/identity.ts'
import { bucketOf } from '../kernel/bucket.ts'
import { RESOLVE_KEYS } from './sql/ingress.ts'
import { jsonRows, type Sql } from './sql.ts'

/** What names an order: its number, a payment, a parcel. */
export interface KeyRef {
  readonly kind: string
  readonly value: string
}

/** A message that looks for its order. */
interface Message {
  readonly event: { readonly keys: readonly KeyRef[]; readonly creates: boolean }
  stream: string | null
  /** It starts the stream. */
  fresh: boolean
}

export interface KeyRow {
  readonly b: number
  readonly k: string
  readonly v: string
  readonly s: string
}

export const keyText = ({ kind, value }: KeyRef): string => `${kind}\0${value}`

export const bucketOfKey = (key: KeyRef): number => bucketOf(keyText(key))

/** Gives every draft its stream, if any of its keys is known or it creates one; returns the keys to add. */
export async function resolveKeys(
  sql: Sql,
  drafts: readonly Message[],
): Promise<{ added: KeyRow[]; missing: string[] }> {
  const asked = new Map<string, object>()
  for (const { event } of drafts)
    for (const key of event.keys) asked.set(keyText(key), { b: bucketOfKey(key), k: key.kind, v: key.value })
  if (asked.size === 0) return { added: [], missing: [] }
  const { rows } = await sql.query<{ kind: string; value: string; stream: string }>(RESOLVE_KEYS, [
    jsonRows([...asked.values()]),
  ])
  const known = new Map(rows.map(r => [keyText(r), r.stream]))
  const missing = [...asked.keys()].filter(key => !known.has(key))
  const added: KeyRow[] = []
  // Creating events first: what else stands in the batch for the same order then finds its key.
  for (const pass of [true, false])
    for (const draft of drafts) if (draft.event.creates === pass) bind(draft, known, added)
  return { added, missing }
}

/**
 * Keys that tell whose message it is: the order number alone where there is one, since one payment or one parcel may be
 * shared by several orders; else whatever it names. A shared key stays with the order that brought it first.
 */
export const deciding = (keys: readonly KeyRef[]): readonly KeyRef[] => {
  const numbers = keys.filter(key => key.kind === 'order_no')
  return numbers.length > 0 ? numbers : keys
}

function bind(draft: Message, known: Map<string, string>, added: KeyRow[]): void {
  const { keys, creates } = draft.event
  draft.fresh = false
  const hit = deciding(keys).find(k => known.has(keyText(k)))
  if (hit) draft.stream = known.get(keyText(hit))!
  else if (creates) {
    draft.stream = streamIdOf('order', keys[0]!.kind, keys[0]!.value)
    draft.fresh = true
  }
  if (draft.stream === null) return
  for (const key of keys) {
    if (known.has(keyText(key))) continue
    known.set(keyText(key), draft.stream)
    added.push({ b: bucketOfKey(key), k: key.kind, v: key.value, s: draft.stream })
  }
}
