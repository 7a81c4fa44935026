import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { CaseSummary } from '../../../../src/contract/api/inbox.ts'
import { View } from '../../kit/states.tsx'
import { casesAt } from '../../lib/addresses.ts'
import { amount, count, symbolOf } from '../../lib/format.ts'
import { asking } from '../../lib/query.ts'
import { type Kpi, Kpis } from './kpis.tsx'
import { useCockpitTexts } from './texts.ts'

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone
const SUMMARY = asking('summariseCases', { query: { state: 'active', zone: ZONE } })

/** The figures that one looks at first. */
export function Headline(): ReactNode {
  const t = useCockpitTexts()
  const query = useQuery({ ...SUMMARY, refetchInterval: 60_000 })
  return (
    <View query={query} what={t('kpis')} rows={2}>
      {summary => <Figures summary={summary} />}
    </View>
  )
}

function Figures({ summary }: { summary: CaseSummary }): ReactNode {
  const t = useCockpitTexts()
  const due = (group: string): number => summary.due.find(d => d.group === group)?.count ?? 0
  const [money] = summary.money
  const still = { change: null, trend: [], note: '' }
  const kpis: readonly Kpi[] = [
    {
      ...still,
      id: 'open',
      label: t('kpi.open'),
      value: `${count(summary.count)}${summary.exact ? '' : '+'}`,
      to: casesAt({ state: 'active' }),
    },
    {
      ...still,
      id: 'overdue',
      label: t('kpi.overdue'),
      value: count(due('overdue')),
      bad: due('overdue') > 0,
      note: t('kpi.soon', { count: due('soon') }),
      to: casesAt({ state: 'active', sort: 'due' }),
    },
    {
      ...still,
      id: 'money',
      label: t('kpi.money'),
      sign: symbolOf(money?.currency ?? null),
      value: amount(money?.minor ?? 0, money?.currency ?? null, 0),
      note: t('kpi.moneyNote'),
      to: casesAt({ state: 'active', sort: 'money' }),
    },
  ]
  return <Kpis label={t('kpis')} kpis={kpis} />
}
