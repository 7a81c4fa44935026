import type { Instant } from '../kernel/instant.ts'
import { CLASS, type IntakeRow, type WakeRow, type Work } from './rows.ts'

/** Rows of one stream that one step takes at the most; the rest waits for the next step. */
const MAX_ROWS_PER_STREAM = 64
/**
 * What a sweep reconsiders nobody has seen of late: it is loaded, opened and folded. It weighs as much as so many rows, lest a
 * command that comes meanwhile waits for a long step (`bench/sweep.ts`); what a timer wakes as well while people are at work
 * (`bench/wakes.ts`): it costs a fifth of the throughput, so not while nobody waits.
 */
const HEAVY = 4

interface Taking {
  /** Until when what a timer woke is to run, whatever it was put in with. */
  readonly upTo?: Instant
  /** Whether people are at work. */
  readonly isLively?: boolean
}

interface Waiting {
  readonly rows: Work[]
  lowest: number
}

/**
 * What waits in a lane, in memory: streams by the lowest class of their rows, then by age. The database's `intake` is
 * the truth; this is the lane's copy of it, filled by the ingress of the same process, by hints and after a restart.
 */
export class Mailbox {
  private readonly byStream = new Map<string, Waiting>()
  private readonly known = new Set<string>()
  private readonly queues: string[][] = [[], [], [], []]
  private readonly heads = [0, 0, 0, 0]
  private rows = 0
  private alarms = 0

  get depth(): number {
    return this.rows
  }

  /** Wakes among them that a timer brought; a sweep's are none. */
  get wakes(): number {
    return this.alarms
  }

  has(id: string): boolean {
    return this.known.has(id)
  }

  /** Rows that are already waiting are ignored. */
  push(rows: readonly IntakeRow[]): void {
    for (const row of rows) {
      if (this.known.has(row.id)) continue
      this.known.add(row.id)
      this.put(row)
    }
  }

  /** A wake goes behind the stream's waiting rows: they run the wakes before them by themselves. */
  pushWake(wake: WakeRow): void {
    if (this.known.has(wake.id)) return
    this.known.add(wake.id)
    this.put(wake)
  }

  private put(work: Work): void {
    this.rows++
    if (isAlarm(work)) this.alarms++
    const waiting = this.byStream.get(work.stream)
    if (!waiting) this.byStream.set(work.stream, { rows: [work], lowest: work.class })
    else {
      waiting.rows.push(work)
      if (work.class >= waiting.lowest) return
      waiting.lowest = work.class
    }
    this.queues[work.class]!.push(work.stream)
  }

  /**
   * Takes whole streams, lowest class first, until about `limit` rows are taken. Commands are taken alone: somebody waits
   * for their answer, and a step of a few rows is over before it is noticed.
   */
  take(limit: number, { upTo, isLively }: Taking = {}): Map<string, Work[]> {
    const taken = new Map<string, Work[]>()
    let count = 0
    for (let c = 0; c < this.queues.length && count < limit; c++) {
      const queue = this.queues[c]!
      while (count < limit && this.heads[c]! < queue.length) {
        const stream = queue[this.heads[c]!++]!
        const waiting = this.byStream.get(stream)
        // A stream that stands in a queue twice was served by its lower class.
        if (!waiting || taken.has(stream)) continue
        count += weightOf(this.takeStream(stream, waiting, taken), isLively === true)
      }
      this.compact(c)
      if (c === CLASS.command && count > 0) break
    }
    // Only now, so that a stream whose rest waits is not passed over as one that was served in this very step.
    for (const [stream, rows] of taken) {
      if (upTo !== undefined && rows.some(isAlarm))
        taken.set(
          stream,
          rows.map(row => (isAlarm(row) ? { ...row, upTo } : row)),
        )
      const rest = this.byStream.get(stream)
      if (rest) this.queues[rest.lowest]!.push(stream)
    }
    return taken
  }

  private takeStream(stream: string, waiting: Waiting, taken: Map<string, Work[]>): Work[] {
    const all = inOrder(waiting.rows)
    const rows = all.slice(0, MAX_ROWS_PER_STREAM)
    for (const row of rows) {
      this.known.delete(row.id)
      if (isAlarm(row)) this.alarms--
    }
    this.rows -= rows.length
    taken.set(stream, rows)
    this.byStream.delete(stream)
    const rest = all.slice(MAX_ROWS_PER_STREAM)
    if (rest.length > 0) {
      const lowest = Math.min(...rest.map(row => row.class))
      this.byStream.set(stream, { rows: rest, lowest })
    }
    return rows
  }

  private compact(c: number): void {
    const head = this.heads[c]!
    if (head < 1024 && head < this.queues[c]!.length) return
    this.queues[c] = this.queues[c]!.slice(head)
    this.heads[c] = 0
  }

  /** Forgets everything that `keep` refuses; used when groups are lost or the copy must be read again. */
  retain(keep: (bucket: number) => boolean): void {
    const all = [...this.byStream.values()].flatMap(waiting => waiting.rows)
    this.byStream.clear()
    this.known.clear()
    this.rows = 0
    this.alarms = 0
    for (let c = 0; c < this.queues.length; c++) {
      this.queues[c] = []
      this.heads[c] = 0
    }
    for (const work of all) {
      if (!keep(work.bucket)) continue
      this.known.add(work.id)
      this.put(work)
    }
  }
}

const weightOf = (rows: readonly Work[], isLively: boolean): number =>
  rows.reduce((sum, row) => sum + (row.what === 'wake' && (row.sweep || isLively) ? HEAVY : 1), 0)

const isAlarm = (work: Work): work is WakeRow => work.what === 'wake' && !work.sweep

// As they were written down, then by id (ids of one node rise, but a command's id is a digest); a wake after them all.
const inOrder = (work: Work[]): Work[] => (work.length === 1 ? work : work.sort(byArrival))

function byArrival(a: Work, b: Work): number {
  if (a.what === 'wake' || b.what === 'wake') return (a.what === 'wake' ? 1 : 0) - (b.what === 'wake' ? 1 : 0)
  return a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
