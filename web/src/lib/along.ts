import { useSyncExternalStore } from 'react'
import { part } from './part.ts'
import { withTexts } from './texts.ts'

interface Along<T> {
  /** A hook: null until the file is there. */
  (): T | null
  /** Begins to load it before anybody shows it. */
  begin(): void
}

/**
 * A piece of a page in a file of its own, in whose place nothing has to stand while it loads. No `lazy`: after each wait
 * that React had to show, it leaves whatever came in the place of any other wait for 300 ms, however early it was there.
 */
export function along<T>(load: () => Promise<T>): Along<T> {
  let state: { readonly found: T | null; readonly error: unknown } = { found: null, error: null }
  let isBegun = false
  const listeners = new Set<() => void>()
  const become = (next: typeof state): void => {
    state = next
    for (const listener of listeners) listener()
  }
  const begin = (): void => {
    if (isBegun) return
    isBegun = true
    part(withTexts(load))().then(
      found => become({ found, error: null }),
      error => become({ found: null, error }),
    )
  }
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener)
    begin()
    return () => listeners.delete(listener)
  }
  const use = (): T | null => {
    const { found, error } = useSyncExternalStore(subscribe, () => state)
    if (error !== null) throw error
    return found
  }
  return Object.assign(use, { begin })
}
