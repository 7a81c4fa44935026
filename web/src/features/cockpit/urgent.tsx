import { type ReactNode, useState } from 'react'
import type { CaseItem } from '../../../../src/contract/api/cases.ts'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { Segment } from '../../kit/button.tsx'
import { Clock } from '../../kit/clock.tsx'
import { Go } from '../../kit/go.tsx'
import { Money } from '../../kit/money.tsx'
import { Named } from '../../kit/named.tsx'
import { Pane } from '../../kit/region.tsx'
import { Severity } from '../../kit/severity.tsx'
import { Empty } from '../../kit/states.tsx'
import { useLanguage } from '../../kit/time.tsx'
import { caseAt, casesAt, orderAt } from '../../lib/addresses.ts'
import { count } from '../../lib/format.ts'
import { useCockpitTexts } from './texts.ts'

const SHOWN = 5
const SORTS = { urgent: 'urgency', oldest: undefined, atRisk: 'money' } as const
type By = keyof typeof SORTS
const ALL: readonly By[] = ['urgent', 'oldest', 'atRisk']

/** Where a person is needed first: the worst and soonest, the oldest, or the dearest. */
export function Urgent({ cockpit }: { cockpit: Cockpit }): ReactNode {
  const t = useCockpitTexts()
  const [by, setBy] = useState<By>('urgent')
  const total = cockpit.open.reduce((sum, type) => sum + type.total, 0)
  return (
    <Pane
      title={t(`urgent.${by}`)}
      head={
        <Segment<By>
          label={t('urgent.sort')}
          value={by}
          options={ALL.map(value => ({ value, label: t(`urgent.${value}`) }))}
          onChange={setBy}
        />
      }
      end={
        <Go className="l" to={casesAt({ state: 'active', sort: SORTS[by] })}>
          {t('urgent.all', { count: count(total) })}
        </Go>
      }
    >
      {cockpit[by].length === 0 ? (
        <Empty title={t('none')} why={t('none.why')} />
      ) : (
        <ul className="risk">
          {cockpit[by].slice(0, SHOWN).map(item => (
            <Case key={item.id} item={item} />
          ))}
        </ul>
      )}
    </Pane>
  )
}

function Case({ item }: { item: CaseItem }): ReactNode {
  const language = useLanguage()
  return (
    <li>
      <Severity of={item.severity} />
      <Go to={caseAt(item.id)} className="m el">
        {language === 'en' ? item.name.en : item.name.zh}
      </Go>
      <Money of={item.amount} digits={0} />
      <span />
      <span className="row sm d2">
        <Clock
          openedAt={Date.parse(item.openedAt)}
          dueAt={item.dueAt === null ? null : Date.parse(item.dueAt)}
          waitingFor={item.waiting?.for ?? null}
          waitingUntil={item.waiting === null ? null : Date.parse(item.waiting.until)}
        />
        <span className="grow" />
        <span className="el" title={item.orderNo ?? undefined}>
          {item.orderNo === null ? (
            item.channel && <Named kind="channel" code={item.channel} />
          ) : (
            <Go to={orderAt(item.stream)}>{item.orderNo}</Go>
          )}
        </span>
      </span>
    </li>
  )
}
