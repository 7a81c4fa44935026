import { create } from 'zustand'
import type { LiveCounts } from '../../../src/contract/api/live.ts'
import { onLive } from './live.ts'

/** What the navigation counts; null until the server has told. */
export const useLiveCounts = create<{ readonly counts: LiveCounts | null }>(() => ({ counts: null }))

export const followCounts = (): (() => void) =>
  onLive(events => {
    const last = events.findLast(e => e.name === 'counts')
    if (last?.name === 'counts') useLiveCounts.setState({ counts: last.data })
  })
