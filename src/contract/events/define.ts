import type { z } from 'zod'
import type { JsonObject } from '../../kernel/json.ts'
import type { Label } from '../facts.ts'
import { personalPathsOf } from './marks.ts'

/** The milestones of an order that get a time stamp. */
export type OrderNode =
  | 'placed'
  | 'confirmed'
  | 'paid'
  | 'approved'
  | 'allocated'
  | 'picking'
  | 'packed'
  | 'handedOver'
  | 'collected'
  | 'inTransit'
  | 'outForDelivery'
  | 'delivered'
  | 'cancelled'
  | 'refunded'
  | 'returnRequested'
  | 'returned'

/** Lifts a stored body by one version; pure. */
export type Upcast = (body: JsonObject) => JsonObject

export interface EventSpec<T extends string, S extends z.ZodType> {
  readonly type: T
  /** The newest version. */
  readonly v: number
  readonly label: Label
  readonly description: Label
  readonly schema: S
  readonly node?: OrderNode
  /** By the version that it reads. */
  readonly upcast?: { readonly [from: number]: Upcast }
}

export interface EventEntry<T extends string = string, S extends z.ZodType = z.ZodType> extends EventSpec<T, S> {
  /** Paths of personal fields below `data`. */
  readonly personal: readonly string[]
}

/** One type of event: its name, its meaning, its shape; the personal paths are read off the shape. */
export const defineEvent = <const T extends string, S extends z.ZodType>(spec: EventSpec<T, S>): EventEntry<T, S> => ({
  ...spec,
  personal: personalPathsOf(spec.schema),
})
