import type { CaseItem, CaseSummary } from '../../../../../src/contract/api/index.ts'

/** Rows of one request. */
export const WINDOW = 100

export interface CaseListState {
  /** The list in figures, as of its reading; null before the first. */
  readonly summary: CaseSummary | null
  /** Rows that were read, by their place in the list. */
  readonly items: ReadonlyMap<number, CaseItem>
  /** Why there is nothing to show, or why what is shown is old. */
  readonly error: unknown
  /** Ids of rows that changed a moment ago. */
  readonly changed: ReadonlySet<string>
  /** Cases that belong into the list and are not in it, and rows that moved or no longer belong: both wait for a reading. */
  readonly news: ReadonlySet<string>
  readonly gone: ReadonlySet<string>
}

const NOBODY: ReadonlySet<string> = new Set()
const EMPTY: CaseListState = {
  ...{ summary: null, items: new Map(), error: null },
  ...{ changed: NOBODY, news: NOBODY, gone: NOBODY },
}

export interface Window {
  readonly items: readonly CaseItem[]
  /** Where the next one begins. */
  readonly next: string | null
}

/** Which rows: those after a place, or, where nobody has been yet, those after so many. */
export type Where = { readonly cursor: string } | { readonly offset: number }

export interface CaseListDeps {
  summarise(signal: AbortSignal): Promise<CaseSummary>
  fetch(window: Where & { readonly limit: number }, signal: AbortSignal): Promise<Window>
  /** Whether a case belongs into the list; null: only the server knows. */
  belongs(item: CaseItem): boolean | null
  /** Calls back after so many ms; returns how to stop that. */
  later(ms: number, work: () => void): () => void
}

const TINT = 1000

/**
 * A list of cases of any length, of which only what was looked at is read. Rows stay where they are: what changes is
 * changed in its place, what comes and goes is counted and waits until somebody reads the list again.
 */
export class CaseList {
  private readonly deps: CaseListDeps
  private state: CaseListState = EMPTY
  private readonly listeners = new Set<() => void>()
  /** Windows that were asked for since the last reading, and those of them that are still to come. */
  private asked = new Set<number>()
  private coming = new Set<number>()
  /** Windows that may have changed while nobody told: they are compared when they are looked at. */
  private old: ReadonlySet<number> = new Set()
  /** Where windows begin whose one before was read. */
  private begins = new Map<number, string>()
  /** Where each case stands. */
  private places = new Map<string, number>()
  /** Windows that are looked at. */
  private seen: ReadonlySet<number> = new Set([0])
  /** Cases that stay known though their place is no longer read, and their last known state. */
  private held: ReadonlySet<string> = NOBODY
  private readonly kept = new Map<string, CaseItem>()
  private stop = new AbortController()
  /** Requests under way, and what was told meanwhile: their answers may be of before. */
  private reading = 0
  private meanwhile: CaseItem[] = []
  /** Readings of all that is looked at under way, and whether what they bring is to be compared. */
  private renewing = 0
  private isLate = false
  private readonly timers = new Set<() => void>()

