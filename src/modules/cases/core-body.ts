import { isSeverity, type Severity } from '../../contract/exceptions.ts'
import type { Fact } from '../../contract/stream.ts'
import { type Instant, MAX_INSTANT } from '../../kernel/instant.ts'
import type { Json, JsonObject } from '../../kernel/json.ts'
import type { Clears } from './types.ts'

/** Reading facts is total: a body that is not as declared yields the stated default, never an error. */
type Body = JsonObject

const own = (body: Body, key: string): Json | undefined => (Object.hasOwn(body, key) ? body[key] : undefined)

export function textIn(body: Body, key: string): string | null {
  const value = own(body, key)
  return typeof value === 'string' && value !== '' ? value : null
}

export function countIn(body: Body, key: string, otherwise: number): number {
  const value = own(body, key)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : otherwise
}

/** The instant that the body states as `at`, else when the fact occurred. */
export function atOf(fact: Fact): Instant {
  const at = countIn(fact.body, 'at', fact.occurredAt)
  return at <= MAX_INSTANT ? at : fact.occurredAt
}

/** An instant of the body; null for anything else. */
export function instantIn(body: Body, key: string): Instant | null {
  const value = own(body, key)
  const isInstant = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_INSTANT
  return isInstant ? value : null
}

export function severityIn(body: Body, otherwise: Severity): Severity {
  const value = own(body, 'severity')
  return isSeverity(value) ? value : otherwise
}

export const clearsIn = (body: Body): Clears => (own(body, 'clears') === 'look' ? 'look' : 'auto')

export function objectIn(body: Body, key: string): JsonObject {
  const value = own(body, key)
  return isObject(value) ? value : {}
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const MAX_TEXT = 120

/**
 * As many entries of the evidence, in their order, as fit `limit` bytes of JSON; long texts are cut. What was left out
 * is counted under `omitted`, so that nobody takes the rest for the whole.
 */
export function boundedEvidence(evidence: JsonObject, limit: number): JsonObject {
  const entries = Object.entries(evidence)
  const kept: [string, Json][] = []
  let bytes = 2 + '"omitted":9999,'.length
  for (const [path, value] of entries) {
    if (value === undefined) continue
    const short =
      typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT).toWellFormed()}…` : value
    bytes += Buffer.byteLength(JSON.stringify({ [path]: short })) - 1
    if (bytes > limit) return Object.fromEntries([...kept, ['omitted', entries.length - kept.length]])
    kept.push([path, short])
  }
  return Object.fromEntries(kept)
}
