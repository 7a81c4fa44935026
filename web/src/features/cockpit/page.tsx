import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { CaseItem } from '../../../../src/contract/api/index.ts'
import { Money } from '../../kit/money.tsx'
import { Page } from '../../kit/page.tsx'
import { Pane } from '../../kit/region.tsx'
import { Severity } from '../../kit/severity.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { Time, useLanguage } from '../../kit/time.tsx'
import { asking } from '../../lib/query.ts'
import { useCockpitTexts } from './texts.ts'

const worst = asking('listCases', {
  query: { status: ['open', 'acknowledged', 'working', 'resolved', 'cleared'], sort: 'severity', limit: 20 },
})

export function CockpitPage(): ReactNode {
  const t = useCockpitTexts()
  const query = useQuery({ ...worst, refetchInterval: 5_000 })
  return (
    <Page title={t('title')}>
      <div style={{ padding: 16 }}>
        <Pane title={t('open')} sub={t('open.more')}>
          <View
            query={query}
            what={t('open')}
            isEmpty={page => page.items.length === 0}
            empty={<Empty title={t('none')} why={t('none.why')} />}
          >
            {page => <Cases items={page.items} />}
          </View>
        </Pane>
      </div>
    </Page>
  )
}

function Cases({ items }: { items: readonly CaseItem[] }): ReactNode {
  const t = useCockpitTexts()
  const language = useLanguage()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('col.severity')}</th>
          <th>{t('col.type')}</th>
          <th>{t('col.order')}</th>
          <th className="num">{t('col.amount')}</th>
          <th className="num">{t('col.opened')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(item => (
          <tr key={item.id}>
            <td>
              <Severity of={item.severity} />
            </td>
            <td className="m">{language === 'en' ? item.name.en : item.name.zh}</td>
            <td>{item.orderNo}</td>
            <td className="num">
              <Money of={item.amount} />
            </td>
            <td className="num">
              <Time of={item.openedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
