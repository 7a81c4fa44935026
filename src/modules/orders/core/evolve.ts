import { eventEntryOf } from '../../../contract/events/index.ts'
import { maskName } from '../../../contract/mask.ts'
import { accountableOf } from '../../../contract/principal.ts'
import type { CustomerPromise } from '../../../contract/promise.ts'
import { promiseEndsAt } from '../../../contract/promise.ts'
import type { Fact } from '../../../contract/stream.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Flags, OrderState, Times } from '../types.ts'
import { foldFees, foldLines } from './basket.ts'
import type { Draft, Fold } from './draft.ts'
import { bodyAs, unlessSame } from './draft.ts'
import { foldPayment, foldRefund } from './money-moves.ts'
import { foldParcel, foldReturnShipped, PARCEL_TYPES } from './parcels.ts'
import { foldReading, foldReview } from './said.ts'
import { stamp, withTime } from './stamps.ts'
import { deriveStatus, parcelMilestones } from './status.ts'
import { foldWarehouses } from './warehouses.ts'

/**
 * Folds one fact into an order. Total: facts may come late, twice and in any order, and none is refused. What another
 * room's fact says is not an order's business and leaves the state as it is.
 */
export function evolve(given: OrderState, fact: Fact): OrderState {
  const state: OrderState = given.touched || !isOfPerson(fact) ? given : { ...given, touched: true }
  const fold = FOLDS.get(fact.type)
  if (fold === undefined && eventEntryOf(fact.type)?.node === undefined && !TOUCHING.has(fact.type)) return state
  const draft: Draft = { ...state }
  if (fold === undefined) foldNode(draft, fact)
  else fold(draft, fact)
  foldWarehouses(draft, fact)
  touch(draft, fact)
  draft.status = deriveStatus(draft, parcelMilestones(draft))
  return unlessSame(state, draft)
}

// Also what is not an order's own business: whoever works on a case has touched its order.
const isOfPerson = ({ actor }: Fact): boolean => accountableOf(actor).startsWith('user:')

// Most milestones say only that they came about.
function foldNode(draft: Draft, fact: Fact): void {
  const node = eventEntryOf(fact.type)?.node
  if (node === undefined) return
  const { occurredAt, knownAt, body } = fact
  draft.nodes = stamp(draft.nodes, node, { occurredAt, knownAt, correction: body.correction === true })
}

function foldPlaced(draft: Draft, fact: Fact): void {
  const body = bodyAs(fact, 'order.placed')
  draft.channel ??= body.ref.channel
  draft.orderNo ??= body.ref.orderNo
  draft.currency ??= body.currency
  draft.declaredMethod ??= body.paymentMethod
  foldNode(draft, fact)
  foldContent(draft, fact)
  foldLines(draft, body.lines, fact.occurredAt)
  if (body.promise) foldPromise(draft, body.promise, fact.occurredAt)
}

function foldEdited(draft: Draft, fact: Fact): void {
  const body = bodyAs(fact, 'order.edited')
  foldContent(draft, fact)
  if (body.lines) foldLines(draft, body.lines, fact.occurredAt)
}

function foldContent(draft: Draft, fact: Fact): void {
  const body = bodyAs(fact, 'order.edited')
  const at = fact.occurredAt
  foldFees(draft, body, at)
  const { customer, shipTo } = body
  if (customer && isNewer(draft.customer, at)) {
    const name = customer.name ?? shipTo?.name
    const who = draft.erased === undefined && { ...(name && { masked: maskName(name) }), ...pick(customer, 'id') }
    draft.customer = { at, ...who, ...pick(customer, 'tier') }
  }
  if (shipTo && isNewer(draft.shipTo, at))
    draft.shipTo = { at, ...pick(shipTo, 'region'), ...pick(shipTo, 'city'), ...pick(shipTo, 'country') }
}

// Content of the same instant is the same message sent again; only newer content replaces.
const isNewer = (known: { at: Instant } | undefined, at: Instant): boolean => known === undefined || at > known.at

const pick = <K extends string>(from: { readonly [key in K]?: string }, key: K): { [key in K]?: string } =>
  from[key] === undefined ? {} : ({ [key]: from[key] } as { [key in K]?: string })

function foldPromise(draft: Draft, said: CustomerPromise, at: Instant): void {
  const known = draft.promise
  const endsAt = promiseEndsAt(said)
  // The newest holds; of two made at one instant the later end, so that arrival does not matter.
  if (known === undefined || at > known.at || (at === known.at && endsAt > known.endsAt))
    draft.promise = { at, endsAt, said }
}

const foldPromiseChanged: Fold = (draft, fact) =>
  foldPromise(draft, bodyAs(fact, 'order.promise_changed').promise, fact.occurredAt)

function foldErased(draft: Draft, fact: Fact): void {
  draft.erased ??= fact.occurredAt
  if (draft.customer) draft.customer = { at: draft.customer.at, ...pick(draft.customer, 'tier') }
}

function foldReported(draft: Draft, fact: Fact): void {
  const { status } = bodyAs(fact, 'order.status_reported')
  const known = draft.reported
  const at = fact.occurredAt
  if (known === undefined || at > known.at || (at === known.at && status > known.status))
    draft.reported = { status, at }
}

function foldReturnReceived(draft: Draft, fact: Fact): void {
  if (!bodyAs(fact, 'return.received').partial) foldNode(draft, fact)
}

const both =
  (first: Fold, second: Fold): Fold =>
  (draft, fact) => {
    first(draft, fact)
    second(draft, fact)
  }

const flag =
  (name: keyof Flags): Fold =>
  (draft, fact) => {
    const known = draft.flags?.[name]
    if (known === undefined || known < fact.occurredAt) draft.flags = { ...draft.flags, [name]: fact.occurredAt }
  }

const time =
  (name: keyof Times): Fold =>
  (draft, fact) => {
    const known = draft.times?.[name]
    const times = withTime(known, fact.occurredAt)
    if (times !== known) draft.times = { ...draft.times, [name]: times }
  }

const FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ['order.placed', foldPlaced],
  ['order.edited', both(foldEdited, time('edited'))],
  ['order.promise_changed', both(foldPromiseChanged, time('promiseChanged'))],
  ['order.status_reported', foldReported],
  ['person.erased', foldErased],
  ['order.cancel_requested', flag('cancelRequested')],
  ['payment.received', both(foldNode, foldPayment)],
  ['payment.refunded', both(foldNode, foldRefund)],
  ['payment.failed', both(flag('paymentFailed'), time('paymentFailed'))],
  ['payment.refund_failed', flag('refundFailed')],
  ['payment.disputed', flag('disputed')],
  ['fulfilment.short', flag('short')],
  ['return.approved', flag('returnApproved')],
  ['return.shipped', foldReturnShipped],
  ['return.received', foldReturnReceived],
  ['review.received', foldReview],
  ['message.received', time('messages')],
  ['sensor.reading', foldReading],
  ...PARCEL_TYPES.map((type): [string, Fold] => [type, foldParcel]),
])

/** News about the order that changes nothing but when something was last heard. A note is ours, not news. */
const TOUCHING = new Set(['payment.authorised', 'fulfilment.scanned'])

function touch(draft: Draft, fact: Fact): void {
  const { occurredAt, type } = fact
  const known = draft.lastEventAt
  if (known !== undefined && (occurredAt < known || (occurredAt === known && type <= (draft.lastEvent ?? '')))) return
  draft.lastEventAt = occurredAt
  draft.lastEvent = type
}
