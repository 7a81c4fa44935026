import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { CaseItem } from '../../../../src/contract/api/cases.ts'
import { Segment } from '../../kit/button.tsx'
import { Clock } from '../../kit/clock.tsx'
import { Go } from '../../kit/go.tsx'
import { Money } from '../../kit/money.tsx'
import { Pane } from '../../kit/region.tsx'
import { Severity } from '../../kit/severity.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { useLanguage } from '../../kit/time.tsx'
import { caseAt, casesAt } from '../../lib/addresses.ts'
import { count } from '../../lib/format.ts'
import { asking } from '../../lib/query.ts'
import { useCockpitTexts } from './texts.ts'

const SHOWN = 5
const SORTS = { risk: 'urgency', money: 'money', due: 'due' } as const
type By = keyof typeof SORTS

/** Where a person is needed first: the worst and soonest, the dearest, or those that wait longest past their time. */
export function Urgent(): ReactNode {
  const t = useCockpitTexts()
  const [by, setBy] = useState<By>('risk')
  const query = useQuery(asking('listCases', { query: { state: 'active', sort: SORTS[by], limit: SHOWN } }))
  const total = query.data?.total
  const all =
    total === undefined ? undefined : (
      <Go className="l" to={casesAt({ state: 'active', sort: SORTS[by] })}>
        {t('urgent.all', { count: `${count(total.count)}${total.exact ? '' : '+'}` })}
      </Go>
    )
  return (
    <Pane title={t('urgent')} sub={t(`urgent.${by}`)} end={all}>
      <View
        query={query}
        what={t('urgent')}
        rows={SHOWN}
        isEmpty={page => page.items.length === 0}
        empty={<Empty title={t('none')} why={t('none.why')} />}
      >
        {page => (
          <ul className="risk">
            {page.items.map(item => (
              <Case key={item.id} item={item} />
            ))}
          </ul>
        )}
      </View>
      <div className="under">
        <Segment<By>
          label={t('urgent.by')}
          value={by}
          options={(['risk', 'due', 'money'] as const).map(value => ({ value, label: t(`urgent.${value}`) }))}
          onChange={setBy}
        />
      </div>
    </Pane>
  )
}

function Case({ item }: { item: CaseItem }): ReactNode {
  const language = useLanguage()
  return (
    <li>
      <Severity of={item.severity} />
      <Go to={caseAt(item.id)} className="m el">
        {language === 'en' ? item.name.en : item.name.zh} {item.orderNo ?? item.channel}
      </Go>
      <Money of={item.amount} digits={0} />
      <span />
      <span className="sm d2">
        <Clock
          openedAt={Date.parse(item.openedAt)}
          dueAt={item.dueAt === null ? null : Date.parse(item.dueAt)}
          waitingFor={item.waiting?.for ?? null}
          waitingUntil={item.waiting === null ? null : Date.parse(item.waiting.until)}
        />
      </span>
    </li>
  )
}
