import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { streamIdOf } from '../../src/contract/identity.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { type ChannelEvent, openOlist, windowsOf } from '../../src/modules/channels/index.ts'
import { type OracleInterval, type OracleRule, olistOracle } from '../support/olist-oracle.ts'
import type { Harness } from '../support/pipeline.ts'
import { incoming } from '../support/pipeline.ts'

export const DIR = fileURLToPath(new URL('../../../shared/data/olist', import.meta.url))
export const skip = existsSync(DIR)
  ? false
  : 'no ../shared/data/olist beside the repository: the real folder is not tested'
export const FULL = process.env.ANDON_FULL === '1'
/** The last instant of the replayed world: half a year past the last event, so that every rule had its time. */
export const WORLD_END = Date.UTC(2019, 5, 1)

/** Part of the real orders, the same ones each time. */
export interface Slice {
  readonly keys: ReadonlySet<string>
  /** By order, each in order of time. */
  readonly orders: readonly { readonly key: string; readonly events: readonly ChannelEvent[] }[]
}

const early = (events: readonly ChannelEvent[]) => events[0]?.event.type !== 'order.placed'

/**
 * About `size` orders, chosen by a hash of their id, and every one of which something was said before it was placed: those
 * are few, and hard. All of them with ANDON_FULL=1.
 */
export async function sliceOf(size: number): Promise<Slice> {
  const folder = await openOlist(DIR)
  const share = FULL ? 1 : size / folder.orderCount
  const chosen = (key: string) => createHash('sha256').update(key).digest().readUInt32BE() / 2 ** 32 < share
  const orders = [...folder.orders()]
    .filter(order => chosen(order.orderKey) || early(order.events))
    .map(order => ({ key: order.orderKey, events: order.events }))
  return { keys: new Set(orders.map(o => o.key)), orders }
}

export const byTime = ({ orders }: Slice): ChannelEvent[] =>
  orders
    .flatMap(o => o.events)
    .sort((a, b) => a.occurredAt - b.occurredAt || (a.orderKey < b.orderKey ? -1 : a.orderKey > b.orderKey ? 1 : 0))

type Node = Pick<Harness, 'pipeline' | 'clock'>

/** Plays events as they happened: what falls into a window is sent, then the clock moves to its end. */
export async function replay(node: Node, events: readonly ChannelEvent[], window = 500): Promise<void> {
  for (const part of windowsOf(events, window)) {
    await node.pipeline.ingest(part.map(e => ({ ...parsed(e), arrivesAt: e.occurredAt })))
    await node.pipeline.drained()
    node.clock.advanceTo(Math.max(part.at(-1)!.occurredAt, node.clock.now()))
    await node.pipeline.drained()
  }
  node.clock.advanceTo(WORLD_END)
  await node.pipeline.drained()
}

/** Imports orders as history, order by order; returns how many events were new. */
export async function importAll(node: Node, { orders }: Slice): Promise<number> {
  let accepted = 0
  for (let from = 0; from < orders.length; from += 100) {
    const events = orders.slice(from, from + 100).flatMap(o => o.events)
    const receipts = await node.pipeline.ingest(events.map(e => ({ ...parsed(e), knownAt: e.knownAt })))
    accepted += receipts.filter(r => r.status !== 'duplicate').length
    await node.pipeline.drained()
  }
  await node.pipeline.drained()
  return accepted
}

const parsed = (event: ChannelEvent) => {
  const { arrivesAt: _, ...rest } = incoming(event.event, { now: event.occurredAt })
  return rest
}

export const olistStream = (key: string): string => streamIdOf('order', 'order_no', `olist/${key}`)

// ---- findings as intervals -------------------------------------------------------------------------------------------

export interface Interval {
  readonly rule: string
  readonly raisedAt: Instant
  readonly clearedAt: Instant | null
}

/** A finding as the ledger tells it. */
export interface Told {
  readonly stream: string
  readonly type: 'finding.raised' | 'finding.cleared'
  readonly rule: string
  readonly at: Instant
}

/**
 * The intervals of each rule of each stream. What appears and vanishes within one instant is left out, and what vanishes
 * and is back within one instant never went away: of several events of one instant some are handled before the others.
 */
export function intervalsOf(told: readonly Told[]): Map<string, Interval[]> {
  const out = new Map<string, Interval[]>()
  const open = new Map<string, Instant>()
  const add = (stream: string, interval: Interval) => {
    const list = out.get(stream) ?? []
    out.set(stream, list)
    const last = list.findLastIndex(i => i.rule === interval.rule)
    if (last >= 0 && list[last]!.clearedAt === interval.raisedAt)
      list[last] = { ...interval, raisedAt: list[last]!.raisedAt }
    else if (interval.raisedAt !== interval.clearedAt) list.push(interval)
  }
  for (const { stream, type, rule, at } of told) {
    const key = `${stream} ${rule}`
    const since = open.get(key)
    if (type === 'finding.raised') {
      if (since !== undefined) throw new Error(`${key} is raised twice`)
      open.set(key, at)
    } else {
      if (since === undefined) throw new Error(`${key} is cleared and was not raised`)
      open.delete(key)
      add(stream, { rule, raisedAt: since, clearedAt: at })
    }
  }
  for (const [key, raisedAt] of open) {
    const [stream, rule] = key.split(' ') as [string, string]
    add(stream, { rule, raisedAt, clearedAt: null })
  }
  return out
}

/** One line per interval, sorted: what two sides are compared by. */
export const linesOf = (intervals: ReadonlyMap<string, readonly Interval[]>): string[] =>
  [...intervals]
    .flatMap(([stream, list]) => list.map(i => `${stream} ${i.rule} ${i.raisedAt} ${i.clearedAt}`))
    .toSorted()

/** What the oracle says of a slice, by stream. */
export function oracleOf({ keys }: Slice): Map<string, (OracleInterval & { readonly rule: OracleRule })[]> {
  return Map.groupBy(olistOracle(DIR, WORLD_END, keys), i => olistStream(i.orderId))
}

/** Lines of `is` that `should` lacks, and the other way round; empty lists are what one wants. */
export function differences(is: readonly string[], should: readonly string[]): { extra: string[]; missing: string[] } {
  const [a, b] = [new Set(is), new Set(should)]
  return { extra: [...a.difference(b)].slice(0, 5), missing: [...b.difference(a)].slice(0, 5) }
}
