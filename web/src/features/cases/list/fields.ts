import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CaseSummary } from '../../../../../src/contract/api/index.ts'
import { exceptionLabel } from '../../../../../src/contract/exceptions.ts'
import { useNameOf, useNames } from '../../../kit/names.ts'
import { useKitTexts } from '../../../kit/texts.ts'
import { useLanguage } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { keyOf } from '../../../lib/query.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { type Filters, type ListField, queryOf, STATUSES } from '../model/filters.ts'
import { useCaseTexts } from '../texts.ts'
import { CAUSES } from '../words.ts'

/** The filters that are lists of values, and how many cases each of their values has. */
export const FIELDS = ['status', 'severity', 'type', 'owner', 'channel', 'region'] as const
export type Field = (typeof FIELDS)[number]

type Facets = NonNullable<CaseSummary['facets']>

/** Values of a filter: those that cases have which fit everything else. */
export function useFacet(field: Field, filters: Filters): Facets[Field] | undefined {
  const { [field]: _, ...others } = filters
  const query = useQuery({
    // What `due` means is said when it is asked: a practice world may be hours on with every second.
    queryKey: [...keyOf('summariseCases'), 'facets', others],
    queryFn: ({ signal }) =>
      call('summariseCases', { query: { ...queryOf(others, worldNow()), facets: 'true' }, signal }),
    ...{ staleTime: 30_000, refetchInterval: 60_000, placeholderData: keepPreviousData },
  })
  return query.data?.facets?.[field]
}

/** What a value of a filter is called. */
export function useValueName(facet?: Facets[Field] | undefined): (field: ListField, value: string | null) => string {
  const t = useCaseTexts()
  const kit = useKitTexts()
  const language = useLanguage()
  const [nameOf, channelName] = [useNames(), useNameOf('channel')]
  return useMemo(() => {
    const labels = new Map((facet ?? []).map(one => [one.value, one.label]))
    return (field, value) => {
      if (value === null || (field === 'owner' && value === 'none')) return t('value.none')
      if (field === 'owner') return value === 'me' ? t('value.me') : nameOf(value)
      if (field === 'channel') return channelName(value)
      if (field === 'status') return STATUSES.some(s => s === value) ? kit(`state.${value as 'open'}`) : value
      const cause = field === 'cause' ? CAUSES.find(one => one === value) : undefined
      if (cause !== undefined) return t(`cause.${cause}`)
      // A type that no case has now has its name all the same.
      const label = labels.get(value) ?? (field === 'type' ? exceptionLabel(value) : undefined)
      return label ? (language === 'en' ? label.en : label.zh) : value
    }
  }, [t, kit, language, nameOf, channelName, facet])
}
