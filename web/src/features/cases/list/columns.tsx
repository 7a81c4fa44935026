import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { AuthorGlyph } from '../../../kit/author.tsx'
import { Clock } from '../../../kit/clock.tsx'
import type { Column } from '../../../kit/grid-types.ts'
import { Money } from '../../../kit/money.tsx'
import { Named } from '../../../kit/named.tsx'
import { useNames } from '../../../kit/names.ts'
import { Severity } from '../../../kit/severity.tsx'
import { StateCircle } from '../../../kit/state-circle.tsx'
import { Time, useLanguage, useNow } from '../../../kit/time.tsx'
import { amount, symbolOf } from '../../../lib/format.ts'
import type { InboxRow } from '../model/lines.ts'
import { useCaseTexts } from '../texts.ts'
import { useWho, useWhy } from '../words.ts'

type Cell = Column<InboxRow>
type Draw = (row: CaseItem) => ReactNode

// A row that was not read yet has its place and nothing in it.
const read =
  (draw: Draw): Cell['cell'] =>
  ({ item }) =>
    item === null ? null : draw(item)

type MoneyAtRisk = NonNullable<CaseItem['amount']>

/** Room for the largest amount that there can be: no figure is ever cut. Pixels. */
const widthOf = (most: number, currency: string | null): number =>
  Math.max(92, Math.ceil(amount(most, currency, 0).length * FIGURE) + 24)
const FIGURE = 7.8

/** @param money of the whole list: when it is of one currency, that stands in the head and not in each cell */
export function useCaseColumns(money: readonly MoneyAtRisk[]): readonly Cell[] {
  const t = useCaseTexts()
  const currency = money.length === 1 ? (money[0]?.currency ?? null) : null
  const most = Math.max(0, ...money.map(one => one.minor))
  const width = widthOf(most, currency) + (currency === null ? 28 : 0)
  return useMemo((): Cell[] => {
    const head = currency === null ? t('col.money') : t('col.moneyIn', { unit: symbolOf(currency).trim() })
    const atRisk: Draw = row => <Money of={row.amount} digits={0} bare={currency !== null} />
    const opened: Draw = row => <Time of={row.openedAt} />
    return [
      {
        id: 'severity',
        name: t('col.severity'),
        width: 44,
        fixed: true,
        cell: read(r => <Severity of={r.severity} />),
      },
      {
        id: 'what',
        name: t('col.what'),
        width: 'minmax(220px, 1fr)',
        fixed: true,
        cell: ({ item }) => <What row={item} />,
      },
      { id: 'number', name: t('col.number'), width: 84, cell: read(Numbered) },
      { id: 'order', name: t('col.order'), width: 150, optional: true, cell: read(row => row.orderNo ?? '—') },
      { id: 'channel', name: t('col.channel'), width: 100, optional: true, cell: read(Channel) },
      { id: 'region', name: t('col.region'), width: 90, optional: true, cell: read(row => row.region ?? '—') },
      { id: 'opened', name: t('col.opened'), width: 100, optional: true, cell: read(opened) },
      { id: 'money', name: head, width, num: true, cell: read(atRisk) },
      { id: 'owner', name: t('col.owner'), width: 44, cell: read(row => <Owner row={row} />) },
      { id: 'due', name: t('col.due'), width: 172, cell: read(row => <Due row={row} />) },
    ]
  }, [t, currency, width])
}

const Channel: Draw = row => (row.channel === null ? '—' : <Named kind="channel" code={row.channel} />)

const Numbered: Draw = row => (
  <Link className="d2 sm" to="/cases/$id" params={{ id: row.id }} tabIndex={-1}>
    {row.number}
  </Link>
)

function Owner({ row }: { row: CaseItem }): ReactNode {
  const nameOf = useNames()
  return <AuthorGlyph of={row.owner} {...(row.owner !== null && { name: nameOf(row.owner) })} />
}

/** The type, then what speaks for it: one learns why without a click. */
function What({ row }: { row: CaseItem | null }): ReactNode {
  const language = useLanguage()
  const whyOf = useWhy()
  const now = useNow()
  if (row === null) return <i className="unread" />
  const why = whyOf(row, now)
  return (
    <span className="what" title={why}>
      <span className="m el">{language === 'en' ? row.name.en : row.name.zh}</span>
      <span className="d2 el">{why}</span>
    </span>
  )
}

function Due({ row }: { row: CaseItem }): ReactNode {
  const now = useNow()
  const asleep = row.snoozedUntil !== null && Date.parse(row.snoozedUntil) > now
  return (
    <span className="row">
      <StateCircle of={row.reopened > 0 && row.status === 'open' ? 'reopened' : row.status} bare />
      {row.endedAt !== null ? (
        <Ended at={row.endedAt} />
      ) : asleep ? (
        <Asleep until={row.snoozedUntil} />
      ) : (
        <Running row={row} />
      )}
    </span>
  )
}

const Ended = ({ at }: { at: string }): ReactNode => (
  <span className="d2">
    <Time of={at} />
  </span>
)

function Asleep({ until }: { until: string | null }): ReactNode {
  const t = useCaseTexts()
  return (
    <span className="d2 nw">
      {t('due.asleep')} <Time of={until} />
    </span>
  )
}

function Running({ row }: { row: CaseItem }): ReactNode {
  const whoOf = useWho()
  return (
    <Clock
      openedAt={Date.parse(row.openedAt)}
      dueAt={row.dueAt === null ? null : Date.parse(row.dueAt)}
      waitingFor={row.waiting === null ? null : whoOf(row.waiting.for)}
      waitingUntil={row.waiting === null ? null : Date.parse(row.waiting.until)}
    />
  )
}
