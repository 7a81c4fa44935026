export interface Entry<T> {
  readonly at: number
  /** Settles what comes first at the same instant, whatever was added first. */
  readonly key: string
  readonly what: T
}

/** What is to come, the earliest first: a binary heap. */
export class Agenda<T> {
  private readonly heap: Entry<T>[] = []

  get size(): number {
    return this.heap.length
  }

  peek(): Entry<T> | null {
    return this.heap[0] ?? null
  }

  add(entry: Entry<T>): void {
    const { heap } = this
    let i = heap.push(entry) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!earlier(heap[i]!, heap[parent]!)) return
      this.swap(i, parent)
      i = parent
    }
  }

  /** Takes the first one when it is due. */
  take(until: number): Entry<T> | null {
    const { heap } = this
    const first = heap[0]
    if (first === undefined || first.at > until) return null
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      this.sink()
    }
    return first
  }

  private sink(): void {
    const { heap } = this
    for (let i = 0; ; ) {
      const left = 2 * i + 1
      let least = i
      for (const child of [left, left + 1])
        if (child < heap.length && earlier(heap[child]!, heap[least]!)) least = child
      if (least === i) return
      this.swap(i, least)
      i = least
    }
  }

  private swap(a: number, b: number): void {
    const { heap } = this
    const kept = heap[a]!
    heap[a] = heap[b]!
    heap[b] = kept
  }
}

const earlier = <T>(a: Entry<T>, b: Entry<T>): boolean => a.at < b.at || (a.at === b.at && a.key < b.key)
