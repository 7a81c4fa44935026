import type { ReactNode } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Money } from '../../../kit/money.tsx'
import { Named } from '../../../kit/named.tsx'
import { useNameOf } from '../../../kit/names.ts'
import { Tag } from '../../../kit/tag.tsx'
import { useNow } from '../../../kit/time.tsx'
import { amount, clockSpan, shortTime, symbolOf } from '../../../lib/format.ts'
import { shown } from '../../../lib/verbs.ts'
import { nodeViews } from '../model/nodes.ts'
import type { Usual } from '../model/outlook.ts'
import { useOrderTexts } from '../texts.ts'

export interface HeadProps {
  readonly order: OrderDetail
  /** Epoch ms of the past instant that is shown; null: now. */
  readonly at: number | null
  readonly usual: Usual
  readonly onNote: () => void
  readonly onNow: () => void
}

/** The answer first: what is late, what is wrong, who waits for what until when. */
export function OrderHead({ order, at, usual, onNote, onNow }: HeadProps): ReactNode {
  const t = useOrderTexts()
  return (
    <header className="ord-h">
      <div className="row wrap">
        <h1>{order.orderNo ?? order.id}</h1>
        <Tags order={order} at={at} />
        <span className="grow" />
        {at === null ? (
          <Button keys={shown('c')} onClick={onNote}>
            {t('verb.note')}
          </Button>
        ) : (
          <>
            <span className="d2">{t('past.view')}</span>
            <Button keys={shown('Escape')} onClick={onNow}>
              {t('verb.now')}
            </Button>
          </>
        )}
      </div>
      <Facts order={order} usual={usual} />
    </header>
  )
}

function Tags({ order, at }: Pick<HeadProps, 'order' | 'at'>): ReactNode {
  const t = useOrderTexts()
  const now = useNow()
  const late = nodeViews(order, at ?? now).filter(view => view.late !== null && view.late > 0)
  const worst = late.find(view => view.state === 'current') ?? late.at(-1)
  return (
    <>
      {worst && (
        <Tag tone="red">{t('head.late', { node: t(`node.${worst.name}`), time: clockSpan(worst.late ?? 0) })}</Tag>
      )}
      <Tag tone={order.status === 'delivered' ? 'green' : 'plain'}>{t(`status.${order.status}`)}</Tag>
      {order.cases.length > 0 && <Tag tone="amber">{t('head.cases', { count: order.cases.length })}</Tag>}
      {order.historical && <Tag>{t('head.historical')}</Tag>}
      {order.reportedStatus !== null && <Tag>{t('head.reported', { status: order.reportedStatus })}</Tag>}
    </>
  )
}

function Facts({ order, usual }: Pick<HeadProps, 'order' | 'usual'>): ReactNode {
  const { customer, shipTo } = order
  const tierName = useNameOf('tier')
  const who = [customer.masked, [shipTo.region, shipTo.city].filter(Boolean).join(' ')].filter(Boolean).join(' · ')
  return (
    <div className="row wrap d1" style={{ gap: '4px 16px' }}>
      {order.channel !== null && <Named kind="channel" code={order.channel} />}
      {who !== '' && (
        <span className="el" title={who}>
          {who}
        </span>
      )}
      {customer.tier !== null && <span>{tierName(customer.tier)}</span>}
      <span className="nw">
        <Money of={order.totals.order} /> <Paid order={order} />
      </span>
      <span>
        <Promised order={order} />
      </span>
      <Forecast order={order} usual={usual} />
    </div>
  )
}

/** How it ends when nothing is done about it. */
function Forecast({ order: { promise }, usual }: Pick<HeadProps, 'order' | 'usual'>): ReactNode {
  const t = useOrderTexts()
  const now = useNow()
  const at = usual.get('delivered')
  if (at === undefined) return null
  const time = shortTime(at, now)
  const late = promise === null ? 0 : at - Date.parse(promise.endsAt)
  if (late <= 0) return <span className="d2">{t('head.usual', { time })}</span>
  return <b className="m red">{t('head.usualLate', { time, late: clockSpan(late) })}</b>
}

function Paid({ order }: Pick<HeadProps, 'order'>): ReactNode {
  const t = useOrderTexts()
  const { order: due, paid } = order.totals
  const open = due.minor - paid.minor
  if (open === 0) return t('head.paid')
  const text = `${symbolOf(due.currency)}${amount(Math.abs(open), due.currency)}`
  return (
    <b className="amber m">{open > 0 ? t('head.unpaid', { amount: text }) : t('head.overpaid', { amount: text })}</b>
  )
}

function Promised({ order: { promise } }: Pick<HeadProps, 'order'>): ReactNode {
  const t = useOrderTexts()
  const now = useNow()
  if (promise === null) return <span className="d2">{t('head.noPromise')}</span>
  if (promise.grain !== 'day') return t('head.promise', { time: shortTime(promise.endsAt, now) })
  const { to, zone } = promise
  // The zone of a day is said where it is not the reader's own.
  if (zone !== Intl.DateTimeFormat().resolvedOptions().timeZone) return t('head.promiseDayIn', { day: to, zone })
  const thisYear = `${new Date(now).getFullYear()}-`
  return t('head.promiseDay', { day: to.startsWith(thisYear) ? to.slice(thisYear.length) : to })
}
