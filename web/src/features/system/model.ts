import type { JobStatus } from '../../../../src/contract/api/index.ts'

export const JOB_FILTERS = ['running', 'done', 'failed', 'cancelled'] as const satisfies readonly JobStatus[]
export type JobFilter = (typeof JOB_FILTERS)[number]

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `412 MB`; a thousand each. */
export function bytesText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** step
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`
}

/** How many packages each licence has, the most first: `MIT 210, ISC 30`. */
export function licenceText(packages: readonly { readonly licence: string }[]): string {
  const counts = Map.groupBy(packages, p => p.licence)
  return [...counts]
    .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
    .map(([licence, of]) => `${licence} ${of.length}`)
    .join(', ')
}

/** The words of an error that a quarantined row keeps: what the door found, or what was thrown. */
export function errorText(error: Readonly<Record<string, unknown>>): string {
  if (typeof error.message === 'string') return error.message
  return flawsOf(error)
    .map(({ pointer, message }) => `${pointer} ${message}`.trim())
    .join('; ')
}

/** Where a message was wrong, and how. */
export interface Flaw {
  /** JSON pointer; empty for the message as a whole. */
  readonly pointer: string
  readonly code: string
  readonly message: string
}

const FLAWS_SHOWN = 3

/** The first things that the door found, as a quarantined row keeps them. */
export function flawsOf({ problems }: Readonly<Record<string, unknown>>): readonly Flaw[] {
  if (!Array.isArray(problems)) return []
  return problems.slice(0, FLAWS_SHOWN).map(flaw => ({
    pointer: String(flaw?.pointer ?? ''),
    code: String(flaw?.code ?? ''),
    message: String(flaw?.message ?? ''),
  }))
}

/** Of these the message tells what the code cannot: the bound, the allowed values, the form. */
const EXACT: ReadonlySet<string> = new Set([
  ...['out_of_range', 'too_short', 'too_long', 'too_many', 'wrong_type', 'not_allowed', 'bad_format'],
])

/** The message of the door is worth reading beside the word for its code. */
export const saysMore = ({ code, message }: Flaw): boolean => message !== '' && EXACT.has(code)

/** `29.9 ms`, from ten seconds on `12 s`. */
export const tookText = (ms: number): string => (ms < 10_000 ? `${ms}\u00a0ms` : `${Math.round(ms / 1000)}\u00a0s`)
