import type { Instant } from '../../../kernel/instant.ts'
import type { ChannelEvent, FileAccount, Report, RowRef } from '../types.ts'
import { type MappedOrder, mapOrder } from './map.ts'
import { type Loaded, type LoadProgress, loadOlist } from './read.ts'

/** One order of the folder with everything that became of its rows. */
export interface OlistOrder {
  readonly orderKey: string
  /** In order of time. */
  readonly events: readonly ChannelEvent[]
  /** Rows that the events were made of. */
  readonly used: number
  readonly reported: readonly Report[]
}

/**
 * `by-order`: order after order as the orders file has them, each in order of time; for an import.
 * `by-time`: all events in order of time, then of order id; for a replay.
 */
export type Merge = 'by-order' | 'by-time'

export interface OlistFolder {
  readonly orderCount: number
  readonly eventCount: number
  /** First and last instant of any event; null when there is none. */
  readonly span: { readonly from: Instant; readonly to: Instant } | null
  /** One line a file; used + reported is the number of its rows. */
  readonly accounts: readonly FileAccount[]
  /** Every row that could not be used, and why. */
  readonly reports: readonly Report[]
  orders(): IterableIterator<OlistOrder>
  events(merge: Merge): IterableIterator<ChannelEvent>
}

/**
 * Reads a whole folder and maps it once, so that the accounting is known before the first event is sent.
 * Events are made again when they are asked for: rows take a tenth of the memory of events.
 * Throws ChannelError, see `loadOlist`.
 */
export async function openOlist(dir: string, onProgress?: (at: LoadProgress) => void): Promise<OlistFolder> {
  const loaded = await loadOlist(dir, onProgress)
  const keys = [...loaded.orders.keys()]
  const { order, eventCount, span } = survey(loaded, keys)
  return {
    orderCount: keys.length,
    eventCount,
    span,
    accounts: loaded.tally.accounts(),
    reports: loaded.tally.reports(),
    *orders() {
      for (const key of keys) yield orderOf(key, mapped(loaded, key))
    },
    *events(merge) {
      if (merge === 'by-time') yield* inTime(loaded, keys, order())
      else for (const key of keys) yield* mapped(loaded, key).events
    },
  }
}

/** The orders of a folder one by one, in the order of its orders file. */
export async function* readOlist(dir: string): AsyncGenerator<OlistOrder> {
  yield* (await openOlist(dir)).orders()
}

/** The events of a folder, see `Merge`. */
export async function* olistEvents(dir: string, options: { merge: Merge }): AsyncGenerator<ChannelEvent> {
  yield* (await openOlist(dir)).events(options.merge)
}

function mapped(loaded: Loaded, key: string): MappedOrder {
  const order = loaded.orders.get(key)
  if (!order) throw new Error(`no order ${key} among those that were loaded`)
  return mapOrder({
    order,
    customer: loaded.customers.get(order.customerId),
    items: loaded.items.get(key) ?? [],
    payments: loaded.payments.get(key) ?? [],
    reviews: loaded.reviews.get(key) ?? [],
    products: loaded.products,
    translations: loaded.translations,
  })
}

function orderOf(orderKey: string, { events, reports }: MappedOrder): OlistOrder {
  const used = new Set(events.flatMap(e => e.rows.map(r => `${r.file}:${r.row}`)))
  return { orderKey, events, used: used.size, reported: reports }
}

interface Survey {
  readonly eventCount: number
  readonly span: OlistFolder['span']
  /** For each event in order of time the number of its order. */
  order(): Uint32Array
}

/** Maps every order once: settles what is used and reported, and remembers the instants for the order of time. */
function survey(loaded: Loaded, keys: readonly string[]): Survey {
  const instants: number[] = []
  const owners: number[] = []
  keys.forEach((key, i) => {
    const { events, reports } = mapped(loaded, key)
    for (const event of events) {
      loaded.tally.use(event.rows)
      instants.push(event.occurredAt)
      owners.push(i)
    }
    for (const report of reports) loaded.tally.report(report)
  })
  sweep(loaded)
  return { eventCount: instants.length, span: spanOf(instants), order: () => timeOrder(keys, instants, owners) }
}

const spanOf = (instants: readonly Instant[]): Survey['span'] =>
  instants.length === 0
    ? null
    : { from: instants.reduce((a, b) => Math.min(a, b)), to: instants.reduce((a, b) => Math.max(a, b)) }

/** Master rows that were kept for a row which then was reported itself (a twin, say) are used by nobody. */
function sweep({ customers, products, translations, tally }: Loaded): void {
  const masters: Iterable<RowRef>[] = [customers.values(), products.values(), translations.values()]
  for (const rows of masters)
    for (const row of rows)
      if (!tally.isUsed(row)) tally.bulk(row.file, 'not_referenced', 'no order of this folder refers to them')
}

function timeOrder(keys: readonly string[], instants: readonly number[], owners: readonly number[]): Uint32Array {
  const at = (i: number): number => instants[i] ?? 0
  const key = (i: number): string => keys[owners[i] ?? 0] ?? ''
  const order = Uint32Array.from(instants, (_, i) => i)
  // The events of one order stand in their own order already; the index keeps it at one instant.
  order.sort((a, b) => at(a) - at(b) || (key(a) === key(b) ? a - b : key(a) < key(b) ? -1 : 1))
  return order.map(i => owners[i] ?? 0)
}

/** Keeps only those orders as events that have begun and not ended: some thousands of them, not all. */
function* inTime(loaded: Loaded, keys: readonly string[], owners: Uint32Array): Generator<ChannelEvent> {
  const open = new Map<number, { events: readonly ChannelEvent[]; next: number }>()
  for (const owner of owners) {
    const life = open.get(owner) ?? { events: mapped(loaded, keys[owner] ?? '').events, next: 0 }
    const event = life.events[life.next]
    if (!event) throw new Error(`order ${keys[owner]} has fewer events than it had`)
    life.next++
    if (life.next < life.events.length) open.set(owner, life)
    else open.delete(owner)
    yield event
  }
}
