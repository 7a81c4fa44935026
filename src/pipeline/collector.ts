/** Events of one transaction; more wait for the next one. */
const MOST = 600

interface Request<T, R> {
  readonly items: readonly T[]
  readonly resolve: (receipts: R[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: requests that come while a transaction is under way share the next one. A request is never split, and
 * when a shared transaction fails each of its requests is tried by itself, so that none pays for another's fault.
 */
export class Collector<T, R> {
  private readonly run: (items: readonly T[]) => Promise<R[]>
  private readonly waiting: Request<T, R>[] = []
  /** One at a time: a second one beside it took smaller shares and cost a seventh more CPU (bench ingest-together). */
  private flying = false

  /** @param run handles items all or nothing and gives one result an item, in order */
  constructor(run: (items: readonly T[]) => Promise<R[]>) {
    this.run = run
  }

  /** Whether somebody waits for an answer. */
  get busy(): boolean {
    return this.flying
  }

  add(items: readonly T[]): Promise<R[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject })
      this.depart()
    })
  }

  private depart(): void {
    if (this.flying || this.waiting.length === 0) return
    let count = 0
    let n = 0
    while (n < this.waiting.length && (n === 0 || count + this.waiting[n]!.items.length <= MOST))
      count += this.waiting[n++]!.items.length
    const requests = this.waiting.splice(0, n)
    this.flying = true
    void this.fly(requests).finally(() => {
      this.flying = false
      this.depart()
    })
  }

  private async fly(requests: readonly Request<T, R>[]): Promise<void> {
    try {
      const results = await this.run(requests.flatMap(r => r.items))
      let at = 0
      for (const request of requests) {
        request.resolve(results.slice(at, at + request.items.length))
        at += request.items.length
      }
    } catch (error) {
      if (requests.length === 1) requests[0]!.reject(error)
      else for (const request of requests) await this.fly([request])
    }
  }
}
