import type { ReactNode } from 'react'
import type { LedgerItem, OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Named } from '../../../kit/named.tsx'
import { Section } from '../../../kit/region.tsx'
import { Empty } from '../../../kit/states.tsx'
import { Tag } from '../../../kit/tag.tsx'
import { Time, useLanguage } from '../../../kit/time.tsx'
import { NODES } from '../model/nodes.ts'
import { traceOf } from '../model/said.ts'
import { useOrderTexts } from '../texts.ts'

type Parcel = OrderDetail['parcels'][number]

/** Where the goods are, parcel by parcel. */
export function Parcels({ order, facts }: { order: OrderDetail; facts: readonly LedgerItem[] }): ReactNode {
  const t = useOrderTexts()
  return (
    <Section title={t('parcels.title')}>
      {order.parcels.length === 0 ? (
        <Empty title={t('parcels.none')} why={t('parcels.noneWhy')} />
      ) : (
        <div className="parcels">
          {order.parcels.map((parcel, i) => (
            <OneParcel key={parcel.id} parcel={parcel} n={i + 1} facts={facts} />
          ))}
        </div>
      )}
    </Section>
  )
}

interface ParcelProps {
  readonly parcel: Parcel
  readonly n: number
  readonly facts: readonly LedgerItem[]
}

function OneParcel({ parcel, n, facts }: ParcelProps): ReactNode {
  const t = useOrderTexts()
  return (
    <div>
      <div className="row wrap" style={{ marginBottom: 4 }}>
        <b className="m">{parcel.id === '-' ? t('parcels.whole') : t('parcels.parcel', { n })}</b>
        {parcel.trackingNo !== undefined && <span className="mono d1">{parcel.trackingNo}</span>}
        {parcel.carrier !== undefined && (
          <Tag>
            <Named kind="carrier" code={parcel.carrier} />
          </Tag>
        )}
        {parcel.inbound && <Tag tone="amber">{t('parcels.inbound')}</Tag>}
        <Tag tone={parcel.status === 'delivered' ? 'green' : parcel.exception ? 'red' : 'plain'}>
          <Status of={parcel.status} />
        </Tag>
      </div>
      <Trace parcel={parcel} facts={facts} />
    </div>
  )
}

/** Scan by scan from the ledger; who may not read it sees the nodes of the parcel. */
function Trace({ parcel, facts }: Omit<ParcelProps, 'n'>): ReactNode {
  const language = useLanguage()
  const steps = traceOf(parcel.trackingNo, facts)
  if (parcel.id === '-' || steps.length === 0) return <NodeTrace parcel={parcel} />
  return (
    <ul className="trace sm">
      {steps.map(({ seq, at, name, place, bad }) => (
        <li key={seq}>
          <Time of={at} />
          <span dir="auto" className={bad ? 'red' : ''}>
            {language === 'en' ? name.en : name.zh}
            {place !== null && ` · ${place}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

function NodeTrace({ parcel }: { parcel: Parcel }): ReactNode {
  const t = useOrderTexts()
  const nodes = NODES.flatMap(node => (parcel.nodes[node] === undefined ? [] : [{ node, at: parcel.nodes[node] }]))
  return (
    <ul className="trace sm">
      {parcel.exception && (
        <li>
          <Time of={parcel.exception.at} />
          <span className="red">
            {t('parcel.exception')} {parcel.exception.code}
          </span>
        </li>
      )}
      {parcel.lastScanAt !== undefined && (
        <li>
          <Time of={parcel.lastScanAt} />
          <span>
            {t('parcels.lastScan')}
            {parcel.place !== undefined && ` · ${parcel.place}`}
          </span>
        </li>
      )}
      {nodes.toReversed().map(({ node, at }) => (
        <li key={node}>
          <Time of={at} />
          <span>{t(`node.${node}`)}</span>
        </li>
      ))}
    </ul>
  )
}

const STATUS_TEXTS = {
  expected: 'parcel.expected',
  label_created: 'parcel.label_created',
  handed_over: 'parcel.handed_over',
  collected: 'parcel.collected',
  in_transit: 'parcel.in_transit',
  at_hub: 'parcel.at_hub',
  customs: 'parcel.customs',
  ready_for_pickup: 'parcel.ready_for_pickup',
  out_for_delivery: 'parcel.out_for_delivery',
  delivery_attempted: 'parcel.delivery_attempted',
  exception: 'parcel.exception',
  returning: 'parcel.returning',
  delivered: 'parcel.delivered',
  returned: 'parcel.returned',
} as const

const isKnown = (status: string): status is keyof typeof STATUS_TEXTS => Object.hasOwn(STATUS_TEXTS, status)

/** A status of a newer server is shown as it is. */
function Status({ of }: { of: string }): ReactNode {
  const t = useOrderTexts()
  return isKnown(of) ? t(STATUS_TEXTS[of]) : of
}
