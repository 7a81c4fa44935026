import type { Instant } from '../kernel/instant.ts'

export interface Timer {
  readonly at: Instant
  readonly stream: string
  readonly bucket: number
}

/**
 * Due times of a lane in memory: a binary heap of what falls before `windowEnd`. The lane writes all timers of its
 * groups itself, so between two reads of the database nothing can appear that it does not know; no polling is needed.
 * A timer may be out of date (the deadline moved); the step that runs it sees that.
 */
export class Timers {
  private readonly heap: Timer[] = []
  /** Timers before this instant are all in the heap. */
  windowEnd: Instant = Number.NEGATIVE_INFINITY

  get size(): number {
    return this.heap.length
  }

  /**
   * Takes what was read for a window until `until`, the `most` earliest of each bucket: the window ends where the first bucket
   * may hold more. What lies behind that is told again by the next read.
   */
  fill(read: readonly Timer[], until: Instant, most: number): void {
    const buckets = new Map<number, { n: number; last: Instant }>()
    for (const timer of read) {
      this.add(timer)
      const { n, last } = buckets.get(timer.bucket) ?? { n: 0, last: timer.at }
      buckets.set(timer.bucket, { n: n + 1, last: Math.max(last, timer.at) })
    }
    const full = [...buckets.values()].filter(({ n }) => n >= most)
    this.windowEnd = full.reduce((end, { last }) => Math.min(end, last), until)
  }

  /** Whether anything was read since all was forgotten. */
  get isRead(): boolean {
    return this.windowEnd > Number.NEGATIVE_INFINITY
  }

  next(): Instant | null {
    return this.heap[0]?.at ?? null
  }

  add(timer: Timer): void {
    const heap = this.heap
    let i = heap.push(timer) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (heap[parent]!.at <= timer.at) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = timer
  }

  /** Removes and returns timers due at `now`, at most `limit`. */
  due(now: Instant, limit: number): Timer[] {
    const out: Timer[] = []
    while (out.length < limit && this.heap.length > 0 && this.heap[0]!.at <= now) out.push(this.pop())
    return out
  }

  private pop(): Timer {
    const heap = this.heap
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) this.sink(last)
    return top
  }

  private sink(timer: Timer): void {
    const heap = this.heap
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++
      if (heap[child]!.at >= timer.at) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = timer
  }

  clear(): void {
    this.heap.length = 0
    this.windowEnd = Number.NEGATIVE_INFINITY
  }
}
