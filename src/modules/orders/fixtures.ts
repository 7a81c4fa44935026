import type { EventBody, EventType } from '../../contract/events/index.ts'
import type { Fact } from '../../contract/stream.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { evolve } from './core/evolve.ts'
import type { OrderState } from './types.ts'
import { NEW_ORDER } from './types.ts'

/** Facts and states for tests. Instants are small numbers: what matters is which comes first. */
export const factOf = <T extends EventType>(type: T, at: number, body: Partial<EventBody<T>>, knownAt = at): Fact => ({
  ...{ type, v: 1, seq: 1, occurredAt: at, recordedAt: knownAt, knownAt, actor: 'feed:shop', cause: 'row-1' },
  body: { ref: { channel: 'shop', orderNo: 'A-1' }, ...body } as JsonObject,
})

export const LINE = { sku: 'A', qty: 2, price: 1000 }

export const placedAt = (at: number, more: Partial<EventBody<'order.placed'>> = {}): Fact =>
  factOf('order.placed', at, { currency: 'CNY', lines: [LINE], ...more })

export const paidAt = (at: number, amount: number, more: Partial<EventBody<'payment.received'>> = {}): Fact =>
  factOf('payment.received', at, { amount, currency: 'CNY', method: 'card', ...more })

/** A message about a parcel; without a tracking number about the whole order. */
export const parcelAt = (type: Extract<EventType, `parcel.${string}`>, at: number, trackingNo?: string): Fact =>
  factOf(type, at, { ref: { channel: 'shop', orderNo: 'A-1', ...(trackingNo && { trackingNo }) } })

export const foldAll = (facts: readonly Fact[], from: OrderState = NEW_ORDER): OrderState => facts.reduce(evolve, from)
