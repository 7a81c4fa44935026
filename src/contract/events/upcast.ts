import type { JsonObject } from '../../kernel/json.ts'
import type { Upcast } from './define.ts'
import { eventEntryOf, newestVersionOf } from './registry.ts'

/** A fact of a type or version that this release does not know: the lane stops, the fact is never skipped. */
export class UnknownFact extends Error {
  readonly code = 'unknown_fact'
  readonly type: string
  readonly v: number

  constructor(type: string, v: number) {
    super(`fact ${type} version ${v} is not known to this release; run one that knows it`)
    this.type = type
    this.v = v
  }
}

/** What upcasting needs to know of one type. */
export interface VersionedType {
  readonly v: number
  readonly upcast?: { readonly [from: number]: Upcast }
}

/** A stored body in the newest shape of its type. Pure; the body itself is returned when it is the newest already. */
export function upcastFact(type: string, v: number, body: JsonObject): JsonObject {
  const newest = newestVersionOf(type)
  if (newest === undefined) throw new UnknownFact(type, v)
  if (v === newest) return body
  return climb(type, { v: newest, upcast: eventEntryOf(type)?.upcast }, { v, body })
}

/** Lifts a body version by version; a missing step is an unknown fact. */
export function climb(type: string, known: VersionedType, stored: { v: number; body: JsonObject }): JsonObject {
  if (!Number.isInteger(stored.v) || stored.v < 1 || stored.v > known.v) throw new UnknownFact(type, stored.v)
  let body = stored.body
  for (let v = stored.v; v < known.v; v++) {
    const step = known.upcast?.[v]
    if (step === undefined) throw new UnknownFact(type, stored.v)
    body = step(body)
  }
  return body
}
