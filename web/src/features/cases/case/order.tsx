import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { CaseDetail, OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Keys } from '../../../kit/button.tsx'
import { Go } from '../../../kit/go.tsx'
import { Money } from '../../../kit/money.tsx'
import { Named } from '../../../kit/named.tsx'
import { useNameOf } from '../../../kit/names.ts'
import { Section } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { orderAt } from '../../../lib/addresses.ts'
import { asking } from '../../../lib/query.ts'
import { shown } from '../../../lib/verbs.ts'
import { useCaseTexts } from '../texts.ts'

const isOrder = ({ stream }: CaseDetail): boolean => stream.startsWith('o-')

const useOrder = (found: CaseDetail) =>
  useQuery({ ...asking('getOrder', { params: { id: found.stream } }), enabled: isOrder(found) })

/** What is at stake: today the whole order, as margins and penalties are not known; and what it is made of. */
export function MoneyAtStake({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const query = useOrder(found)
  const totals = query.data?.totals
  return (
    <Section
      title={t('money.title')}
      end={
        <b>
          <Money of={found.amount} />
        </b>
      }
    >
      {totals !== undefined && (
        <dl className="kv">
          {(['items', 'freight', 'paid', 'refunded'] as const).map(part => (
            <div key={part} style={{ display: 'contents' }}>
              <dt>{t(`money.${part}`)}</dt>
              <dd>
                <Money of={totals[part]} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="d2 sm">{t('money.whole')}</p>
    </Section>
  )
}

export function OrderFacts({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const query = useOrder(found)
  if (!isOrder(found)) return <Section title={t('facts.title')}>{t('facts.noOrder')}</Section>
  const end = (
    <span className="row" style={{ gap: 4 }}>
      <Go className="l" to={orderAt(found.stream)}>
        {t('facts.open')}
      </Go>
      <Keys of={shown('o')} />
    </span>
  )
  return (
    <Section title={t('facts.title')} end={end}>
      <View query={query} what={t('facts.title')} rows={5}>
        {order => <Facts order={order} />}
      </View>
    </Section>
  )
}

/** Lines that are named; the order's own page has all. */
const NAMED = 3

function Facts({ order }: { order: OrderDetail }): ReactNode {
  const t = useCaseTexts()
  const { customer, shipTo, lines, lineCount, parcels, promise } = order
  const carrierName = useNameOf('carrier')
  const tierName = useNameOf('tier')
  const tier = customer.tier === null ? null : tierName(customer.tier)
  const goods = lines.slice(0, NAMED).map(line => `${line.sku ?? '—'} × ${line.qty}`)
  const place = [shipTo.region, shipTo.city].filter(part => part !== null).join(' ')
  return (
    <dl className="kv">
      <dt>{t('facts.number')}</dt>
      <dd>{order.orderNo ?? '—'}</dd>
      <dt>{t('facts.channel')}</dt>
      <dd>{order.channel === null ? '—' : <Named kind="channel" code={order.channel} />}</dd>
      <dt>{t('facts.customer')}</dt>
      <dd>{[customer.masked, tier].filter(part => part !== null).join(' · ') || '—'}</dd>
      <dt>{t('facts.region')}</dt>
      <dd>{place === '' ? '—' : place}</dd>
      <dt>{t('facts.lines')}</dt>
      <dd>
        {goods.length === 0 ? '—' : goods.join(' · ')}
        {lineCount > NAMED && <span className="d2"> {t('facts.moreLines', { count: lineCount })}</span>}
      </dd>
      <dt>{t('facts.promise')}</dt>
      <dd>
        <Time of={promise?.endsAt ?? null} />
      </dd>
      <dt>{t('facts.parcels')}</dt>
      <dd>
        {parcels.length === 0
          ? '—'
          : parcels
              .map(one => one.trackingNo ?? (one.carrier === undefined ? '—' : carrierName(one.carrier)))
              .join(' · ')}
      </dd>
    </dl>
  )
}
