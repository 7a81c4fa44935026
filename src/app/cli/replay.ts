import { instantOfIso } from '../../contract/events/index.ts'
import { type Instant, isoOf } from '../../kernel/instant.ts'
import { type ChannelEvent, windowsOf } from '../../modules/channels/index.ts'
import { readJob, writeJob } from '../../pipeline/queries/jobs.ts'
import { type CaseCount, casesByType } from '../../pipeline/queries/roll-call.ts'
import { stuckRows } from '../../pipeline/queries/waiting.ts'
import { setWorld } from '../../pipeline/queries/world.ts'
import { type SimulatedClock, simulatedClock, systemClock } from '../../platform/clock.ts'
import { dataConfig } from '../config.ts'
import { followAll } from '../follow.ts'
import { openWorld, type World } from '../world.ts'
import { textFlag } from './flags.ts'
import { inTime } from './in-time.ts'
import { type Node, openNode } from './node.ts'
import { type Folder, folderOf, incomingOf } from './olist.ts'
import { countText, durationText, Pace } from './pace.ts'
import { tellVerb } from './told.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, LANES_FLAG, type Verb } from './verb.ts'

/** Events that are sent before the clock moves on. */
const WINDOW = 500

export const replay: Verb = {
  name: 'replay',
  summary: 'play a folder in a world of its own, under a simulated clock',
  words: 'olist <dir>',
  about: [
    'Plays a folder event by event in order of time, in a data directory of its own: every rule fires at the instant at',
    'which it would have fired, with the same code as live. What was interrupted goes on where it was.',
  ],
  flags: {
    ...DATA_FLAGS,
    ...LANES_FLAG,
    data: { kind: 'text', value: 'dir', help: 'the data directory of the replay; not the one of a live Andon' },
    until: {
      kind: 'text',
      value: 'time',
      help: 'stop the clock at this ISO 8601 instant (default: at the last event)',
    },
  },
  run: call => inTime(run(call), call.stop),
}

async function run(call: Call): Promise<Ending> {
  const { flags, terminal, stop } = call
  const config = dataConfig(flags)
  if (textFlag(flags, 'data') === undefined && config.databaseUrl === undefined)
    throw new UsageError('Name a data directory for the replay with --data: it becomes a world of its own.')
  const wanted = untilOf(textFlag(flags, 'until'))
  const folder = await folderOf('replay', flags, terminal)
  const world = await openWorld(config, {
    kinds: ['replay'],
    mayAttach: false,
    onProgress: terminal.progress,
    warn: terminal.warn,
    mayFound: true,
    onLost: terminal.warn,
  })
  try {
    await tellVerb(call, world)
    const from = folder.span?.from ?? 0
    const clock = simulatedClock(Number(world.values.get('clock') ?? from))
    const pace = new Pace(terminal, { doing: 'Replaying', unit: 'events', all: folder.eventCount, done: 0 })
    const until = wanted ?? folder.span?.to ?? from
    const node = await openNode(world, config, { terminal, simulated: clock })
    const events = await play({ folder, world, node, clock, pace, until, stop }).finally(() => node.stop())
    terminal.progress('Finishing what waits')
    await followAll(world, { log: terminal.log, stop })
    const stuck = await stuckRows(world.db)
    const cases = await casesByType(world.db)
    for (const line of caseLines(cases)) terminal.line(line)
    const at = isoOf(clock.now())
    const took = durationText(pace.elapsed)
    terminal.line(`${countText(events)} events up to ${at} in ${took}; ${countText(stuck)} in quarantine.`)
    const counts = { events, clock: at, quarantined: stuck, cases, whole: !stop.aborted }
    return { ok: !stop.aborted && stuck === 0, counts }
  } finally {
    await world.close()
  }
}

function untilOf(text: string | undefined): Instant | null {
  if (text === undefined) return null
  const at = instantOfIso(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)
  if (typeof at === 'number') return at
  throw new UsageError('--until takes an ISO 8601 instant with offset, such as 2018-09-01T00:00:00Z, or a day.')
}

interface Play {
  readonly folder: Folder
  readonly world: World
  readonly node: Node
  readonly clock: SimulatedClock
  readonly pace: Pace
  readonly until: Instant
  readonly stop: AbortSignal
}

/**
 * Plays window after window: what happened in it is sent, then the clock moves to its end, so that every wake runs at
 * its own instant. How far it came is written down after each; a window that was interrupted is sent again, and what of
 * it was known already is ignored.
 */
async function play(p: Play): Promise<number> {
  const job = `replay-olist-${p.folder.fingerprint}`
  const before = (await readJob(p.world.db, job))?.progress.events
  const done = typeof before === 'number' ? before : 0
  let position = 0
  const playTo = async (events: readonly ChannelEvent[], end: Instant): Promise<void> => {
    await playWindow(p, events, end)
    await keep(p, { job, events: position, all: p.folder.eventCount })
    p.pace.tell(position, `, ${isoOf(end).slice(0, 10)}`)
  }
  // What a killed run left in the mailbox comes before anything new.
  await p.node.drained(p.stop)
  for (const window of windowsOf(upTo(p.until, p.folder.events('by-time')), WINDOW)) {
    if (p.stop.aborted) return position
    const fresh = window.slice(Math.max(done - position, 0))
    position += window.length
    const last = fresh.at(-1)
    if (last) await playTo(fresh, last.occurredAt)
  }
  await playTo([], Math.max(p.until, p.clock.now()))
  return position
}

function* upTo(until: Instant, events: Iterable<ChannelEvent>): Generator<ChannelEvent> {
  for (const event of events) {
    if (event.occurredAt > until) return
    yield event
  }
}

async function playWindow({ node, clock, stop }: Play, events: readonly ChannelEvent[], end: Instant): Promise<void> {
  const { incoming, refused } = incomingOf(events, event => ({ arrivesAt: event.occurredAt }))
  if (refused[0]) throw new Error(`event ${refused[0].event.event.id} was refused: ${refused[0].reason}`)
  if (incoming.length > 0) await node.ingest(incoming)
  await node.drained(stop)
  clock.advanceTo(Math.max(end, clock.now()))
  await node.drained(stop)
}

async function keep({ world: { db }, clock }: Play, at: { job: string; events: number; all: number }): Promise<void> {
  // The clock first: when only it was written, events that are known already are sent again.
  await setWorld(db, 'clock', String(clock.now()))
  const progress = { done: at.events, total: at.all, unit: 'events', events: at.events }
  await writeJob(db, { id: at.job, kind: 'replay', status: 'running', progress }, systemClock.now())
}

function caseLines(cases: readonly CaseCount[]): string[] {
  const width = Math.max(4, ...cases.map(c => c.type.length))
  return [
    `${'case'.padEnd(width)}     open  over`,
    ...cases.map(c => `${c.type.padEnd(width)}  ${String(c.open).padStart(7)} ${String(c.over).padStart(5)}`),
  ]
}
