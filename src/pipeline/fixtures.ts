import type { Reactor } from '../contract/stream.ts'
import { bucketOf } from '../kernel/bucket.ts'
import { digest26 } from '../kernel/hash.ts'
import type { JsonObject } from '../kernel/json.ts'
import { decideStream, initialSlices, type World } from './decide.ts'
import { CLASS, type Decision, type IntakeRow, type LedgerRow, type Memo, type WakeRow, type Work } from './rows.ts'

/** One stream without a database, for tests: rows, an empty memory and a world of given reactors. */

export const STREAM = `o-${digest26('order', 'order_no', 'shop/A-1')}`
const BUCKET = bucketOf(STREAM)

/** An event that arrives at `at` and happened then, unless `more` says otherwise. Ids grow with `n`. */
export const eventRow = (n: number, at: number, type: string, more: Partial<IntakeRow> = {}): IntakeRow => ({
  ...{ bucket: BUCKET, class: CLASS.event, id: `row-${String(n).padStart(6, '0')}`, stream: STREAM, kind: 'order' },
  ...{ what: 'event', type, v: 1, actor: 'feed:shop', occurredAt: at, recordedAt: at, knownAt: at },
  ...{ historical: false, body: {}, stored: '{}' },
  ...more,
})

export const commandRow = (n: number, at: number, type: string, body: JsonObject = {}): IntakeRow =>
  eventRow(n, at, type, { class: CLASS.command, what: 'command', actor: 'user:anna', body })

export const wakeRow = (upTo: number): WakeRow => ({
  ...{ what: 'wake', bucket: BUCKET, class: CLASS.event, id: `w:${STREAM}`, stream: STREAM, upTo },
})

export const newMemo = (reactors: readonly Reactor<unknown>[]): Memo => ({
  ...{ stream: STREAM, kind: 'order', bucket: BUCKET, version: 0, clock: 0, wakeAt: null, historical: false },
  slices: initialSlices(reactors),
})

export const worldOf = (reactors: readonly Reactor<unknown>[], more: Partial<World> = {}): World => ({
  reactors,
  refsAt: () => ({}),
  wakeRecordedAt: wake => wake,
  versionOf: () => 1,
  ...more,
})

/** A reactor that does nothing, to be given what a test is about. */
export const reactor = <S>(given: Partial<Reactor<S>> & { slice: string; initial: S }): Reactor<unknown> =>
  ({ shape: 1, on: [], adds: [], evolve: (state: S) => state, react: () => ({}), ...given }) as Reactor<unknown>

/** What several decisions of one stream gave, one after the other. */
export interface Told {
  readonly memo: Memo
  readonly facts: readonly LedgerRow[]
  readonly rest: Pick<Decision, 'signals' | 'sends' | 'parts' | 'outcomes' | 'failed' | 'consumed'>
}

/** Decides batch after batch. */
export function tell(world: World, batches: readonly (readonly Work[])[], from = newMemo(world.reactors)): Told {
  const decisions: Decision[] = []
  let memo = from
  for (const batch of batches) {
    const decision = decideStream(memo, batch, world)
    decisions.push(decision)
    memo = decision.after
  }
  return {
    memo,
    facts: decisions.flatMap(d => d.facts),
    rest: {
      signals: decisions.flatMap(d => d.signals),
      sends: decisions.flatMap(d => d.sends),
      parts: decisions.flatMap(d => d.parts),
      outcomes: decisions.flatMap(d => d.outcomes),
      failed: decisions.flatMap(d => d.failed),
      consumed: decisions.flatMap(d => d.consumed),
    },
  }
}

/** The types of facts, in order. */
export const typesOf = (facts: readonly { readonly type: string }[]): string[] => facts.map(f => f.type)

/** Freezes a value all the way down, so that who changes it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(frozen)
  return value
}
