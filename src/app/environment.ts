import { readFileSync } from 'node:fs'
import { UsageError } from './cli/usage-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** An empty value counts as not given: `NAME= npm start` means "without". */
export const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

/**
 * A secret: the variable itself, or the content of the file that `<name>_FILE` names, as container platforms mount them.
 * @throws UsageError with what to change; never with the secret
 */
export function secretOf(env: Environment, name: string): string | undefined {
  const value = given(env[name])
  const path = given(env[`${name}_FILE`])
  if (path === undefined) return value
  if (value !== undefined) throw new UsageError(`${name} and ${name}_FILE are both set: leave one out.`)
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch {
    throw new UsageError(`${name}_FILE names ${path}, which cannot be read.`)
  }
  if (text === '') throw new UsageError(`${name}_FILE names ${path}, which is empty.`)
  return text
}

/** The parts of a list with commas. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