  constructor(deps: CaseListDeps) {
    this.deps = deps
    void this.reload()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = (): CaseListState => this.state

  close(): void {
    this.stop.abort()
    for (const end of this.timers) end()
  }

  /** Reads anew what is looked at; until it is there, what was there before is shown. */
  async reload(): Promise<void> {
    this.stop.abort()
    this.stop = new AbortController()
    const { signal } = this.stop
    const windows = [...this.seen]
    this.asked = new Set(windows)
    this.coming = new Set()
    this.old = new Set()
    this.isLate = false
    this.reading++
    this.renewing++
    try {
      const [summary, ...pages] = await Promise.all([
        this.deps.summarise(signal),
        ...windows.map(window => this.fetch({ offset: window * WINDOW }, signal)),
      ])
      if (signal.aborted) return
      this.keep(new Set(windows))
      this.places = new Map()
      this.begins = new Map()
      // What came of other windows meanwhile goes with the rest, and is asked for again.
      this.asked = new Set([...windows, ...this.coming])
      const items = new Map<number, CaseItem>()
      for (const [i, page] of pages.entries()) this.put(items, windows[i] ?? 0, page)
      this.set({ summary, items, error: null, news: NOBODY, gone: NOBODY })
    } catch (error) {
      if (signal.aborted) return
      this.asked = new Set()
      this.set({ error })
    } finally {
      this.renewing--
      this.caughtUp()
    }
    if (this.isLate && this.state.error === null) await this.compare()
  }

  /**
   * Looks what became of the rows while nobody told: what changed is changed in its place, what came and went is counted
   * and waits, as if it had been told. A reading under way may be of before: it is awaited first.
   */
  async compare(): Promise<void> {
    if (this.renewing > 0) {
      this.isLate = true
      return
    }
    if (this.state.error !== null) return this.reload()
    this.old = new Set(this.asked)
    await this.lookAgain()
  }

  /** Compares what is looked at and may have changed. */
  private async lookAgain(): Promise<void> {
    const windows = [...this.seen].filter(window => this.old.has(window) && !this.coming.has(window))
    if (windows.length === 0) return
    const { signal } = this.stop
    this.old = this.old.difference(new Set(windows))
    this.reading++
    try {
      const pages = await Promise.all(windows.map(window => this.fetch(this.whereIs(window), signal)))
      if (signal.aborted) return
      this.set({ error: null })
      const found = new Set(pages.flatMap(({ items }) => items.map(item => item.id)))
      for (const [i, page] of pages.entries()) this.compareWindow(windows[i] ?? 0, page, found)
    } catch (error) {
      if (signal.aborted) return
      this.old = this.old.union(new Set(windows))
      this.set({ error })
    } finally {
      this.caughtUp()
    }
  }

  /** `found`: what any window holds now; what went from one to another is not gone. */
  private compareWindow(window: number, { items, next }: Window, found: ReadonlySet<string>): void {
    const shown = Array.from({ length: WINDOW }, (_, i) => this.state.items.get(window * WINDOW + i)?.id ?? '').filter(
      id => id !== '' && !this.state.gone.has(id),
    )
    const now = items.map(item => item.id)
    const isWhole = this.state.items.size >= (this.state.summary?.count ?? 0)
    // Counted from the start of the list, both begin at the same row only if nothing moved before.
    const fromStart = window === 0 || this.begins.has(window)
    const came = leftOut(now, { of: shown, fromStart, toEnd: isWhole }).filter(id => !this.places.has(id))
    const went = leftOut(shown, { of: now, fromStart, toEnd: next === null }).filter(id => !found.has(id))
    this.set({ news: this.state.news.union(new Set(came)), gone: this.state.gone.union(new Set(went)) })
    this.apply(items)
  }

  private fetch(where: Where, signal: AbortSignal): Promise<Window> {
    return this.deps.fetch({ ...where, limit: WINDOW }, signal)
  }

  private whereIs(window: number): Where {
    const begin = this.begins.get(window)
    return begin === undefined ? { offset: window * WINDOW } : { cursor: begin }
  }

  /** A request is over: what was told while it was under way is told of what it brought. */
  private caughtUp(): void {
    this.reading--
    const told = this.meanwhile
    if (this.reading === 0) this.meanwhile = []
    this.apply(told)
  }

  /** These places are looked at. */
  need(places: readonly number[]): void {
    this.seen = new Set(places.map(windowOf))
    if (this.state.summary === null) return
    for (const window of this.seen) {
      if (this.asked.has(window)) continue
      this.asked.add(window)
      void this.read(window)
    }
    void this.lookAgain()
  }

  item(id: string): CaseItem | null {
    const place = this.places.get(id)
    return (place === undefined ? undefined : this.state.items.get(place)) ?? this.kept.get(id) ?? null
  }

  /** These stay known when the list is read again, wherever they stand: somebody is about to act on them. */
  hold(ids: ReadonlySet<string>): void {
    this.held = ids
    for (const id of this.kept.keys()) if (!ids.has(id)) this.kept.delete(id)
  }

  /** Before the places are forgotten: what is held and stands where nobody looks now. What left the list goes. */
  private keep(windows: ReadonlySet<number>): void {
    for (const id of this.held) {
      const place = this.places.get(id)
      const item = this.item(id)
      if (item === null) continue
      const readAgain = place !== undefined && windows.has(windowOf(place))
      if (readAgain || this.deps.belongs(item) === false) this.kept.delete(id)
      else this.kept.set(id, item)
    }
  }

  /** Cases as they are now. An older version than the one that is shown is nothing new. */
  told(items: readonly CaseItem[]): void {
    if (this.reading > 0) this.meanwhile.push(...items)
    this.apply(items)
  }

  private apply(items: readonly CaseItem[]): void {
    let rows: Map<number, CaseItem> | null = null
    const changed = new Set<string>()
    const news = new Set(this.state.news)
    const gone = new Set(this.state.gone)
    for (const item of items) {
      const belongs = this.deps.belongs(item)
      const place = this.places.get(item.id)
      if (place === undefined) {
        const before = this.kept.get(item.id)
        if (before !== undefined && before.version <= item.version) {
          if (belongs === false) this.kept.delete(item.id)
          else this.kept.set(item.id, item)
          // The rows are the same; who acts on what is held is to look again.
          rows ??= new Map(this.state.items)
        }
        if (belongs === true && this.isNew(item)) news.add(item.id)
        else if (belongs === false) news.delete(item.id)
        continue
      }
      const before = this.state.items.get(place)
      if (before !== undefined && before.version > item.version) continue
      if (belongs === false) gone.add(item.id)
      else gone.delete(item.id)
      if (before !== undefined && before.version === item.version && before.status === item.status) continue
      rows ??= new Map(this.state.items)
      rows.set(place, item)
      changed.add(item.id)
    }
    const moved = news.size !== this.state.news.size || gone.size !== this.state.gone.size
    if (rows === null && !moved) return
    this.set({ ...(rows && { items: rows }), news, gone })
    if (changed.size > 0) this.tint(changed)
  }

  /** A row that nobody has looked at yet is no news: where not all were read, only what was opened since. */
  private isNew({ openedAt }: CaseItem): boolean {
    const { summary, items } = this.state
    if (summary === null) return false
    return items.size >= summary.count || Date.parse(openedAt) >= Date.parse(summary.now)
  }

  /** Shows rows otherwise before the server has answered; returns how to take that back for those that it refused. */
  patch(ids: readonly string[], change: (item: CaseItem) => CaseItem): (ids: readonly string[]) => void {
    const before = new Map(ids.map(id => [id, this.item(id)]))
    const guessed = this.replace(ids, change)
    // A row that was told or read since is right as it is.
    return refused => void this.replace(refused, now => (guessed.has(now) ? (before.get(now.id) ?? now) : now))
  }

  private replace(ids: readonly string[], change: (item: CaseItem) => CaseItem): Set<CaseItem> {
    const items = new Map(this.state.items)
    const made = new Set<CaseItem>()
    for (const id of ids) {
      const place = this.places.get(id)
      const before = place === undefined ? this.kept.get(id) : items.get(place)
      if (before === undefined) continue
      const after = change(before)
      made.add(after)
      if (place === undefined) this.kept.set(id, after)
      else items.set(place, after)
    }
    this.set({ items })
    return made
  }

  private async read(window: number): Promise<void> {
    const { stop, coming } = this
    const { signal } = stop
    coming.add(window)
    this.reading++
    try {
      const page = await this.fetch(this.whereIs(window), signal)
      if (signal.aborted) return
      const items = new Map(this.state.items)
      this.put(items, window, page)
      this.set({ items, error: null })
    } catch (error) {
      if (signal.aborted) return
      // Looked at again, it is asked for again.
      this.asked.delete(window)
      this.old = this.old.difference(new Set([window]))
      this.set({ error })
    } finally {
      coming.delete(window)
      this.caughtUp()
    }
    await this.lookAgain()
  }

  private put(rows: Map<number, CaseItem>, window: number, { items, next }: Window): void {
    if (next !== null) this.begins.set(window + 1, next)
    items.forEach((item, i) => {
      const place = window * WINDOW + i
      // The list moved between two requests: a case stands where it was seen first.
      if (this.places.has(item.id) && this.places.get(item.id) !== place) return
      this.places.set(item.id, place)
      this.kept.delete(item.id)
      rows.set(place, item)
    })
  }

  private tint(ids: ReadonlySet<string>): void {
    this.set({ changed: this.state.changed.union(ids) })
    const end = this.deps.later(TINT, () => {
      this.timers.delete(end)
      this.set({ changed: this.state.changed.difference(ids) })
    })
    this.timers.add(end)
  }

  private set(change: Partial<CaseListState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}

interface Other {
  readonly of: readonly string[]
  /** Whether the other reading begins where the part begins, and whether it is the whole rest of the list. */
  readonly fromStart: boolean
  readonly toEnd: boolean
}

/** Those of a part of a list that are not in another reading of it. What only moved over its ends is not left out. */
function leftOut(ids: readonly string[], { of, fromStart, toEnd }: Other): string[] {
  const others = new Set(of)
  const first = fromStart ? 0 : ids.findIndex(id => others.has(id))
  const last = toEnd ? ids.length : ids.findLastIndex(id => others.has(id))
  return ids.slice(Math.max(0, first), Math.max(0, last)).filter(id => !others.has(id))
}

const windowOf = (place: number): number => Math.floor(place / WINDOW)
