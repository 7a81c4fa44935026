import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SECOND } from '../../kernel/instant.ts'
import { accountTable, type ChannelEvent } from '../../modules/channels/index.ts'
import type { Receipt } from '../../pipeline/ingress.ts'
import { type Job, readJob, writeJob } from '../../pipeline/queries/jobs.ts'
import { stuckRows } from '../../pipeline/queries/waiting.ts'
import { systemClock } from '../../platform/clock.ts'
import { dataConfig } from '../config.ts'
import { openWorld, type World } from '../world.ts'
import { inTime } from './in-time.ts'
import { type Node, openNode } from './node.ts'
import { type Folder, folderOf, incomingOf, type RefusedEvent } from './olist.ts'
import { countText, durationText, Pace } from './pace.ts'
import { tellVerb } from './told.ts'
import { type Call, DATA_FLAGS, type Ending, LANES_FLAG, type Verb } from './verb.ts'

const ORDERS_PER_BATCH = 100

export const importVerb: Verb = {
  name: 'import',
  summary: 'read a folder of files as a channel, as history',
  words: 'olist <dir>',
  about: [
    'Reads a folder of the Olist data set (CSV, plain or .gz). Every row is used or reported: the report is a file of JSON',
    'lines below <data>/reports. Imported orders are history: findings and cases yes, messages no. What was interrupted',
    'goes on where it was; importing twice changes nothing. It may run beside `andon start` on the same data directory.',
  ],
  flags: { ...DATA_FLAGS, ...LANES_FLAG },
  run: call => inTime(run(call), call.stop),
}

/** What became of the events. */
interface Tally {
  orders: number
  events: number
  accepted: number
  duplicates: number
  unmatched: number
  conflicts: number
  readonly refused: RefusedEvent[]
}

async function run(call: Call): Promise<Ending> {
  const { flags, terminal, stop: stopped } = call
  // Somebody may also ask for its end in the console, which the row of the job tells.
  const asked = new AbortController()
  const stop = AbortSignal.any([stopped, asked.signal])
  const config = dataConfig(flags)
  const folder = await folderOf('import', flags, terminal)
  const world = await openWorld(config, {
    kinds: ['live'],
    mayAttach: true,
    onProgress: terminal.progress,
    warn: terminal.warn,
    mayFound: true,
    onLost: terminal.warn,
  })
  try {
    await tellVerb(call, world)
    const node = await openNode(world, config, { terminal })
    try {
      const job = `import-olist-${folder.fingerprint}`
      const stuck = await stuckRows(world.db)
      const pace = new Pace(terminal, { doing: 'Importing', unit: 'orders', all: folder.orderCount, done: 0 })
      const tally = await send({ folder, world, node, pace, job, stop, asked })
      terminal.progress('Finishing what waits')
      await node.drained(stop)
      await node.caughtUp(stop)
      const quarantined = (await stuckRows(world.db)) - stuck
      const report = writeReport(folder, { dir: join(config.dataDir, 'reports'), job, tally })
      const seconds = Math.round(pace.elapsed / 100) / 10
      const ending = { folder, tally, quarantined, report, seconds, whole: !stop.aborted }
      terminal.line(accountTable(folder.accounts))
      terminal.line(sentence(ending))
      return endingOf(ending)
    } finally {
      await node.stop()
    }
  } finally {
    await world.close()
  }
}

interface Sending {
  readonly folder: Folder
  readonly world: World
  readonly node: Node
  readonly pace: Pace
  readonly job: string
  readonly stop: AbortSignal
  readonly asked: AbortController
}

