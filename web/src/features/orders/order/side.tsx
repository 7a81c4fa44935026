import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Money } from '../../../kit/money.tsx'
import { Section } from '../../../kit/region.tsx'
import { Severity } from '../../../kit/severity.tsx'
import { View } from '../../../kit/states.tsx'
import { Time, useLanguage } from '../../../kit/time.tsx'
import { useOrderTexts } from '../texts.ts'
import { ChainMark } from './chain-mark.tsx'
import { Customer } from './customer.tsx'
import type { Facts } from './queries.ts'
import { factsShown } from './seen.ts'

export interface SideProps {
  readonly order: OrderDetail
  readonly facts: UseQueryResult<Facts>
  readonly at: number | null
  readonly by: 'occurred' | 'known'
  readonly onFact: (seq: number) => void
}

export const SideColumn = (props: SideProps): ReactNode => (
  <aside className="ord-side">
    <Cases order={props.order} at={props.at} />
    <Payments order={props.order} />
    <Customer order={props.order} />
    <Ledger {...props} />
  </aside>
)

function Cases({ order, at }: Pick<SideProps, 'order' | 'at'>): ReactNode {
  const t = useOrderTexts()
  const language = useLanguage()
  return (
    <Section title={t('cases.title')} end={order.cases.length > 0 ? order.cases.length : undefined}>
      {order.cases.length === 0 ? (
        <p className="d2">{at === null ? t('cases.none') : t('cases.noneThen')}</p>
      ) : (
        <ul className="ord-cases">
          {order.cases.map(item => (
            <li key={item.id}>
              <div className="row">
                <Severity of={item.severity} />
                <Link className="l m el" to="/cases/$id" params={{ id: item.id }}>
                  {language === 'en' ? item.name.en : item.name.zh}
                </Link>
                <span className="grow" />
                <Time of={item.openedAt} />
              </div>
              <div className="sm d1 under">
                {t(CASE_TEXTS[item.status] ?? 'case.open')}
                {item.owner !== null && ` · ${item.owner.replace(/^\w+:/, '')}`} ·{' '}
                <span className={item.holds ? 'red' : 'green'}>{item.holds ? t('cases.holds') : t('cases.gone')}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

const CASE_TEXTS: Readonly<
  Record<string, `case.${'open' | 'acknowledged' | 'working' | 'waiting' | 'resolved' | 'cleared' | 'closed'}`>
> = {
  open: 'case.open',
  acknowledged: 'case.acknowledged',
  working: 'case.working',
  waiting: 'case.waiting',
  resolved: 'case.resolved',
  cleared: 'case.cleared',
  closed: 'case.closed',
}

function Payments({ order }: Pick<SideProps, 'order'>): ReactNode {
  const t = useOrderTexts()
  const { totals, payments, refunds } = order
  const balanced = totals.paid.minor === totals.order.minor
  return (
    <Section title={t('pay.title')} end={balanced ? <span className="green m">{t('pay.balanced')}</span> : undefined}>
      <dl className="kv">
        {payments.map(move => (
          <Move key={move.id} move={move} />
        ))}
        <dt>{t('pay.due')}</dt>
        <dd>
          <Money of={totals.order} />
        </dd>
        <dt>{t('pay.paid')}</dt>
        <dd className={balanced ? '' : 'amber m'}>
          <Money of={totals.paid} />
        </dd>
        <dt>{t('pay.refunded')}</dt>
        <dd className={refunds.length === 0 ? 'd2' : ''}>
          {refunds.length === 0 ? '—' : <Money of={totals.refunded} />}
        </dd>
        {refunds.map(move => (
          <Move key={move.id} move={move} />
        ))}
      </dl>
    </Section>
  )
}

function Move({ move }: { move: OrderDetail['payments'][number] }): ReactNode {
  const t = useOrderTexts()
  return (
    <>
      <dt>
        {move.method !== undefined && `${t(`method.${move.method}`)} `}
        <Time of={move.at} />
        {move.correctedAt !== undefined && (
          <span className="sm"> {t('pay.corrected', { time: new Date(move.correctedAt).toLocaleDateString() })}</span>
        )}
      </dt>
      <dd>
        <Money of={move.amount} />
      </dd>
    </>
  )
}

const SHOWN = 9

function Ledger({ facts, at, by, onFact }: SideProps): ReactNode {
  const t = useOrderTexts()
  const language = useLanguage()
  return (
    <Section title={t('ledger.title')} end={<ChainMark />}>
      <View query={facts} what={t('ledger.title')} rows={SHOWN}>
        {({ items, total }) => {
          const shown = factsShown(items, at, by)
          return (
            <>
              <ul className="led">
                {shown.slice(0, SHOWN).map(fact => (
                  <li key={fact.seq}>
                    <button type="button" onClick={() => onFact(fact.seq)}>
                      <Time of={by === 'known' ? fact.knownAt : fact.occurredAt} />
                      <span className="el">{language === 'en' ? fact.name.en : fact.name.zh}</span>
                      <span className="h mono">{fact.seq}</span>
                    </button>
                  </li>
                ))}
              </ul>
              <button type="button" className="l sm" onClick={() => onFact(0)}>
                {at === null ? t('ledger.all', { count: total }) : t('ledger.upTo', { count: shown.length })}
              </button>
            </>
          )
        }}
      </View>
    </Section>
  )
}
