import { existsSync, readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import { NAME_KINDS, type Names } from '../contract/names.ts'
import { messageOf } from '../platform/error.ts'
import { UsageError } from './cli/usage-error.ts'

/** Where a shop says what its codes are called. */
export interface NamesFile {
  readonly path: string
  /** Somebody asked for it: it has to be there. */
  readonly asked: boolean
}

// Line ends, and marks that turn the direction of what stands beside the name.
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u
const word = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(80, { error: 'has at most 80 characters' })
  .refine(text => !UNSEEN.test(text), { error: 'must not hold control characters' })
const shape = z.partialRecord(
  z.enum(NAME_KINDS),
  // With all of its lines commented out, a kind has no names.
  z.preprocess(
    given => (given === '' || given === null ? {} : given),
    z.record(
      z.string().min(1).max(200),
      z.strictObject({ zh: word, en: word }, { error: 'is a name as { zh: ..., en: ... }' }),
    ),
  ),
)

/** @throws UsageError with everything that is wrong with it, and where */
export function readNames({ path, asked }: NamesFile): Names {
  if (!asked && !existsSync(path)) return {}
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new UsageError(`The names in ${path} cannot be read.`)
  }
  const read = shape.safeParse(given(path, text))
  if (read.success) return read.data
  const told = read.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  const kinds = `It takes ${NAME_KINDS.join(', ')}.`
  throw new UsageError([`${path} cannot be used as names.`, ...told, kinds].join('\n  '))
}

/** Every scalar as the text it is: a warehouse called 01 is not number 1. */
function given(path: string, text: string): unknown {
  const document = parseDocument(text, { schema: 'failsafe' })
  try {
    if (document.errors.length > 0) throw document.errors[0]
    return document.toJS() || {}
  } catch (error) {
    throw new UsageError(`${path} is no YAML: ${messageOf(error)}`)
  }
}
