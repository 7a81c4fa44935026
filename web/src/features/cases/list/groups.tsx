import { type ReactNode, useCallback, useMemo } from 'react'
import type { CaseSummary } from '../../../../../src/contract/api/index.ts'
import type { Sort } from '../model/filters.ts'
import type { Group } from '../model/lines.ts'
import { useCaseTexts } from '../texts.ts'
import { useValueName } from './fields.ts'
import { groupedBy } from './use-case-list.ts'

/** How a list is cut, in its order; null: it is not. */
export function useGroups(sort: Sort, summary: CaseSummary | null): readonly Group[] | null {
  return useMemo(() => {
    const by = groupedBy(sort)
    if (by === null || summary === null) return null
    if (by === 'due') return summary.due.map(({ group, count }) => ({ id: group, count }))
    return (summary.groups ?? []).map(({ value, count }) => ({ id: value ?? NONE, count }))
  }, [sort, summary])
}

const NONE = ''
const DUE = ['overdue', 'soon', 'today', 'tomorrow', 'later', 'none'] as const

export function useGroupTitle(sort: Sort, summary: CaseSummary | null): (group: string) => ReactNode {
  const t = useCaseTexts()
  const nameOf = useValueName(summary?.groups ?? [])
  return useCallback(
    (id: string): ReactNode => {
      const due = DUE.find(group => group === id)
      if (groupedBy(sort) === 'due' && due !== undefined)
        return <span className={due === 'overdue' ? 'red' : due === 'soon' ? 'amber' : ''}>{t(`group.${due}`)}</span>
      return nameOf(sort === 'owner' ? 'owner' : 'type', id === NONE ? null : id)
    },
    [sort, t, nameOf],
  )
}
