import type { StreamKind } from '../contract/stream.ts'
import type { Instant } from '../kernel/instant.ts'
import { decideStream, type World } from './decide.ts'
import { type LoadDeps, loadStreams } from './load.ts'
import { CLASS, type WakeRow } from './rows.ts'
import type { Sql } from './sql.ts'
import type { Swept } from './sweep.ts'

/** Streams that are looked at in one go, a few ms of work: whoever waits for an answer has the thread in between. */
const LOOK = 40

export interface ReconsiderDeps {
  readonly sql: Sql
  readonly loads: LoadDeps
  worldOf(kind: StreamKind): World
  isRetryable(error: unknown): boolean
}

/** The wake that has a stream reconsidered at `upTo`, behind everything else. */
export const sweepOf = ({ bucket, stream }: Swept, upTo: Instant): WakeRow => ({
  ...{ what: 'wake', bucket, class: CLASS.backfill, id: `s:${stream}`, stream, upTo, sweep: true },
})

/**
 * Which of these streams are not the same after they were reconsidered at `upTo`. A change of the rules leaves nearly all
 * orders as they are: those are read and decided beside the lanes, without their personal fields, which no rule reads, and
 * nothing is written. What may change is told to the lanes, which decide it again for good. A stream that moves on
 * meanwhile is no worry: its next row runs the change of the rules first (`RuleWatch.turnAfter`, `missedTurn`).
 */
export async function changedBy(
  { sql, loads, worldOf, isRetryable }: ReconsiderDeps,
  streams: readonly Swept[],
  upTo: Instant,
): Promise<Swept[]> {
  const masked: LoadDeps = { ...loads, masked: true }
  const changedOf = async (looked: readonly Swept[]): Promise<readonly Swept[]> => {
    try {
      const known = await loadStreams(
        sql,
        masked,
        looked.map(s => ({ ...s, kind: 'order' })),
      )
      return looked.filter(one => {
        const { memo } = known.get(one.stream)!
        return isMoved(decideStream(memo, [sweepOf(one, upTo)], worldOf(memo.kind)))
      })
    } catch (error) {
      if (isRetryable(error)) throw error
      // One that cannot be read must not keep all others from being looked at: its lane quarantines it.
      if (looked.length === 1) return looked
      return (await inTurn(looked, one => changedOf([one]))).flat()
    }
  }
  const pages = Array.from({ length: Math.ceil(streams.length / LOOK) }, (_, i) =>
    streams.slice(i * LOOK, (i + 1) * LOOK),
  )
  return (await inTurn(pages, changedOf)).flat()
}

async function inTurn<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (const one of all) done.push(await each(one))
  return done
}

type Decided = ReturnType<typeof decideStream>

/** As the step has it: whether anything of it would be written. */
const isMoved = ({ before, after, ...made }: Decided): boolean =>
  before.wakeAt !== after.wakeAt ||
  [made.facts, made.signals, made.sends, made.parts, made.outcomes, made.failed].some(list => list.length > 0)
