import { create } from 'zustand'
import type { LiveFactItem } from '../../../src/contract/api/live.ts'
import { onLive } from './live.ts'

/** What happened last, the newest first, and how much of it there is. */
export interface LiveFacts {
  readonly facts: readonly LiveFactItem[]
  /** Facts of the last minute, those too that were left out of the stream; null before a minute was listened to. */
  readonly perMinute: number | null
}

const KEPT = 60
const MINUTE = 60_000

export const useLiveFacts = create<LiveFacts>(() => ({ facts: [], perMinute: null }))

interface Heard {
  readonly at: number
  readonly count: number
}

/** Begins to keep them; once for each page. */
export function followFacts(): () => void {
  const began = Date.now()
  let heard: readonly Heard[] = []
  return onLive(events => {
    const facts = events.flatMap(e => (e.name === 'fact' ? [e.data] : []))
    const skipped = events.reduce((sum, e) => sum + (e.name === 'skipped' ? e.data.facts : 0), 0)
    const now = Date.now()
    heard = [...heard, { at: now, count: facts.length + skipped }].filter(one => one.at > now - MINUTE)
    const perMinute = now - began < MINUTE ? null : heard.reduce((sum, one) => sum + one.count, 0)
    useLiveFacts.setState(before => ({
      facts: facts.length === 0 ? before.facts : [...facts.toReversed(), ...before.facts].slice(0, KEPT),
      perMinute,
    }))
  })
}
