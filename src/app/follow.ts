import { personalPathsOf } from '../contract/personal.ts'
import { GROUPS } from '../kernel/bucket.ts'
import { Projector } from '../pipeline/project.ts'
import type { Log } from '../platform/log.ts'
import { blindToken, loadsWith } from './compose.ts'
import type { World } from './world.ts'

const ALL_GROUPS = Array.from({ length: GROUPS }, (_, i) => i)

/** Lets the followers see everything that is in the ledger. No other process may run on the database meanwhile. */
export async function followAll(
  { db, sealer }: World,
  options: { readonly log: Log; readonly stop: AbortSignal; readonly seen?: (rows: number) => void },
): Promise<void> {
  const projector = new Projector({
    db,
    loads: loadsWith(sealer),
    log: options.log,
    pause: () => Promise.resolve(),
    groups: () => ALL_GROUPS,
    tokens: type => {
      const personal = new Set(personalPathsOf(type))
      return { isPersonal: path => personal.has(path), blind: text => blindToken(sealer, text) }
    },
  })
  let rows = 0
  while (!options.stop.aborted) {
    const read = await projector.round()
    if (read === 0) return
    rows += read
    options.seen?.(rows)
  }
}
