import type { Instant } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'

/** What a stream is the life of; `system`: the installation itself. */
export type StreamKind = 'order' | 'feed' | 'system'

/** Stream id: kind letter, hyphen, 26 characters of base32, e.g. `o-4f...`; made by `streamIdOf`. */
export type StreamId = string

/** One row of a stream's ledger, in the newest shape of its type, personal fields in plain text. */
export interface Fact {
  readonly type: string
  readonly v: number
  /** Position in the stream, from 1 without gaps. */
  readonly seq: number
  /** When it happened, as the source says. */
  readonly occurredAt: Instant
  /** When we wrote it down. */
  readonly recordedAt: Instant
  /** When one could have known it: `recordedAt` when live, the source's time for imported history. */
  readonly knownAt: Instant
  /** Who: `feed:olist`, `user:anna`, `rule:late@3`, `system`. */
  readonly actor: string
  /** Id of the intake row that caused it; null for a fact that a wake produced. */
  readonly cause: string | null
  readonly body: JsonObject
}

/** A fact that a reactor wants added; the pipeline fills in the rest. */
export interface NewFact {
  readonly type: string
  readonly body: JsonObject
  /** Default: the stream's now. */
  readonly occurredAt?: Instant
  /** Default: `system`. */
  readonly actor?: string
}

/** A message to another stream; travels through that stream's intake. */
export interface Signal {
  readonly to: StreamId
  readonly kind: StreamKind
  readonly type: string
  readonly body: JsonObject
}

/** An effect on the outside, as data. The key makes it idempotent. */
export interface Send {
  readonly channel: 'webhook'
  readonly key: string
  readonly type: string
  readonly body: JsonObject
}

/** A row of its own for what a stream can have many of; null removes it. */
export interface PartPut {
  readonly kind: string
  readonly part: string
  readonly body: JsonObject | null
}

export interface Reaction {
  readonly facts?: readonly NewFact[]
  readonly signals?: readonly Signal[]
  readonly sends?: readonly Send[]
  readonly parts?: readonly PartPut[]
  /** For a command: what its caller gets besides the stream's new version. */
  readonly answer?: JsonObject
}

/** A command that the domain refuses; it is recorded and the caller gets it. */
export interface Refused {
  readonly refused: string
  readonly detail?: JsonObject
}
export const refuse = (code: string, detail?: JsonObject): Refused => ({ refused: code, ...(detail && { detail }) })
export const isRefused = (x: Reaction | Refused): x is Refused => 'refused' in x

export interface Command {
  readonly type: string
  readonly id: string
  readonly actor: string
  readonly body: JsonObject
}

/** Immutable, versioned reference data by kind; see `src/pipeline/references.ts` for what is in it. */
export interface References {
  readonly [kind: string]: unknown
}

/** What a reactor may look at: all slices of the stream after the fact was folded, and the reference data. */
export interface StreamView {
  readonly stream: StreamId
  readonly kind: StreamKind
  /** True when the stream came from an import of history: findings yes, messages no. */
  readonly historical: boolean
  readonly slices: { readonly [slice: string]: unknown }
  readonly refs: References
}

/** One owner of one slice of a stream's state. Pure and synchronous; `evolve` and `react` are total. */
export interface Reactor<S> {
  readonly slice: string
  /** Raised when S changes; streams whose stored shape differs are folded again before use. */
  readonly shape: number
  readonly initial: S
  /** Types whose facts are offered to `react`; `tick` is a wake. */
  readonly on: readonly string[]
  /** Types of facts that `react` and `handle` may add. A test prints the cycles of this graph. */
  readonly adds: readonly string[]
  /** Command types that `handle` takes. */
  readonly commands?: readonly string[]
  evolve(state: S, fact: Fact): S
  react(view: StreamView, fact: Fact | Tick, now: Instant): Reaction
  handle?(view: StreamView, command: Command, now: Instant): Reaction | Refused
  /** The earliest instant after `now` at which this slice can change by itself; null for never. */
  wakeAt?(view: StreamView, now: Instant): Instant | null
}

/** A wake: never stored. */
export interface Tick {
  readonly type: 'tick'
}
export const TICK: Tick = { type: 'tick' }

export const NOTHING: Reaction = {}
