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
  { sql, loads, worldOf }: ReconsiderDeps,
  streams: readonly Swept[],
  upTo: Instant,
): Promise<Swept[]> {
  const masked: LoadDeps = { ...loads, masked: true }
  const changed: Swept[] = []
  for (let i = 0; i < streams.length; i += LOOK) {
    const looked = streams.slice(i, i + LOOK)
    const known = await loadStreams(
      sql,
      masked,
      looked.map(s => ({ ...s, kind: 'order' })),
    )
    for (const one of looked) {
      const { memo } = known.get(one.stream)!
      if (isMoved(decideStream(memo, [sweepOf(one, upTo)], worldOf(memo.kind)))) changed.push(one)
    }
  }
  return changed
}

type Decided = ReturnType<typeof decideStream>

/** As the step has it: whether anything of it would be written. */
const isMoved = ({ before, after, ...made }: Decided): boolean =>
  before.wakeAt !== after.wakeAt ||
  [made.facts, made.signals, made.sends, made.parts, made.outcomes, made.failed].some(list => list.length > 0)
