import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { AuditItem } from '../../../../../src/contract/api/index.ts'
import { useNames } from '../../../kit/names.ts'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Table } from '../../../kit/table.tsx'
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
  const nameOf = useNames()
  return (
    <Table
      items={items}
      keyOf={item => item.id}
      columns={[
        { head: t('audit.at'), cell: item => <Time of={item.at} /> },
        {
          head: t('personal.by'),
          cell: item => <span title={item.actor}>{item.actorName ?? nameOf(item.actor)}</span>,
        },
        { head: t('personal.reason'), cell: reasonOf, cut: { at: 340, text: reasonOf } },
        {
          head: t('audit.outcome'),
          cell: item => t(`outcome.${item.outcome}`),
          className: item => (item.outcome === 'done' ? '' : 'red'),
        },
        { head: t('audit.address'), cell: item => item.address ?? '—', className: 'mono' },
      ]}
    />
  )
}