/** Sends all orders in batches and writes down how far it came after each. */
async function send({ folder, world, node, pace, job, stop, asked }: Sending): Promise<Tally> {
  const { db } = world
  const before = await readJob(db, job)
  const kept = before?.status === 'done' ? undefined : before?.progress.orders
  const done = typeof kept === 'number' ? kept : 0
  const tally: Tally = { orders: 0, events: 0, accepted: 0, duplicates: 0, unmatched: 0, conflicts: 0, refused: [] }
  const keep = (status: Job['status']) => {
    const { orders } = tally
    const progress = { done: orders, total: folder.orderCount, unit: 'orders', orders, dir: folder.dir }
    return writeJob(db, { id: job, kind: 'import', status, progress }, systemClock.now())
  }
  let batch: ChannelEvent[] = []
  for (const order of folder.orders()) {
    if (stop.aborted) return tally
    tally.orders++
    if (tally.orders <= done) continue
    batch.push(...order.events)
    if (tally.orders % ORDERS_PER_BATCH !== 0) continue
    await sendBatch(node, batch, tally)
    batch = []
    if (await keep('running')) {
      await keep('cancelled')
      asked.abort()
    }
    pace.tell(tally.orders)
  }
  await sendBatch(node, batch, tally)
  await keep('done')
  return tally
}

async function sendBatch(node: Node, events: readonly ChannelEvent[], tally: Tally): Promise<void> {
  // History: known when its source knew it, and handled in the past.
  const { incoming, refused } = incomingOf(events, event => ({ knownAt: event.knownAt }))
  tally.refused.push(...refused)
  tally.events += events.length
  const receipts = incoming.length > 0 ? await node.ingest(incoming) : []
  const count = (status: Receipt['status']): number => receipts.filter(r => r.status === status).length
  tally.accepted += count('accepted')
  tally.duplicates += count('duplicate')
  tally.unmatched += count('unmatched')
  tally.conflicts += count('conflict')
}

function writeReport(folder: Folder, to: { dir: string; job: string; tally: Tally }): string {
  mkdirSync(to.dir, { recursive: true })
  const path = join(to.dir, `${to.job}.jsonl`)
  const rows = [
    ...folder.reports,
    ...to.tally.refused.map(({ event, reason }) => ({
      code: 'refused_event',
      id: event.event.id,
      rows: event.rows,
      reason,
    })),
  ]
  writeFileSync(path, rows.map(row => `${JSON.stringify(row)}\n`).join(''))
  return path
}

interface Outcome {
  readonly folder: Folder
  readonly tally: Tally
  readonly quarantined: number
  readonly report: string
  readonly seconds: number
  readonly whole: boolean
}

function sentence({ tally, quarantined, report, seconds, whole }: Outcome): string {
  const { orders, events, accepted, duplicates, conflicts, refused } = tally
  const parts = [
    `${countText(orders)} orders and ${countText(events)} events in ${durationText(seconds * SECOND)}`,
    `${countText(accepted)} new, ${countText(duplicates)} known already`,
    ...(conflicts > 0 ? [`${countText(conflicts)} with another content than before: these were not taken`] : []),
    ...(refused.length > 0 ? [`${countText(refused.length)} refused`] : []),
    ...(quarantined > 0 ? [`${countText(quarantined)} in quarantine: see GET /v1/quarantine`] : []),
    ...(whole ? [] : ['interrupted: run it again to go on']),
  ]
  return `${parts.join('; ')}.\nRows that could not be used: ${report}`
}

function endingOf({ folder, tally, quarantined, report, seconds, whole }: Outcome): Ending {
  const { refused, ...counts } = tally
  const sum = (pick: (a: Folder['accounts'][number]) => number): number =>
    folder.accounts.reduce((total, account) => total + pick(account), 0)
  const rows = sum(a => a.rows)
  const used = sum(a => a.used)
  const reported = sum(a => a.reported)
  const accounted = folder.accounts.every(a => a.used + a.reported === a.rows)
  const ok = whole && accounted && refused.length === 0 && tally.conflicts === 0 && quarantined === 0
  const more = { refused: refused.length, quarantined, seconds, report, whole }
  return { ok, counts: { rows, used, reported, ...counts, ...more } }
}
