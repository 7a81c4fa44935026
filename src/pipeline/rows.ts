import type { PartPut, Send, Signal, StreamId, StreamKind } from '../contract/stream.ts'
import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'

/** Classes of the mailbox: lower is served first. */
export const CLASS = { command: 0, signal: 1, event: 2, backfill: 3 } as const

/** One row of the mailbox, with its body in plain text (`body`) and as stored (`stored`, personal fields sealed). */
export interface IntakeRow {
  readonly bucket: number
  readonly class: number
  readonly id: string
  readonly stream: StreamId
  readonly kind: StreamKind
  readonly what: 'event' | 'command' | 'signal'
  readonly type: string
  readonly v: number
  readonly actor: string
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  readonly knownAt: Instant
  readonly historical: boolean
  readonly body: JsonObject
  readonly stored: string
  /** Of a command: fingerprint of what was asked, so that its idempotency key is not taken for another request. */
  readonly request?: string
  /** The ingress has just made the stream's first key: there is nothing to load. Only a hint, never stored. */
  readonly fresh?: boolean
}

/** A due timer, or a sweep after a change of the rules: handled like a row, never stored. */
export interface WakeRow {
  readonly what: 'wake'
  readonly bucket: number
  readonly class: number
  readonly id: string
  readonly stream: StreamId
  /** Wakes up to and including this instant are run. */
  readonly upTo: Instant
  /** Reconsider the stream at `upTo` even when nothing is due: the rules have changed. */
  readonly sweep?: boolean
}

export type Work = IntakeRow | WakeRow

/** What a lane remembers of a stream between steps. Immutable. */
export interface Memo {
  readonly stream: StreamId
  readonly kind: StreamKind
  readonly bucket: number
  readonly version: number
  readonly clock: Instant
  readonly wakeAt: Instant | null
  readonly historical: boolean
  readonly slices: { readonly [slice: string]: unknown }
}

/** How the stream stands in the database; what a write compares against. */
export interface Stored {
  readonly version: number
  readonly timerAt: Instant | null
  readonly bornMonth: number
  readonly blobVersion: number
  /** The JSON of the state has no more bytes than this; measured only when it comes near what is allowed. */
  readonly stateBound: number
}

export interface LedgerRow {
  readonly bucket: number
  readonly stream: StreamId
  readonly seq: number
  readonly type: string
  readonly v: number
  readonly actor: string
  readonly cause: string | null
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  readonly knownAt: Instant
  /** The stored JSON text; undefined until sealed and serialised by the step. */
  readonly stored: string | undefined
  readonly body: JsonObject
}

export interface Outcome {
  readonly bucket: number
  readonly commandId: string
  readonly status: 200 | 409
  readonly stream: StreamId
  readonly version: number
  readonly at: Instant
  readonly body: JsonObject
  /** Fingerprint of the request that it answers. */
  readonly request: string
}

export interface Failed {
  readonly work: Work
  readonly code: string
  readonly message: string
}

/** Everything that handling one stream's rows produced; data only. */
export interface Decision {
  readonly before: Memo
  readonly after: Memo
  readonly facts: readonly LedgerRow[]
  readonly signals: readonly (Signal & { id: string; at: Instant })[]
  readonly sends: readonly (Send & { at: Instant })[]
  readonly parts: readonly PartPut[]
  readonly outcomes: readonly Outcome[]
  readonly failed: readonly Failed[]
  readonly consumed: readonly IntakeRow[]
}

export interface ReadRows {
  /** Whole rows of `order_row`, and rows of which only the progress changed. */
  readonly orders: readonly object[]
  readonly moved: readonly object[]
  readonly cases: readonly object[]
  readonly findings: readonly object[]
}
