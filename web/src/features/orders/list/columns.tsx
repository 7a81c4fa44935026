import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { OrderItem } from '../../../../../src/contract/api/index.ts'
import type { Column } from '../../../kit/grid-types.ts'
import { Money } from '../../../kit/money.tsx'
import { Named } from '../../../kit/named.tsx'
import { Severity } from '../../../kit/severity.tsx'
import { Time } from '../../../kit/time.tsx'
import { count } from '../../../lib/format.ts'
import { useOrderTexts } from '../texts.ts'

type Cell = Column<OrderItem>

/** Numbers are never cut; prose is. @param longest characters of the longest number on the screen */
const numberWidth = (longest: number) => `minmax(${Math.max(144, 24 + longest * 8)}px, 1.4fr)` as const

/** A day of another year is longer than a day and a time of this one. Pixels. */
const TIME_WIDTH = 108

/** The columns of the list; all but the number can be hidden. */
export function useOrderColumns(longest = 0): readonly Cell[] {
  const t = useOrderTexts()
  return useMemo(
    (): Cell[] => [
      { id: 'order', name: t('col.order'), width: numberWidth(longest), fixed: true, cell: OrderNo },
      {
        ...{ id: 'status', name: t('col.status'), width: 104 },
        cell: row => (
          <span className={row.cancelled ? 'd2' : row.status === 'delivered' ? 'green' : ''}>
            {t(`status.${row.status}`)}
          </span>
        ),
      },
      { id: 'cases', name: t('col.cases'), width: 52, cell: Cases },
      { id: 'placed', name: t('col.placed'), width: TIME_WIDTH, cell: row => <Time of={row.placedAt} brief /> },
      { id: 'promise', name: t('col.promise'), width: TIME_WIDTH, cell: Promised },
      { id: 'customer', name: t('col.customer'), width: 'minmax(76px, 0.6fr)', cell: row => row.customer ?? '' },
      { id: 'place', name: t('col.place'), width: 'minmax(100px, 0.8fr)', cell: Place },
      { id: 'channel', name: t('col.channel'), width: 'minmax(92px, 0.8fr)', cell: Channel },
      { id: 'lines', name: t('col.lines'), width: 48, num: true, cell: row => count(row.units) },
      { id: 'total', name: t('col.total'), width: 120, num: true, cell: row => <Money of={row.total} /> },
      { id: 'carrier', name: t('col.carrier'), width: 'minmax(84px, 0.6fr)', cell: Carrier },
      {
        id: 'tracking',
        name: t('col.tracking'),
        width: 128,
        cell: row => <span className="mono">{row.trackingNo}</span>,
      },
      { id: 'updated', name: t('col.updated'), width: TIME_WIDTH, cell: row => <Time of={row.lastEventAt} brief /> },
    ],
    [t, longest],
  )
}

const OrderNo = (row: OrderItem): ReactNode => (
  <Link className="l m" to="/orders/$id" params={{ id: row.id }} tabIndex={-1}>
    {row.orderNo}
  </Link>
)

const Channel = (row: OrderItem): ReactNode => <Named kind="channel" code={row.channel} />

const Carrier = (row: OrderItem): ReactNode => (row.carrier === null ? '' : <Named kind="carrier" code={row.carrier} />)

const Cases = (row: OrderItem): ReactNode =>
  row.openCases === 0 ? null : (
    <span className="row" style={{ gap: 5 }}>
      {row.worstSeverity !== null && <Severity of={row.worstSeverity} />}
      {row.openCases > 1 && row.openCases}
    </span>
  )

const Place = (row: OrderItem): ReactNode => [row.region, row.city].filter(Boolean).join(' ')

const Promised = (row: OrderItem): ReactNode => {
  const kept = row.deliveredAt ?? new Date().toISOString()
  const broken = row.promiseEndsAt !== null && !row.cancelled && kept > row.promiseEndsAt
  return (
    <span className={broken ? 'red' : ''}>
      <Time of={row.promiseEndsAt} brief />
    </span>
  )
}
