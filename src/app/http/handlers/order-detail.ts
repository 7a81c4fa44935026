import type { OrderDetail } from '../../../contract/api/index.ts'
import { exceptionLabel } from '../../../contract/exceptions.ts'
import { type Principal, permits } from '../../../contract/principal.ts'
import { type Instant, isoOf } from '../../../kernel/instant.ts'
import { type CasesState, isActive } from '../../../modules/cases/index.ts'
import { type OrderState, orderRow, type Parcel, parcelMilestones, totalsOf } from '../../../modules/orders/index.ts'

type Mutable = Record<string, string>

/** An order's state as the API shows it: ISO instants, amounts with their currency, masked text. */
export function orderDetail(order: {
  readonly id: string
  readonly version: number
  readonly historical: boolean
  readonly wakeAt: Instant | null
  readonly state: OrderState
  readonly cases: CasesState
  /** Who looks: cases beyond their reach are left out. */
  readonly principal: Principal
}): OrderDetail {
  const { id, version, historical, state } = order
  const row = orderRow(id, state)
  return {
    id,
    version,
    channel: state.channel ?? null,
    orderNo: state.orderNo ?? null,
    status: state.status,
    reportedStatus: state.reported?.status ?? null,
    historical,
    nodes: isoNodes({ ...state.nodes.at, ...parcelMilestones(state) }),
    corrected: Object.keys(state.nodes.corrected ?? {}),
    promise: promiseOf(state),
    totals: totals(state),
    lines: state.lines.map(({ shipBy, ...line }) => ({
      ...line,
      ...(shipBy !== undefined && { shipBy: isoOf(shipBy) }),
    })),
    lineCount: row.line_count,
    units: row.units,
    paymentMethod: row.payment_method,
    payments: state.payments.map(moneyMove),
    refunds: state.refunds.map(moneyMove),
    parcels: state.parcels.map(parcelOf),
    customer: {
      masked: state.customer?.masked ?? null,
      id: state.customer?.id ?? null,
      tier: state.customer?.tier ?? null,
    },
    erasedAt: state.erased === undefined ? null : isoOf(state.erased),
    shipTo: {
      country: state.shipTo?.country ?? null,
      region: state.shipTo?.region ?? null,
      city: state.shipTo?.city ?? null,
    },
    cases: openCasesOf(order.cases, ({ owner }) =>
      permits(order.principal, 'case.read', {
        ...{ shop: state.channel ?? null, warehouses: state.warehouses ?? [], owner },
      }),
    ),
    nextWakeAt: order.wakeAt === null ? null : isoOf(order.wakeAt),
    lastEventAt: state.lastEventAt === undefined ? null : isoOf(state.lastEventAt),
  }
}

function isoNodes(nodes: { readonly [node: string]: Instant | undefined }): Mutable {
  const known: Mutable = {}
  for (const [node, at] of Object.entries(nodes)) if (at !== undefined) known[node] = isoOf(at)
  return known
}

function promiseOf({ promise }: OrderState): OrderDetail['promise'] {
  if (!promise) return null
  const { said, endsAt } = promise
  const text = (at: string | Instant): string => (typeof at === 'number' ? isoOf(at) : at)
  return {
    grain: said.grain,
    ...(said.from !== undefined && { from: text(said.from) }),
    to: text(said.to),
    zone: said.zone,
    endsAt: isoOf(endsAt),
  }
}

function totals(state: OrderState): OrderDetail['totals'] {
  const { items, freight, order, paid, refunded, currency } = totalsOf(state)
  const money = (minor: number) => ({ minor, currency: currency || null })
  return {
    items: money(items),
    freight: money(freight),
    order: money(order),
    paid: money(paid),
    refunded: money(refunded),
  }
}

const moneyMove = ({ id, at, amount, currency, method, corrected }: OrderState['payments'][number]) => ({
  id,
  at: isoOf(at),
  amount: { minor: amount, currency },
  ...(method !== undefined && { method }),
  ...(corrected !== undefined && { correctedAt: isoOf(corrected) }),
})

const parcelOf = (parcel: Parcel): OrderDetail['parcels'][number] => ({
  id: parcel.id,
  ...(parcel.trackingNo !== undefined && { trackingNo: parcel.trackingNo }),
  ...(parcel.carrier !== undefined && { carrier: parcel.carrier }),
  inbound: parcel.inbound === true,
  status: parcel.status,
  statusAt: isoOf(parcel.statusAt),
  nodes: isoNodes(parcel.nodes.at),
  ...(parcel.lastScanAt !== undefined && { lastScanAt: isoOf(parcel.lastScanAt) }),
  ...(parcel.place !== undefined && { place: parcel.place.name }),
  ...(parcel.exception && { exception: { code: parcel.exception.code, at: isoOf(parcel.exception.at) } }),
})

const openCasesOf = (
  { cases }: CasesState,
  isSeen: (c: { readonly owner: string | null }) => boolean,
): OrderDetail['cases'] =>
  Object.values(cases)
    .filter(isActive)
    .filter(isSeen)
    .map(({ id, type, scope, severity, status, holds, owner, openedAt }) => ({
      ...{ id, type, name: { ...exceptionLabel(type) }, scope, severity, status, holds, owner },
      openedAt: isoOf(openedAt),
    }))
