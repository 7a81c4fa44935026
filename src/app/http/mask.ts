import { maskField } from '../../contract/mask.ts'
import type { Json, JsonObject } from '../../kernel/json.ts'

/** Steps of paths that begin alike, put together; null: the field itself is personal. A list is written `lines[]`. */
interface Steps extends ReadonlyMap<string, Steps | null> {}

// The paths of a type are one array that stays: what they amount to is worked out once.
const known = new WeakMap<readonly string[], Steps>()

function stepsOf(paths: readonly string[]): Steps {
  const made = known.get(paths) ?? joined(paths.map(path => path.split('.')))
  known.set(paths, made)
  return made
}

function joined(paths: readonly (readonly string[])[]): Steps {
  const byStep = Map.groupBy(paths, ([step = '']) => step)
  return new Map(
    [...byStep].map(([step, own]) => {
      const rests = own.map(path => path.slice(1))
      const isEnd = rests.some(rest => rest.length === 0) && !step.endsWith('[]')
      return [step, isEnd ? null : joined(rests.filter(rest => rest.length > 0))]
    }),
  )
}

/** A copy of a body with its personal fields masked: names, phones and mails so that one recognises them, anything else not at all. */
export const maskedBody = (body: JsonObject, paths: readonly string[]): JsonObject => masked(body, stepsOf(paths))

function masked(node: JsonObject, steps: Steps): JsonObject {
  const copy: { [key: string]: Json | undefined } = { ...node }
  for (const [step, more] of steps) {
    const list = step.endsWith('[]')
    const key = list ? step.slice(0, -2) : step
    const value = copy[key]
    if (value !== undefined) copy[key] = maskedValue(key, value, { list, more })
  }
  return copy
}

function maskedValue(key: string, value: Json, { list, more }: { list: boolean; more: Steps | null }): Json {
  if (more === null || (more.size === 0 && !isList(value))) return maskField(key, value)
  if (list && isList(value)) return value.map(item => (isObject(item) ? masked(item, more) : item))
  return isObject(value) ? masked(value, more) : value
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
