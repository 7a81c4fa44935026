import type { Json, JsonObject } from '../kernel/json.ts'
import type { Sealer } from '../platform/seal.ts'

/** Where the sealed personal fields of a stored body stand. */
export const SEALED = '$sealed'
/** Stands instead when the salt was destroyed: the person's data is erased, the fact remains. */
export const ERASED = '$erased'
/** Stands instead when there is a salt and the text does not open with it: somebody changed one of them, or the key. */
export const UNREADABLE = '$unreadable'

type Mutable = { [key: string]: Json | undefined }
// Plain JSON only; a tenth of the cost of structuredClone.
function copied(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map(element => copied(element) ?? null)
  if (!isObject(value)) return value
  const out: Mutable = {}
  for (const key in value) out[key] = copied(value[key])
  return out
}

const isObject = (value: unknown): value is Mutable =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Copies the body without the fields at `paths` (dotted, `[]` for every element); what was taken is `taken`. */
export function splitPersonal(body: JsonObject, paths: readonly string[]): { rest: JsonObject; taken: JsonObject } {
  const rest = copied(body) as Mutable
  const taken: Mutable = {}
  for (const path of paths) takeAt(rest, path.split('.'), '', taken)
  return { rest, taken }
}

function takeAt(node: Mutable, steps: readonly string[], prefix: string, taken: Mutable): void {
  const [step, ...more] = steps
  const list = step!.endsWith('[]')
  const key = list ? step!.slice(0, -2) : step!
  const value = node[key]
  if (value === undefined) return
  const here = prefix === '' ? key : `${prefix}.${key}`
  if (list && Array.isArray(value)) {
    value.forEach((element, i) => {
      if (isObject(element)) takeAt(element, more, `${here}.${i}`, taken)
    })
  } else if (more.length > 0) {
    if (isObject(value)) takeAt(value, more, here, taken)
  } else {
    taken[here] = value
    delete node[key]
  }
}

/** The inverse of `splitPersonal`. */
export function mergePersonal(rest: JsonObject, taken: JsonObject): JsonObject {
  const body = copied(rest) as Mutable
  for (const [path, value] of Object.entries(taken)) {
    const steps = path.split('.')
    const last = steps.pop()!
    let node: Mutable = body
    for (const step of steps) {
      const next = node[step]
      node = (isObject(next) || Array.isArray(next) ? next : {}) as Mutable
    }
    node[last] = value
  }
  return body
}

/** Context of the authenticated encryption: a sealed body opens only on its own stream and type. */
const contextOf = (stream: string, type: string): string => `${stream}\0${type}`

export interface SealTarget {
  readonly stream: string
  readonly type: string
  /** Null: the person was erased, so nothing personal is kept. */
  readonly salt: Uint8Array | null
  /** Which of the stream's salts it is: 0, or more after an erasure (see `salts.ts`). */
  readonly generation?: number
}

/** Whether the body has any field at these paths; most messages have none, and need no salt. */
export const hasPersonal = (body: JsonObject, paths: readonly string[]): boolean =>
  paths.some(path => reaches(body, stepsOf(path), 0))

function reaches(node: Json | undefined, steps: readonly Step[], at: number): boolean {
  if (at === steps.length) return node !== undefined
  if (!isObject(node)) return false
  const { key, list } = steps[at]!
  const value = node[key]
  if (!list) return reaches(value, steps, at + 1)
  return Array.isArray(value) && value.some(element => reaches(element, steps, at + 1))
}

interface Step {
  readonly key: string
  readonly list: boolean
}
const known = new Map<string, readonly Step[]>()

// Paths are few and asked for with every message.
function stepsOf(path: string): readonly Step[] {
  const hit = known.get(path)
  if (hit) return hit
  const steps = path.split('.').map(step => ({ key: step.replace(/\[\]$/, ''), list: step.endsWith('[]') }))
  known.set(path, steps)
  return steps
}

/** The stored JSON text of a body: what stands at `target.paths` is taken out and sealed together. */
export function sealedText(
  sealer: Sealer,
  target: SealTarget & { readonly paths: readonly string[] },
  body: JsonObject,
): string {
  const { rest, taken } = splitPersonal(body, target.paths)
  if (Object.keys(taken).length === 0) return JSON.stringify(body)
  if (target.salt === null) return JSON.stringify({ ...rest, [ERASED]: true })
  const sealed = sealer.seal(target.salt, contextOf(target.stream, target.type), JSON.stringify(taken))
  return JSON.stringify({ ...rest, [SEALED]: `${'~'.repeat(target.generation ?? 0)}${sealed}` })
}

/** What is left of a body whose person was erased. */
export function withoutPersonal(body: JsonObject, paths: readonly string[]): JsonObject {
  const { rest, taken } = splitPersonal(body, paths)
  return Object.keys(taken).length === 0 ? body : { ...rest, [ERASED]: true }
}

const GENERATION = /"\$sealed":"(~*)/

/** Which of its stream's salts a stored text was sealed under; null when nothing in it is sealed. */
export const generationOf = (stored: string): number | null => GENERATION.exec(stored)?.[1]?.length ?? null

/** True when a stored text needs a salt to be read. */
export const isSealed = (stored: string): boolean => stored.includes(`"${SEALED}"`)

/** The salt is there and the text does not open with it. */
export class Unreadable extends Error {
  readonly code = 'sealed_text_unreadable'
}

/**
 * The plain body of a stored text; without a salt the personal fields are missing and marked as erased.
 * @param target.broken `mark`: what does not open is marked and the rest is shown; otherwise it is an error, since going
 * on would fold less than there is
 * @throws Unreadable
 */
export function openText(
  sealer: Sealer,
  target: Omit<SealTarget, 'salt'> & { readonly salt?: Uint8Array | null | undefined; readonly broken?: 'mark' },
  stored: string,
): JsonObject {
  const body = JSON.parse(stored) as Mutable
  const sealed = body[SEALED]
  if (typeof sealed !== 'string') return body
  delete body[SEALED]
  const { salt, stream, type, broken } = target
  if (!salt) return { ...body, [ERASED]: true }
  const taken = opened(sealer, { stream, type, salt }, sealed.replace(/^~*/, ''))
  if (taken) return mergePersonal(body, taken)
  if (broken === 'mark') return { ...body, [UNREADABLE]: true }
  throw new Unreadable(
    `A ${type} of ${stream} does not open with the salt of ${stream} and this master key: run andon verify-ledger.`,
  )
}

function opened(
  sealer: Sealer,
  { stream, type, salt }: { readonly stream: string; readonly type: string; readonly salt: Uint8Array },
  sealed: string,
): JsonObject | null {
  try {
    return JSON.parse(sealer.open(salt, contextOf(stream, type), sealed)) as JsonObject
  } catch {
    return null
  }
}
