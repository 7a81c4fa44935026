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

export const useLink = create<Link>(() => ({ heardAt: null, worldAt: 0, lost: false }))

export const heard = (): void => useLink.setState({ heardAt: Date.now(), worldAt: worldNow(), lost: false })
export const lost = (): void => useLink.setState({ lost: true })

/** Follows what all queries come to, and what the browser says of its network. */
export function followLink(): void {
  queryClient.getQueryCache().subscribe(event => {
    if (event.type !== 'updated') return
    if (event.action.type === 'success') heard()
    if (event.action.type === 'error' || event.action.type === 'failed') {
      const { error } = event.action
      if (error instanceof ApiError && error.status === 0) lost()
      else heard()
    }
  })
  window.addEventListener('offline', lost)
  window.addEventListener('online', () => void queryClient.invalidateQueries())
}
