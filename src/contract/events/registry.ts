import type { z } from 'zod'
import { carrierEvents } from './carrier.ts'
import type { EventEntry } from './define.ts'
import { fulfilmentEvents } from './fulfilment.ts'
import { orderEvents } from './order.ts'
import { otherEvents } from './other.ts'
import { paymentEvents } from './payment.ts'
import { returnEvents } from './returns.ts'
import { systemFactTypes } from './system.ts'

/** The families of the reference page, in its order. */
export const eventFamilies = {
  order: orderEvents,
  payment: paymentEvents,
  fulfilment: fulfilmentEvents,
  carrier: carrierEvents,
  returns: returnEvents,
  other: otherEvents,
}

/** Every type of event that may come from outside. */
export const eventTypes = {
  ...orderEvents,
  ...paymentEvents,
  ...fulfilmentEvents,
  ...carrierEvents,
  ...returnEvents,
  ...otherEvents,
}

export type EventType = keyof typeof eventTypes
/** The body of a type in its newest shape: what `data` becomes once it is checked; instants are epoch ms. */
export type EventBody<T extends EventType> = z.output<(typeof eventTypes)[T]['schema']>

const entries: ReadonlyMap<string, EventEntry> = new Map(Object.entries<EventEntry>(eventTypes))
const versions: ReadonlyMap<string, number> = new Map(
  [...Object.values<{ type: string; v: number }>(eventTypes), ...Object.values(systemFactTypes)].map(e => [
    e.type,
    e.v,
  ]),
)

/** The entry of an event type, or undefined when no such event may come from outside. */
export const eventEntryOf = (type: string): EventEntry | undefined => entries.get(type)

/** The newest version of an event or system fact type, or undefined for an unknown type. */
export const newestVersionOf = (type: string): number | undefined => versions.get(type)
