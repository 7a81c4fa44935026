/** Events of one transaction; more wait for the next one. */
const MOST = 600

interface Request<T, R> {
  readonly items: readonly T[]
  readonly resolve: (receipts: R[]) => void
  readonly reject: (error: unknown) => void
}

/** What a transaction knows of the one before it and the one after. */
export interface Flight {
  /** Resolves when the one before has ended: they commit one after another. */
  turn(): Promise<void>
  /** The rest is up to the database: the next one may prepare itself. */
  sent(): void
}

/**
 * Group commit: requests that come while a transaction is under way share one of the next, which prepares itself meanwhile. A
 * request is never split, and when a shared transaction fails each of its requests is tried by itself, so that none pays for another's fault.
 */
export class Collector<T, R> {
  private readonly run: (items: readonly T[], flight: Flight) => Promise<R[]>
  private readonly waiting: Request<T, R>[] = []
  /** Whether one is preparing itself. */
  private preparing = false
  /** Under way. */
  private flights = 0
  /** Ends when the newest one has landed; never fails. */
  private landing: Promise<void> = Promise.resolve()
  /** Events of the newest one. */
  private flown = 0

  /** @param run handles items all or nothing and gives one result an item, in order */
  constructor(run: (items: readonly T[], flight: Flight) => Promise<R[]>) {
    this.run = run
  }

  /** Whether somebody waits for an answer. */
  get busy(): boolean {
    return this.flights > 0
  }

  add(items: readonly T[]): Promise<R[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject })
      this.depart()
    })
  }

  private depart(): void {
    if (this.preparing || this.waiting.length === 0) return
    const share = this.share()
    let count = 0
    let n = 0
    while (n < this.waiting.length && (n === 0 || (count < share && count + this.waiting[n]!.items.length <= MOST)))
      count += this.waiting[n++]!.items.length
    const requests = this.waiting.splice(0, n)
    this.flown = count
    this.preparing = true
    this.flights++
    const before = this.landing
    const sent = Promise.withResolvers<void>()
    const flying = this.fly(requests, { turn: () => before, sent: sent.resolve }).finally(() => {
      this.flights--
      sent.resolve()
    })
    // One that failed before its turn has ended, and the one before it may still fly.
    this.landing = Promise.all([before, flying]).then(() => {})
    void sent.promise.then(() => {
      this.preparing = false
      this.depart()
    })
  }

  /**
   * Half of what goes round: senders that were just answered come again. Taking all that waits, one transaction is large
   * and the next one small for ever, and while the large one commits the steps have nothing to do.
   */
  private share(): number {
    return this.waiting.reduce((sum, { items }) => sum + items.length, this.flown) / 2
  }

  private async fly(requests: readonly Request<T, R>[], flight: Flight): Promise<void> {
    try {
      const results = await this.run(
        requests.flatMap(r => r.items),
        flight,
      )
      let at = 0
      for (const request of requests) {
        request.resolve(results.slice(at, at + request.items.length))
        at += request.items.length
      }
    } catch (error) {
      if (requests.length === 1) requests[0]!.reject(error)
      else for (const request of requests) await this.fly([request], flight)
    }
  }
}
