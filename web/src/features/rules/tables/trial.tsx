import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import { Go } from '../../../kit/go.tsx'
import { useNames, useTypeName } from '../../../kit/names.ts'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { caseAt, orderAt } from '../../../lib/addresses.ts'
import type { Reply } from '../../../lib/api.ts'
import { duration } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'
import { useCodeNames } from './cell-words.ts'
import type { Table } from './table.ts'

type Item = Reply<'tryTable'>['items'][number]

/** What it would decide of the newest open cases, beside what stands there now. */
export function Trial({ id, text, ok }: { id: Table['id']; text: TableText; ok: boolean }): ReactNode {
  const t = useRuleTexts()
  const unable = useUnable(id === 'triage' ? 'case.read' : 'order.read')
  const query = useQuery({
    ...asking('tryTable', { params: { id }, body: { text } }),
    enabled: ok && unable === null,
    placeholderData: keepPreviousData,
  })
  return (
    <Pane title={t('trial.title')} sub={t(id === 'triage' ? 'trial.sub' : 'trial.orders')}>
      {unable !== null && <p className="d2 pad">{unable}</p>}
      {unable === null && (ok || query.data !== undefined) && (
        <View
          query={query}
          what={t('trial.title')}
          isEmpty={({ items }) => items.length === 0}
          empty={<Empty title={t(id === 'triage' ? 'trial.none' : 'trial.noOrders')} />}
        >
          {({ items }) => <Items items={items} text={text} />}
        </View>
      )}
    </Pane>
  )
}

function Items({ items, text }: { items: readonly Item[]; text: TableText }): ReactNode {
  const t = useRuleTexts()
  const [typeName, nameOf, codeNames] = [useTypeName(), useNames(), useCodeNames()]
  const said = useSaid()
  const ofCases = items.some(item => item.case !== null)
  return (
    <div className="rules-t">
      <table className="t">
        <thead>
          <tr>
            <th>{t('hits.order')}</th>
            {ofCases && <th>{t('form.type')}</th>}
            <th>{t('trial.rows')}</th>
            {text.outputs.map(output => (
              <th key={output.id}>{said(output.label)}</th>
            ))}
            {ofCases && <th>{t('trial.now')}</th>}
            <th>{t('trial.changes')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={item.case ?? item.order}>
              <td>
                <Go className="l" to={item.case === null ? orderAt(item.order ?? '') : caseAt(item.case)}>
                  <bdi>{item.orderNo ?? item.case ?? item.order}</bdi>
                </Go>
              </td>
              {ofCases && <td title={item.type ?? undefined}>{item.type !== null && typeName(item.type)}</td>}
              <td>{item.rows.length === 0 ? t('trial.noRow') : item.rows.map(row => row + 1).join(', ')}</td>
              {text.outputs.map(output => (
                <td key={output.id}>{shown(item.values[output.id], output, codeNames(output.id))}</td>
              ))}
              {ofCases && (
                <td className="d2">
                  {item.now?.severity} {item.now?.owner ? nameOf(item.now.owner) : '—'}
                </td>
              )}
              <td>{item.changesAt !== null && <Time of={item.changesAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Value = Item['values'][string]

function shown(
  value: Value | undefined,
  { type }: TableText['outputs'][number],
  nameOf: ((code: string) => string) | null,
): string {
  if (value === undefined || value === null) return '—'
  if (type === 'dur' && typeof value === 'number') return duration(value)
  const words = (one: unknown): string => nameOf?.(String(one)) ?? String(one)
  return Array.isArray(value) ? value.map(words).join(', ') : words(value)
}
