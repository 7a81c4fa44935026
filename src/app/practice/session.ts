import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { isEmptyWorld } from '../../pipeline/queries/world.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import { type DataConfig, PRACTICE_DATA } from '../config.ts'
import { PracticeHost } from './host.ts'
import { PracticeOffer } from './offer.ts'
import { runShop, SHOP_MEMORY } from './shop-process.ts'

/** What a start has to do with the practice shop: it is one, or it offers one. */
export interface PracticeSession {
  readonly host: PracticeHost | null
  readonly offer: PracticeOffer | null
  /** Aborted when the world is to be thrown away; the reason is the seed of the next one. */
  readonly again: AbortSignal
  /** Once the server listens. */
  begin(at: { readonly url: string; readonly key: string; readonly link: string }): void
  end(): Promise<void>
}

interface SessionDeps {
  readonly config: DataConfig
  readonly db: Database
  readonly log: Log
  /** Of a world that is founded now. */
  readonly seed: number
  /** The pipeline, which is built with the clock of this session. */
  pipeline(): Pipeline
}

export async function openPractice({ config, db, log, seed, pipeline }: SessionDeps): Promise<PracticeSession> {
  const again = new AbortController()
  const host = await PracticeHost.open({
    ...{ db, seed, wallClock: systemClock },
    settled: () => pipeline().drained(),
    restart: next => again.abort(next),
  })
  let shop: ReturnType<typeof runShop> | null = null
  return {
    ...{ host, offer: null, again: again.signal },
    begin: at => {
      host.link = at.link
      shop = runShop({ ...at, dataDir: config.dataDir, clock: systemClock, log })
    },
    async end() {
      await shop?.stop()
      await host.close()
    },
  }
}

/** Of a live world: from a machine's own port, beside data of its own. */
export function offerPractice({ config, db, log, host }: Omit<SessionDeps, 'seed' | 'pipeline'> & { host: string }) {
  const offer = new PracticeOffer({
    ...{ host, log, clock: systemClock, dataDir: join(config.dataDir, PRACTICE_DATA) },
    empty: () => isEmptyWorld(db),
  })
  const never = new AbortController().signal
  const session: PracticeSession = { host: null, offer, again: never, begin: () => {}, end: () => offer.stop() }
  return session
}

/** Deletes what Andon keeps in the data directory of a practice world, and nothing else. */
export function eraseWorld({ dataDir }: DataConfig): void {
  for (const name of ['postgres', 'run', 'secret.key', SHOP_MEMORY])
    rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 })
}
