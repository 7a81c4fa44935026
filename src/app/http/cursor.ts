import * as z from 'zod'
import { SEVERITIES } from '../../contract/exceptions.ts'
import { ApiProblem } from './problem.ts'

/** A list that is read page by page. */
export interface PagedList<Place extends z.ZodType> {
  /** Where a page ended, packed so that nobody is tempted to build one; null when nothing comes after it. */
  cursorOf(place: readonly unknown[] | null): string | null
  /** @throws ApiProblem invalid_cursor for one of another list, or one that somebody changed */
  placeOf(cursor: string | undefined): z.output<Place> | null
}

const listOf = <Place extends z.ZodType>(name: string, schema: Place): PagedList<Place> => ({
  cursorOf: place => (place === null ? null : Buffer.from(JSON.stringify([name, place])).toString('base64url')),
  placeOf(cursor) {
    if (cursor === undefined) return null
    const packed = PACKED.safeParse(parsedJson(Buffer.from(cursor, 'base64url').toString('utf8'))).data
    const place = packed?.[0] === name ? schema.safeParse(packed[1]) : null
    if (place?.success) return place.data
    throw new ApiProblem('invalid_cursor', 'Take `next` of the page before as it is, or leave the cursor out.')
  },
})

const PACKED = z.tuple([z.string(), z.unknown()])

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const instant = z.int().min(0)
const text = z.string().min(1).max(200)

const byInstant = z.tuple([instant, text])
const byNumber = z.tuple([z.int().min(0)])
const byText = z.tuple([text])

/** Our lists and their places, in the order of their sorting. */
export const LISTS = {
  orders: listOf('orders', z.tuple([instant.nullable(), text])),
  facts: listOf('facts', byNumber),
  cases: {
    opened: listOf('cases.opened', byInstant),
    severity: listOf('cases.severity', z.tuple([z.enum(SEVERITIES), instant, text])),
    due: listOf('cases.due', z.tuple([instant.nullable(), text])),
    urgency: listOf('cases.urgency', z.tuple([z.enum(SEVERITIES), instant.nullable(), text])),
    oldest: listOf('cases.oldest', byInstant),
    money: listOf('cases.money', z.tuple([z.int().nullable(), text])),
    type: listOf('cases.type', z.tuple([text, instant.nullable(), text])),
    owner: listOf('cases.owner', z.tuple([text.nullable(), instant.nullable(), text])),
  },
  history: listOf('history', byNumber),
  findings: listOf('findings', z.tuple([instant, text, text])),
  quarantine: listOf('quarantine', byInstant),
  unmatched: listOf('unmatched', byText),
  people: listOf('people', byText),
  keys: listOf('keys', byText),
  audit: listOf('audit', z.tuple([instant, z.enum(['trail', 'ledger']), text])),
  jobs: listOf('jobs', byInstant),
  erasures: listOf('erasures', byInstant),
  backtests: listOf('backtests', byInstant),
  hits: listOf('hits', byNumber),
  shadow: listOf('shadow', byInstant),
  baselines: listOf('baselines', byNumber),
}
