import { create } from 'zustand'
import { ApiError } from './api.ts'
import { queryClient } from './query.ts'
import { worldNow } from './world-time.ts'

/** How we stand with the server: when it last answered, and whether it still does. */
export interface Link {
  /** Epoch ms of its last answer; null before the first. */
  readonly heardAt: number | null
  /** The same by the clock of the world. */
  readonly worldAt: number
  readonly lost: boolean
}

/** So long after the network is back all that is shown is of after it, ms. */
const SETTLED = 5_000

export const useLink = create<Link>(() => ({ heardAt: null, worldAt: 0, lost: false }))

/** @param at when it came, epoch ms: what came before the line was lost does not call it back */
export const heard = (at = Date.now()): void => {
  if (at >= lostAt) useLink.setState({ heardAt: Date.now(), worldAt: worldNow(), lost: false })
}
export const lost = (): void => {
  lostAt = Date.now()
  useLink.setState({ lost: true })
}
/** When the line was lost last, epoch ms. */
let lostAt = 0

/** Follows what all queries come to, and what the browser says of its network. */
export function followLink(): void {
  const asked = new WeakMap<object, number>()
  queryClient.getQueryCache().subscribe(event => {
    if (event.type !== 'updated') return
    const { query, action } = event
    if (action.type === 'fetch') asked.set(query, Date.now())
    if (action.type !== 'success' && action.type !== 'error' && action.type !== 'failed') return
    if (action.type !== 'success' && action.error instanceof ApiError && action.error.status === 0) lost()
    // An answer that was under way when the line was lost says nothing of how it is now.
    else if ((asked.get(query) ?? 0) >= lostAt) heard()
  })
  window.addEventListener('offline', lost)
  window.addEventListener('online', () => {
    void queryClient.invalidateQueries()
    // Once more: what the server keeps for a moment, and a stream that is late to come back, may be from before.
    window.setTimeout(() => void queryClient.invalidateQueries(), SETTLED)
  })
}
