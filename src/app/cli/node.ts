import type { Incoming, Receipt } from '../../pipeline/ingress.ts'
import { Overloaded } from '../../pipeline/overloaded.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { followersBehind, ledgerEnds, mailWaiting } from '../../pipeline/queries/waiting.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { createMetrics } from '../../platform/metrics.ts'
import { buildPipeline, newId, shipped } from '../compose.ts'
import { type DataConfig, machineName } from '../config.ts'
import type { World } from '../world.ts'
import type { Terminal } from './terminal.ts'

/** Rows that may wait before a bulk load holds back, so that memory stays flat and commands stay quick. */
const MOST_WAITING = 8_000
const LOOK_AGAIN = 25

/**
 * A pipeline for the command line. When another Andon runs on the data directory it only puts rows into the mailbox,
 * and that one carries them out; otherwise it does the whole work.
 */
export interface Node {
  readonly pipeline: Pipeline
  ingest(events: readonly Incoming[]): Promise<Receipt[]>
  /** Resolves when nothing waits any more, or when `stop` is aborted. */
  drained(stop: AbortSignal): Promise<void>
  /** Resolves when the followers have seen everything. */
  caughtUp(stop: AbortSignal): Promise<void>
  stop(): Promise<void>
}

export async function openNode(
  world: World,
  config: DataConfig,
  options: { readonly terminal: Terminal; readonly simulated?: Clock },
): Promise<Node> {
  const { db, sealer, attached } = world
  const pipeline = buildPipeline({
    ...{ db, sealer, log: options.terminal.log, metrics: createMetrics({ process: false }) },
    ...(await shipped()),
    ...{ node: nodeName(world, config), lanes: config.lanes },
    simulated: options.simulated,
  })
  if (!attached) await pipeline.start()
  const waiting = () => (attached ? mailWaiting(db, MOST_WAITING + 1) : Promise.resolve(pipeline.depth))
  return {
    pipeline,
    ingest: async events => {
      while ((await waiting()) > MOST_WAITING) await pause()
      for (;;) {
        try {
          return await pipeline.ingest(events)
        } catch (error) {
          if (!(error instanceof Overloaded)) throw error
          await pause()
        }
      }
    },
    drained: async stop => {
      // What waits when we are asked to stop is done at the next start.
      if (!attached) await Promise.race([pipeline.drained(), ended(stop)])
      // Of rows in groups that another process owns.
      while (!stop.aborted && (await mailWaiting(db, 1)) > 0) await pause()
    },
    caughtUp: async stop => {
      if (attached) return
      // By the database: groups of a process that died have followers that are behind, and become ours only later.
      const ends = await ledgerEnds(db)
      pipeline.projector.poke()
      while (!stop.aborted && (await followersBehind(db, ends)) > 0) await pause()
    },
    stop: () => (attached ? Promise.resolve() : pipeline.stop()),
  }
}

const ended = (stop: AbortSignal): Promise<void> => systemClock.sleepUntil(Number.MAX_SAFE_INTEGER, stop)

const pause = (): Promise<void> => systemClock.sleepUntil(systemClock.now() + LOOK_AGAIN)

/** With the built-in database there is one such process, so that after a crash it takes its own leases back at once. */
export const nodeName = ({ embedded }: World, config: DataConfig): string =>
  config.nodeId ?? (embedded ? 'local' : `${machineName()}-${newId()}`)
