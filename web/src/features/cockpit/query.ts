import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { onLive } from '../../lib/live.ts'
import { asking, keyOf, readAgain } from '../../lib/query.ts'
import type { Range } from './search.ts'

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone
/** Figures are asked for again at most so often while things change. */
const CALM = 3_000
const MINUTE = 60_000
const CHANGES: ReadonlySet<string> = new Set(['case', 'order'])

export type CockpitQuery = ReturnType<typeof useCockpit>

/** The figures of a range; read again when cases change, and every minute, since clocks move too. */
export function useCockpit(range: Range) {
  useEffect(() => {
    let timer = 0
    const off = onLive(events => {
      if (timer !== 0 || !events.some(e => CHANGES.has(e.name))) return
      timer = window.setTimeout(() => {
        timer = 0
        readAgain({ queryKey: keyOf('getCockpit') })
      }, CALM)
    })
    return () => {
      off()
      window.clearTimeout(timer)
    }
  }, [])
  return useQuery({
    ...asking('getCockpit', { query: { range, zone: ZONE } }),
    refetchInterval: ({ state }) => (state.data?.settled === false ? CALM : MINUTE),
    // Another range keeps the old figures on the screen until its own are there.
    placeholderData: (before: Cockpit | undefined) => before,
  })
}
