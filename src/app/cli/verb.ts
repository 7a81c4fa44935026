import type { Flag, Flags } from './flags.ts'
import type { Terminal } from './terminal.ts'

export interface Call {
  /** Its name. */
  readonly verb: string
  readonly flags: Flags
  readonly terminal: Terminal
  /** Aborted by Ctrl-C, by a request to end, or when whoever started us is gone. */
  readonly stop: AbortSignal
}

/** What a verb ends with: whether all is well, and the counts that `--json` prints. */
export interface Ending {
  readonly ok: boolean
  readonly counts: Readonly<Record<string, unknown>>
}

export interface Verb {
  readonly name: string
  readonly summary: string
  /** After the name: `olist <dir>`. */
  readonly words?: string
  readonly about: readonly string[]
  readonly flags: { readonly [name: string]: Flag }
  run(call: Call): Promise<Ending>
}

/** Flags of every verb that opens a database. */
export const DATA_FLAGS = {
  data: { kind: 'text', value: 'dir', help: 'the data directory (default ./data)' },
  json: { kind: 'switch', help: 'print one JSON object with the counts as the last line' },
} as const satisfies Record<string, Flag>

export const LANES_FLAG = {
  lanes: { kind: 'text', value: 'n', help: 'workers of this process (default 2)' },
} as const satisfies Record<string, Flag>
