import * as z from 'zod'
import { SEVERITIES } from '../../contract/exceptions.ts'
import { ApiProblem } from './problem.ts'

/** A cursor is the place where a page ended, packed so that nobody is tempted to build one. */
export const cursorOf = (place: readonly unknown[] | null): string | null =>
  place === null ? null : Buffer.from(JSON.stringify(place)).toString('base64url')

/** @throws ApiProblem invalid_cursor for one of another list, or one that somebody changed */
export function placeOf<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | null {
  if (cursor === undefined) return null
  const parsed = schema.safeParse(parsedJson(Buffer.from(cursor, 'base64url').toString('utf8')))
  if (parsed.success) return parsed.data
  throw new ApiProblem('invalid_cursor', 'Take `next` of the page before as it is, or leave the cursor out.')
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const instant = z.int().min(0)
const text = z.string().min(1).max(200)

/** The places of our lists, in the order of their sorting. */
export const PLACES = {
  byInstant: z.tuple([instant, text]),
  byInstantOrNone: z.tuple([instant.nullable(), text]),
  byCase: {
    opened: z.tuple([instant, text]),
    severity: z.tuple([z.enum(SEVERITIES), instant, text]),
    due: z.tuple([instant.nullable(), text]),
    urgency: z.tuple([z.enum(SEVERITIES), instant.nullable(), text]),
    oldest: z.tuple([instant, text]),
    money: z.tuple([z.int().nullable(), text]),
    type: z.tuple([text, instant.nullable(), text]),
    owner: z.tuple([text.nullable(), instant.nullable(), text]),
  },
  byInstantAndStream: z.tuple([instant, text, text]),
  ofDeed: z.tuple([instant, z.enum(['trail', 'ledger']), text]),
  byNumber: z.tuple([z.int().min(0)]),
  byText: z.tuple([text]),
}
