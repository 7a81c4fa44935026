import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'

// Terms. A *channel* is where orders come from; here it is a folder of files. A *row* is one record of a file.
// A row is *used* when an event holds something of it; otherwise it is *reported*. There is no third fate.

/** A CloudEvents 1.0 event as a sender would post it; `time` is ISO 8601 in UTC. */
export interface RawEvent {
  readonly specversion: '1.0'
  /** Deterministic: the same rows give the same id, so importing twice changes nothing. */
  readonly id: string
  readonly source: string
  readonly type: string
  readonly time: string
  readonly data: JsonObject
}

/** Where something stands: the file's name in the folder and the line in it, from 1 (the header). */
export interface RowRef {
  readonly file: string
  readonly row: number
}

export interface ChannelEvent {
  readonly event: RawEvent
  /** Epoch ms of `event.time`. */
  readonly occurredAt: Instant
  /** When one could have known it; a folder of history says nothing else than the occurrence itself. */
  readonly knownAt: Instant
  /** The channel's own order id; events of one order share it. */
  readonly orderKey: string
  /** The rows that this event was made of, the first one being its reason to exist. */
  readonly rows: readonly RowRef[]
}

/** Why a row (or `count` rows of one file, when `row` is null) could not be used, and what to do about it. */
export interface Report {
  readonly file: string
  readonly row: number | null
  /** The row's own id as far as it could be read. */
  readonly id: string | null
  readonly code: ReportCode
  readonly reason: string
  readonly fix: string
  readonly count: number
}

export type ReportCode =
  | 'bad_columns'
  | 'bad_number'
  | 'bad_quoting'
  | 'bad_text'
  | 'bad_time'
  | 'bad_value'
  | 'duplicate_id'
  | 'line_too_long'
  | 'missing_value'
  | 'no_order_row'
  | 'not_needed'
  | 'not_referenced'
  | 'order_row_unusable'
  | 'too_many'
  | 'unknown_file'

/** One line of the accounting: `used + reported === rows`, always. */
export interface FileAccount {
  readonly file: string
  /** Records after the header, blank lines not counted. */
  readonly rows: number
  readonly used: number
  readonly reported: number
  readonly codes: { readonly [code: string]: number }
}

/** A folder or file that cannot be read at all; nothing of it was used. The message says what to do. */
export class ChannelError extends Error {
  readonly code: 'bad_header' | 'file_twice' | 'file_unreadable' | 'folder_unreadable' | 'orders_missing'
  constructor(code: ChannelError['code'], message: string) {
    super(message)
    this.code = code
  }
}
