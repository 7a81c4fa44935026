import { isoOf } from '../../kernel/instant.ts'
import { ownedGroups } from '../../pipeline/queries/waiting.ts'
import { dropWorld, setWorld } from '../../pipeline/queries/world.ts'
import { rebuildReadRows } from '../../pipeline/rebuild.ts'
import { systemClock } from '../../platform/clock.ts'
import { loadsWith } from '../compose.ts'
import { dataConfig } from '../config.ts'
import { followAll } from '../follow.ts'
import { openWorld, REBUILDING, type World } from '../world.ts'
import { oftenEnough } from './often.ts'
import { countText } from './pace.ts'
import { tellVerb } from './told.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'

/** Opens the world of a call, whatever its kind, for the time of `work`. */
export async function inWorld(
  call: Call,
  options: { readonly mayAttach: boolean },
  work: (world: World) => Promise<Ending>,
): Promise<Ending> {
  const { flags, terminal } = call
  const world = await openWorld(dataConfig(flags), {
    kinds: ['live', 'replay', 'practice'],
    mayAttach: options.mayAttach,
    onProgress: terminal.progress,
    warn: terminal.warn,
    mayFound: false,
    onLost: terminal.warn,
  })
  try {
    await tellVerb(call, world)
    return await work(world)
  } finally {
    await world.close()
  }
}

export const rebuildVerb: Verb = {
  name: 'rebuild',
  summary: 'make all read tables again from the ledger',
  about: [
    'Empties what can be made from the ledger and makes it again. Nothing else may run on the database meanwhile, nor',
    'after it was broken off: run it again then.',
  ],
  flags: DATA_FLAGS,
  run: call => inWorld(call, { mayAttach: false }, world => rebuild(call, world)),
}

async function rebuild({ terminal, stop }: Call, world: World): Promise<Ending> {
  const { db, sealer } = world
  // Leases of a process that was killed run out within seconds; ours of the built-in database cannot be anybody's.
  if (!world.embedded && (await ownedGroups(db)) > 0)
    throw new UsageError('Another Andon works on this database: stop it, wait ten seconds, then rebuild.')
  const say = oftenEnough(terminal)
  await setWorld(db, REBUILDING, isoOf(systemClock.now()))
  const counts = await rebuildReadRows(db, loadsWith(sealer), streams => {
    stop.throwIfAborted()
    say(() => `Rebuilding: ${countText(streams)} streams`)
  })
  await dropWorld(db, REBUILDING)
  const seen = (rows: number): void => say(() => `Rebuilding search and roll-ups: ${countText(rows)} facts`)
  await followAll(world, { log: terminal.log, stop, seen })
  const { orders, cases, findings, facts } = counts
  terminal.line(
    `${countText(orders)} orders, ${countText(cases)} cases and ${countText(findings)} findings made again from ${countText(facts)} facts.`,
  )
  return { ok: !stop.aborted, counts: { ...counts } }
}
