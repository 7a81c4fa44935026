import type { ReactNode } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Money } from '../../../kit/money.tsx'
import { Section } from '../../../kit/region.tsx'
import { Empty } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { count, symbolOf } from '../../../lib/format.ts'
import { useOrderTexts } from '../texts.ts'

/** What was ordered, with its sums. */
export function Lines({ order }: { order: OrderDetail }): ReactNode {
  const t = useOrderTexts()
  const { lines, totals, lineCount } = order
  const currency = symbolOf(totals.order.currency).trim()
  if (lines.length === 0)
    return (
      <Section title={t('lines.title')}>
        <Empty title={t('lines.none')} why={t('lines.noneWhy')} />
      </Section>
    )
  const money = (minor: number) => ({ minor, currency: totals.order.currency })
  const hasSeller = lines.some(line => line.seller !== undefined)
  return (
    <Section
      title={t('lines.title')}
      sub={lineCount > lines.length ? t('lines.more', { count: lineCount, shown: lines.length }) : undefined}
    >
      <div className="scroll-x">
        <table className="t">
          <thead>
            <tr>
              <th>{t('lines.no')}</th>
              <th>SKU</th>
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
              <OneLine key={i} line={line} no={line.no ?? String(i + 1)} money={money} hasSeller={hasSeller} />
            ))}
            <Sum label={t('lines.freight')} of={totals.freight} wide={hasSeller} />
            <Sum label={t('lines.sum')} of={totals.order} wide={hasSeller} strong />
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
}

const OneLine = ({ line, no, money, hasSeller }: LineProps): ReactNode => (
  <tr>
    <td className="d2">{no}</td>
    <td className="mono el sku" title={line.sku}>
      {line.sku}
    </td>
    {hasSeller && <td className="el sku">{line.seller ?? ''}</td>}
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
  readonly wide: boolean
  readonly strong?: boolean
}

const Sum = ({ label, of, wide, strong }: SumProps): ReactNode => (
  <tr>
    <td />
    <td className="d2" colSpan={wide ? 6 : 5}>
      {label}
    </td>
    <td className={`num ${strong ? 'b' : ''}`}>
      <Money of={of} bare />
    </td>
  </tr>
)
