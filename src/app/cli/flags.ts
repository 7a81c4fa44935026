import { parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

export interface Flag {
  readonly kind: 'text' | 'switch'
  /** Shown in the help: what the value is. */
  readonly value?: string
  readonly help: string
}

export interface Flags {
  readonly values: { readonly [name: string]: string | boolean | undefined }
  readonly words: readonly string[]
}

/** Reads a command line. @throws UsageError for a flag that the verb does not have */
export function readFlags(args: readonly string[], known: { readonly [name: string]: Flag }): Flags {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { kind }]) => [
      name,
      { type: kind === 'switch' ? 'boolean' : 'string' } as const,
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    const single = Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value])
    return { values: Object.fromEntries(single), words: positionals }
  } catch (error) {
    const text = error instanceof Error ? (error.message.split('.')[0] ?? '') : String(error)
    throw new UsageError(`${text}: see --help for what there is.`)
  }
}

export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags.values[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const switchFlag = (flags: Flags, name: string): boolean => flags.values[name] === true
