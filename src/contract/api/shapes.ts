import * as z from 'zod'
import { instantOfIso } from '../events/index.ts'
import { named } from './route.ts'

/** How many rows a page has at most, and how many when the caller does not say. */
export const MAX_PAGE = 200
const PAGE = 50
/** Counting stops here: nobody needs to know how many more there are, and counting them all takes seconds. */
export const COUNT_LIMIT = 10_001

/** An instant in an answer: ISO 8601 in UTC with milliseconds. */
export const at = () => z.iso.datetime({ precision: 3 })

/** An instant in a request: ISO 8601 with offset; becomes epoch ms. */
export const when = () =>
  z
    .string()
    .transform((given, ctx): number => {
      const read = instantOfIso(given)
      if (typeof read === 'number') return read
      ctx.addIssue({ code: 'custom', message: 'use an ISO 8601 instant such as 2026-11-21T08:00:00Z' })
      return z.NEVER
    })
    .meta({ format: 'date-time' })

const split = (given: unknown): unknown => (typeof given === 'string' ? given.split(',').map(s => s.trim()) : given)

/** Several values of a query parameter, with commas between them. */
export const listOf = <S extends z.ZodType>(element: S, most = 20) =>
  z.preprocess(split, z.array(element).min(1).max(most))

const YES: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false }

/** A yes or no in a query. */
export const yesNo = () =>
  z.preprocess(given => (typeof given === 'string' ? (YES[given] ?? given) : given), z.boolean())

export const cursor = () =>
  z.string().max(400).meta({ description: '`next` of the page before; everything else of the query stays the same' })

export const limit = () =>
  z.coerce.number().int().min(1).max(MAX_PAGE).default(PAGE).meta({ description: 'rows of the page' })

const streamPattern = (letter: string): RegExp => new RegExp(`^[${letter}]-[0-9a-hjkmnp-tv-z]{26}$`)

export const orderId = () => z.string().regex(streamPattern('o'), 'an order id is o- and 26 characters')
export const streamId = () => z.string().regex(streamPattern('ofs'), 'a stream id is o-, f- or s- and 26 characters')
export const caseId = () => z.string().regex(streamPattern('c'), 'a case id is c- and 26 characters')

export const label = named(
  'Label',
  z.strictObject({ zh: z.string(), en: z.string() }).meta({ description: 'The same words in both languages' }),
)

export const money = named(
  'Money',
  z
    .strictObject({ minor: z.int(), currency: z.string().nullable() })
    .meta({ description: 'An amount in minor units of an ISO 4217 currency; null while the currency is not known' }),
)

export const total = named(
  'Total',
  z.strictObject({ count: z.int(), exact: z.boolean() }).meta({
    description: `How many rows the whole list has. Counting stops at ${COUNT_LIMIT}, and of a filter that no index serves among the newest rows: \`exact\` is then false, and there are so many at least.`,
  }),
)

/** One page of a list. The total is counted for the first page only. */
export const page = <S extends z.ZodType>(id: string, item: S) =>
  named(id, z.strictObject({ items: z.array(item), next: z.string().nullable(), total: total.optional() }))

export const problemBody = named(
  'Problem',
  z
    .strictObject({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      code: z.string().meta({ description: 'Stable; the catalogue is in this document' }),
      detail: z.string().meta({ description: 'What happened and what to do about it' }),
      instance: z.string().meta({ description: 'The id of this request, also in X-Request-Id' }),
      errors: z
        .array(z.strictObject({ pointer: z.string(), code: z.string(), message: z.string() }))
        .optional()
        .meta({ description: 'One entry a field: an RFC 6901 pointer into the body, or /query/..., /path/...' }),
      more: z.record(z.string(), z.unknown()).optional().meta({ description: 'Values that the code explains' }),
    })
    .meta({ description: 'RFC 9457 problem details' }),
)
export type ProblemBody = z.output<typeof problemBody>

/** Any JSON object. */
export const anyObject = () => z.record(z.string(), z.unknown())
