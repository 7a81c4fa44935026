import { existsSync, readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import { NAME_KINDS, type Names } from '../contract/names.ts'
import { UsageError } from './cli/usage-error.ts'

/** Where a shop says what its codes are called. */
export interface NamesFile {
  readonly path: string
  /** Somebody asked for it: it has to be there. */
  readonly asked: boolean
}

const word = z.string().trim().min(1, { error: 'must not be empty' }).max(80, { error: 'has at most 80 characters' })
const shape = z.partialRecord(
  z.enum(NAME_KINDS),
  z.record(
    z.string().min(1).max(200),
    z.strictObject({ zh: word, en: word }, { error: 'is a name as { zh: ..., en: ... }' }),
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
  const document = parseDocument(text)
  const wrong = document.errors.map(error => error.message)
  if (wrong.length > 0) throw new UsageError(`${path} is no YAML: ${wrong[0]}`)
  const read = shape.safeParse(document.toJS() ?? {})
  if (read.success) return read.data
  const told = read.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  const kinds = `It takes ${NAME_KINDS.join(', ')}.`
  throw new UsageError([`${path} cannot be used as names.`, ...told, kinds].join('\n  '))
}
