import { type ReactNode, useMemo } from 'react'
import type { LedgerItem, OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Money } from '../../../kit/money.tsx'
import { useNameOf } from '../../../kit/names.ts'
import { Section } from '../../../kit/region.tsx'
import { Empty } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { count, symbolOf } from '../../../lib/format.ts'
import { namesIn, warehouseIn } from '../model/said.ts'
import { useOrderTexts } from '../texts.ts'

/** What was ordered, with its sums. */
export function Lines({ order, facts }: { order: OrderDetail; facts: readonly LedgerItem[] }): ReactNode {
  const t = useOrderTexts()
  const { lines, totals, lineCount } = order
  const names = useMemo(() => namesIn(facts), [facts])
  const warehouse = useMemo(() => warehouseIn(facts), [facts])
  const warehouseName = useNameOf('warehouse')
  const currency = symbolOf(totals.order.currency).trim()
  if (lines.length === 0)
    return (
      <Section title={t('lines.title')}>
        <Empty title={t('lines.none')} why={t('lines.noneWhy')} />
      </Section>
    )
  const money = (minor: number) => ({ minor, currency: totals.order.currency })
  const hasSeller = lines.some(line => line.seller !== undefined)
  const columns = 5 + Number(hasSeller) + Number(names.size > 0)
  return (
    <Section
      title={t('lines.title')}
      sub={lineCount > lines.length ? t('lines.more', { count: lineCount, shown: lines.length }) : undefined}
      end={
        warehouse === null ? undefined : (
          <span className="d1" title={warehouse}>
            {t('lines.warehouse', { warehouse: warehouseName(warehouse) })}
          </span>
        )
      }
    >
      <div className="scroll-x">
        <table className="t">
          <thead>
            <tr>
              <th>{t('lines.no')}</th>
              <th>SKU</th>
              {names.size > 0 && <th>{t('lines.name')}</th>}
              {hasSeller && <th>{t('lines.seller')}</th>}
              <th>{t('lines.shipBy')}</th>
              <th className="num">{t('lines.qty')}</th>
              <th className="num">{t('lines.price', { currency })}</th>
              <th className="num">{t('lines.discount', { currency })}</th>
              <th className="num">{t('lines.total', { currency })}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name that is sure to be unique
              <OneLine key={i} line={line} no={line.no ?? String(i + 1)} {...{ money, hasSeller, names }} />
            ))}
            <Sum label={t('lines.freight')} of={totals.freight} columns={columns} />
            <Sum label={t('lines.sum')} of={totals.order} columns={columns} strong />
          </tbody>
        </table>
      </div>
    </Section>
  )
}

interface LineProps {
  readonly line: OrderDetail['lines'][number]
  readonly no: string
  readonly money: (minor: number) => OrderDetail['totals']['order']
  readonly hasSeller: boolean
  readonly names: ReadonlyMap<string, string>
}

const OneLine = ({ line, no, money, hasSeller, names }: LineProps): ReactNode => (
  <tr>
    <td className="d2">{no}</td>
    <td className="mono el sku" title={line.sku}>
      {line.sku}
    </td>
    {names.size > 0 && (
      <td className="el sku" title={names.get(line.sku)} dir="auto">
        {names.get(line.sku) ?? ''}
      </td>
    )}
    {hasSeller && (
      <td className="el sku" title={line.seller}>
        {line.seller ?? ''}
      </td>
    )}
    <td>
      <Time of={line.shipBy ?? null} />
    </td>
    <td className="num">{count(line.qty)}</td>
    <td className="num">
      <Money of={money(line.price)} bare />
    </td>
    <td className="num">{line.discount === undefined ? '' : <Money of={money(-line.discount)} bare />}</td>
    <td className="num">
      <Money of={money(line.qty * line.price - (line.discount ?? 0))} bare />
    </td>
  </tr>
)

interface SumProps {
  readonly label: string
  readonly of: OrderDetail['totals']['order']
  /** Between the number and the sum. */
  readonly columns: number
  readonly strong?: boolean
}

const Sum = ({ label, of, columns, strong }: SumProps): ReactNode => (
  <tr>
    <td />
    <td className="d2" colSpan={columns}>
      {label}
    </td>
    <td className={`num ${strong ? 'b' : ''}`}>
      <Money of={of} bare />
    </td>
  </tr>
)
