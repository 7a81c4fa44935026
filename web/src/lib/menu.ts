import { create } from 'zustand'

/** What of the shell lies over the page. */
export type Overlay = 'commands' | 'keys' | 'jobs' | null

export const useOverlay = create<{ readonly open: Overlay }>(() => ({ open: null }))
export const openOverlay = (open: Overlay): void => useOverlay.setState({ open })
