import { useEffect, useState } from 'react'
import { part } from './part.ts'
import { withTexts } from './texts.ts'

interface Along<T> {
  /** A hook: null until the file is there; it throws where the file does not come. Who shows it anew begins anew. */
  (): T | null
  /** Begins to load it before anybody shows it. */
  begin(): void
}

/**
 * A piece of a page in a file of its own, in whose place nothing has to stand while it loads. No `lazy`: after each wait
 * that React had to show, it leaves whatever came in the place of any other wait for 300 ms, however early it was there.
 */
export function along<T>(load: () => Promise<T>): Along<T> {
  let found: T | null = null
  let coming: Promise<T> | null = null
  const ask = async (): Promise<T> => {
    try {
      found = await part(withTexts(load))()
      return found
    } catch (error) {
      coming = null
      throw error
    }
  }
  const loaded = (): Promise<T> => {
    coming ??= ask()
    return coming
  }
  const use = (): T | null => {
    const [state, become] = useState<{ found: T | null; error: unknown }>({ found, error: null })
    useEffect(() => {
      let isShown = found === null
      if (!isShown) return
      loaded().then(
        there => isShown && become({ found: there, error: null }),
        error => isShown && become({ found: null, error }),
      )
      return () => {
        isShown = false
      }
    }, [])
    if (state.error !== null) throw state.error
    return state.found
  }
  // Who shows it asks again, and says why it does not come.
  const begin = (): void => void loaded().catch(() => {})
  return Object.assign(use, { begin })
}
