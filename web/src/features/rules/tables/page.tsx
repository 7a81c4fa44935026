import '../rules.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useNames } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { View } from '../../../kit/states.tsx'
import { Tag } from '../../../kit/tag.tsx'
import { Time } from '../../../kit/time.tsx'
import { asking } from '../../../lib/query.ts'
import { RuleTabs } from '../list/tabs.tsx'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'

/** The decision tables, by what they are used for. */
export function TablesPage(): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const nameOf = useNames()
  const query = useQuery(asking('listTables', {}))
  return (
    <Page title={t('tab.tables')}>
      <RuleTabs />
      <View query={query} what={t('tab.tables')} rows={3}>
        {({ items }) => (
          <div className="rules-t">
            <table className="t">
              <thead>
                <tr>
                  <th>{t('tables.use')}</th>
                  <th>{t('tables.live')}</th>
                  <th className="num">{t('tables.rows')}</th>
                  <th>{t('col.changed')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(table => (
                  <tr key={table.id}>
                    <td>
                      <Link className="l m" to="/rules/tables/$id" params={{ id: table.id }}>
                        {said(table.label)}
                      </Link>
                    </td>
                    <td>
                      {table.live?.version == null
                        ? t('tables.none')
                        : t('versions.one', { version: table.live.version })}{' '}
                      {table.broken && <Tag tone="red">{t('tables.broken')}</Tag>}
                    </td>
                    <td className="num">{table.rows}</td>
                    <td>
                      {table.live && (
                        <>
                          <Time of={table.live.activeFrom} /> <span className="d2">{nameOf(table.live.by)}</span>
                        </>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </View>
    </Page>
  )
}
