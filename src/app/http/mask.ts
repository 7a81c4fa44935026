import { maskField } from '../../contract/mask.ts'
import type { Json, JsonObject } from '../../kernel/json.ts'

/** A copy of a body with its personal fields masked: names, phones and mails so that one recognises them, anything else not at all. */
export function maskedBody(body: JsonObject, paths: readonly string[]): JsonObject {
  return paths.reduce<JsonObject>((masked, path) => maskAt(masked, path.split('.')), body)
}

function maskAt(node: JsonObject, [step = '', ...more]: readonly string[]): JsonObject {
  const list = step.endsWith('[]')
  const key = list ? step.slice(0, -2) : step
  const value = node[key]
  if (value === undefined) return node
  if (list && isList(value)) return { ...node, [key]: value.map(item => (isObject(item) ? maskAt(item, more) : item)) }
  if (more.length > 0) return isObject(value) ? { ...node, [key]: maskAt(value, more) } : node
  return { ...node, [key]: maskField(key, value) }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
