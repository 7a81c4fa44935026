import { z } from 'zod'
import type { Instant } from '../kernel/instant.ts'
import { endOfDay, isDay } from '../kernel/zone.ts'
import { instant, zone } from './events/fields.ts'
import { mark } from './events/marks.ts'

/** What the customer was told to expect: a calendar day in a zone, or an instant. The two never compare. */
export type CustomerPromise = DayPromise | InstantPromise

export interface DayPromise {
  readonly grain: 'day'
  /** First day, `YYYY-MM-DD`. */
  readonly from?: string
  /** Last day that still keeps the promise. */
  readonly to: string
  readonly zone: string
}

export interface InstantPromise {
  readonly grain: 'instant'
  readonly from?: Instant
  /** From this instant on the promise is broken. */
  readonly to: Instant
  readonly zone: string
}

const day = () =>
  mark(
    z.string().refine(isDay, {
      error: 'use a calendar day of the years 1970 to 2199, such as 2026-11-21',
      params: { code: 'bad_format' },
    }),
    { says: 'day, YYYY-MM-DD' },
  )

const inOrder = (promise: CustomerPromise): boolean => promise.from === undefined || promise.from <= promise.to
const ORDER = { path: ['from'], error: '`from` must not be after `to`', params: { code: 'out_of_range' } }

/** A promise as sources send it; instants are kept as epoch ms. */
export const promise = () =>
  z
    .discriminatedUnion('grain', [
      z.strictObject({ grain: z.literal('day'), from: day().optional(), to: day(), zone: zone() }),
      z.strictObject({ grain: z.literal('instant'), from: instant().optional(), to: instant(), zone: zone() }),
    ])
    .refine(inOrder, ORDER)

/**
 * The exclusive end of a promise, epoch ms: at this instant it is broken. For a day it is the start of the next day in
 * the promise's zone, across changes of the clock. Throws RangeError on an unknown zone, which a parsed promise has not.
 */
export const promiseEndsAt = (promise: CustomerPromise): Instant =>
  promise.grain === 'day' ? endOfDay(promise.to, promise.zone) : promise.to
