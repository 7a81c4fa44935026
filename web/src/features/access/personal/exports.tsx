import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { AuditItem } from '../../../../../src/contract/api/index.ts'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { useAccessTexts } from '../texts.ts'

/** Who took a person's data out, and why; the audit trail tells. */
export function ExportsPane(): ReactNode {
  const t = useAccessTexts()
  const unable = useUnable('audit.read')
  const query = { source: 'trail' as const, verb: ['personal.export'], limit: 50 }
  const exports = useQuery({ ...asking('listAudit', { query }), enabled: unable === null })
  return (
    <Pane title={t('personal.exports')}>
      {unable !== null ? (
        <Empty title={t('personal.exportsUnable')} />
      ) : (
        <View
          query={exports}
          what={t('personal.exports')}
          rows={2}
          isEmpty={page => page.items.length === 0}
          empty={<Empty title={t('personal.exportsNone')} />}
        >
          {page => <Exports items={page.items} />}
        </View>
      )}
    </Pane>
  )
}

const reasonOf = ({ after }: AuditItem): string => (typeof after?.reason === 'string' ? after.reason : '—')

function Exports({ items }: { items: readonly AuditItem[] }): ReactNode {
  const t = useAccessTexts()
  return (
    <div className="acc-table">
      <table className="t">
        <thead>
          <tr>
            <th>{t('audit.at')}</th>
            <th>{t('personal.by')}</th>
            <th>{t('personal.reason')}</th>
            <th>{t('audit.outcome')}</th>
            <th>{t('audit.address')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={item.id}>
              <td>
                <Time of={item.at} />
              </td>
              <td>{item.actor}</td>
              <td className="el" style={{ maxWidth: 340 }} title={reasonOf(item)}>
                {reasonOf(item)}
              </td>
              <td className={item.outcome === 'done' ? '' : 'red'}>{t(`outcome.${item.outcome}`)}</td>
              <td className="mono">{item.address ?? '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
