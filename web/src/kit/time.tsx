import { type ReactNode, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { fullTime, shortTime, type When } from '../lib/format.ts'
import type { Language } from '../lib/prefs.ts'
import { onTimeJump, worldNow } from '../lib/world-time.ts'

const listeners = new Set<() => void>()
let second = Math.floor(worldNow() / 1000)
let timer = 0

function tick(): void {
  second = Math.floor(worldNow() / 1000)
  for (const tell of listeners) tell()
}
onTimeJump(tick)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1) timer = window.setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.clearInterval(timer)
  }
}

/** Now, by the clock of the world that is shown, in steps: one ticker serves the whole page. @param step ms; a minute for lists, a second for the large clock */
export function useNow(step = 60_000): number {
  const read = (): number => Math.floor((second * 1000) / step) * step
  const now = useSyncExternalStore(subscribe, read)
  // Steps round down; a list that has just been opened should not be up to a minute behind.
  return step >= 60_000 ? Math.max(now, Math.floor(worldNow() / 1000) * 1000) : now
}

export const useLanguage = (): Language => (useTranslation().i18n.language === 'en' ? 'en' : 'zh-CN')

export interface TimeProps {
  readonly of: When | null
  /** In a narrow column: of another year the day only. */
  readonly brief?: boolean
}

/** An instant: `10:41` today, with its day else; the tooltip has all of it, with the zone. */
export function Time({ of, brief }: TimeProps): ReactNode {
  const now = useNow()
  const language = useLanguage()
  if (of === null) return <span className="d2">—</span>
  return (
    <time className="nw" dateTime={new Date(of).toISOString()} title={fullTime(of, language)}>
      {brief ? shortTime(of, now).replace(/^(\d{4}-\d\d-\d\d) .*$/, '$1') : shortTime(of, now)}
    </time>
  )
}
