import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { call } from '../../../lib/api.ts'
import { onLive } from '../../../lib/live.ts'
import { useMe } from '../../../lib/me.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { CaseList, type CaseListState } from '../model/case-list.ts'
import { effective, type Filters, queryOf, type Search, type Sort, sortOf, textOf } from '../model/filters.ts'
import { matches } from '../model/matches.ts'

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

export const groupedBy = (sort: Sort): 'due' | 'type' | 'owner' | null =>
  sort === 'due' || sort === 'type' || sort === 'owner' ? sort : null

function caseListFor(filters: Filters, sort: Sort, me: () => string): CaseList {
  const group = groupedBy(sort)
  // What `due` means is fixed when the list is read, so that its parts fit each other.
  const query = () => queryOf(filters, worldNow())
  return new CaseList({
    summarise: signal =>
      call('summariseCases', {
        query: { ...query(), zone: ZONE, ...(group !== null && group !== 'due' && { group }) },
        signal,
      }),
    fetch: ({ limit, ...where }, signal) => call('listCases', { query: { ...query(), sort, limit, ...where }, signal }),
    belongs: item => matches(item, filters, { now: worldNow(), me: me() }),
    later: (ms, work) => {
      const timer = window.setTimeout(work, ms)
      return () => window.clearTimeout(timer)
    },
  })
}

/** The list for what the address says; it follows what changes. */
export function useCaseList(search: Search): { readonly list: CaseList; readonly state: CaseListState } {
  const sort = sortOf(search)
  const text = textOf(effective(search))
  const actor = useMe()?.actor ?? ''
  // Read when a case is told: the list does not begin anew when it is known who asks.
  const me = useRef(actor)
  me.current = actor
  // biome-ignore lint/correctness/useExhaustiveDependencies: `text` says everything that the filters say
  const list = useMemo(() => caseListFor(effective(search), sort, () => me.current), [text, sort])
  useEffect(() => {
    const stop = onLive(events => {
      const cases = events.flatMap(event => (event.name === 'case' ? [event.data] : []))
      if (cases.length > 0) list.told(cases)
      if (events.some(event => event.name === 'reset')) void list.compare()
    })
    return () => {
      stop()
      list.close()
    }
  }, [list])
  return {
    list,
    state: useSyncExternalStore(
      list.subscribe,
      useCallback(() => list.snapshot(), [list]),
    ),
  }
}
