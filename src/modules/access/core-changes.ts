import { canonicalJson, type Json, type JsonObject } from '../../kernel/json.ts'

export interface Change {
  /** Dotted. */
  readonly path: string
  readonly before: Json
  readonly after: Json
}

const MOST = 200

/** What differs between two objects, leaf by leaf; lists are compared as a whole. A side that is not there is empty. */
export function changesOf(before: JsonObject | null, after: JsonObject | null): Change[] {
  const found: Change[] = []
  compare('', before ?? {}, after ?? {}, found)
  return found
}

function compare(path: string, before: Json, after: Json, found: Change[]): void {
  if (found.length >= MOST) return
  if (!isObject(before) || !isObject(after)) {
    if (canonicalJson(before) !== canonicalJson(after)) found.push({ path, before, after })
    return
  }
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])])
    compare(path === '' ? key : `${path}.${key}`, before[key] ?? null, after[key] ?? null, found)
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
