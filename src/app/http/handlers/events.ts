import { type Answer, MAX_EVENTS, type Routes } from '../../../contract/api/index.ts'
import {
  type CanonicalEvent,
  eventFamilies,
  fieldsOf,
  type Problem,
  parseEvent,
} from '../../../contract/events/index.ts'
import type { Principal } from '../../../contract/principal.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { type AtDoor, keepAtDoor } from '../../../pipeline/door.ts'
import type { Receipt } from '../../../pipeline/ingress.ts'
import type { Settled } from '../../../pipeline/waiters.ts'
import { demand } from '../caller.ts'
import type { HttpDeps } from '../deps.ts'
import { type Heard, hear } from '../heard.ts'
import { ApiProblem, type FieldProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'

/** Problems of all events of a batch that one answer tells. */
const MAX_TOLD = 100

type Accepted = Extract<Answer<Routes['sendEvents']>, { status: 202 }>['body']

interface Refused {
  readonly message: unknown
  /** Place in the batch. */
  readonly index: number
  readonly problems: readonly Problem[]
}

/** @param heard when this process last heard of each feed; filled here */
export function eventHandlers(
  deps: HttpDeps,
  heard: Map<string, Heard>,
): Pick<Handlers, 'sendEvents' | 'listEventTypes'> {
  const count = deps.metrics.counter({ name: 'events_total', help: 'Events that came by HTTP', labels: ['status'] })
  return {
    async sendEvents({ body, query }, { principal }) {
      const single = !Array.isArray(body)
      const messages: readonly unknown[] = Array.isArray(body) ? body : [body]
      const { events, refused } = checkedEvents(deps, messages)
      demandShops(principal, events)
      if (refused.length > 0) {
        count(refused.length, { status: 'refused' })
        await keepAtDoor(deps.db, deps, refused.map(doorRow))
        throw invalidEvents(refused, { single, of: messages.length })
      }
      const receipts = await deps.pipeline.ingest(events)
      const now = deps.now()
      hear(heard, events, now)
      for (const { status } of receipts) count(1, { status })
      const conflicts = receipts.flatMap((r, i) => (r.status === 'conflict' ? [i] : []))
      if (conflicts.length > 0)
        await keepConflicts(
          deps,
          conflicts.map(i => messages[i]),
          receipts,
        )
      if (single && conflicts.length > 0) throw conflictOf(receipts[0]!)
      const outcomes = await outcomesOf(deps, receipts, query.wait ?? 0)
      const all = query.wait !== undefined && receipts.every(r => r.row === null || outcomes.has(r.row))
      return { status: all ? 200 : 202, body: summary(receipts, outcomes) }
    },
    async listEventTypes() {
      return { status: 200, body: { items: EVENT_TYPES } }
    },
  }
}

/**
 * Who may send for some shops only names the order by its number, which alone decides whose message it is: a tracking
 * number could be of any shop's order.
 * @throws ApiProblem not_allowed
 */
function demandShops(principal: Principal, events: readonly CanonicalEvent[]): void {
  if (principal.rights['event.write'] === 'all') return
  for (const { feed, keys } of events) {
    demand(principal, 'event.write', { shop: feed })
    const number = keys.find(key => key.kind === 'order_no')?.value ?? ''
    demand(principal, 'event.write', { shop: number === '' ? null : number.slice(0, number.indexOf('/')) })
  }
}

/** @throws ApiProblem when there is nothing to look at, or too much */
function checkedEvents(deps: HttpDeps, messages: readonly unknown[]): { events: CanonicalEvent[]; refused: Refused[] } {
  if (messages.length === 0) throw new ApiProblem('invalid_request', 'The list of events is empty: send at least one.')
  if (messages.length > MAX_EVENTS) {
    const detail = `${messages.length} events in one batch: send at most ${MAX_EVENTS} at once. Nothing was taken.`
    throw new ApiProblem('too_many_events', detail)
  }
  const now = deps.now()
  const events: CanonicalEvent[] = []
  const refused: Refused[] = []
  messages.forEach((message, index) => {
    const parsed = parseEvent(message, { now })
    if (parsed.ok) events.push(parsed.event)
    else refused.push({ message, index, problems: parsed.problems })
  })
  return { events, refused }
}

/** A batch is taken as a whole or not at all; in a batch each pointer begins with the index of its event. */
function invalidEvents(refused: readonly Refused[], sent: { single: boolean; of: number }): ApiProblem {
  const errors: FieldProblem[] = refused.flatMap(({ index, problems }) =>
    problems.map(p => (sent.single ? p : { ...p, pointer: `/${index}${p.pointer}` })),
  )
  const first = errors[0]!
  const many = sent.of === 1 ? '' : ` ${refused.length} of ${sent.of} events are not well formed; nothing was taken.`
  return new ApiProblem('invalid_event', `${first.pointer || 'the event'}: ${first.message}.${many}`, {
    errors: errors.slice(0, MAX_TOLD),
    more: { refused: refused.length, events: sent.of, problems: errors.length },
  })
}

const doorRow = ({ message, problems }: Refused): AtDoor => ({
  ...nameOf(message),
  code: problems[0]?.code ?? 'invalid_event',
  error: { problems: problems.map(p => ({ ...p })) },
  text: textOf(message),
})

function nameOf(message: unknown): { source: string; type: string } {
  const said = typeof message === 'object' && message !== null ? new Map(Object.entries(message)) : new Map()
  const text = (name: string): string => (typeof said.get(name) === 'string' ? said.get(name) : '')
  return { source: text('source'), type: text('type') }
}

function textOf(message: unknown): string {
  try {
    return JSON.stringify(message)
  } catch {
    // Nested so deeply that writing it again overflows the stack; reading it did not.
    return '"not kept: nested too deeply"'
  }
}

async function keepConflicts(
  deps: HttpDeps,
  messages: readonly unknown[],
  receipts: readonly Receipt[],
): Promise<void> {
  const error: JsonObject = { message: 'the same id came before with another content' }
  const rows = messages.map(message => ({ ...nameOf(message), code: 'event_conflict', error, text: textOf(message) }))
  await keepAtDoor(deps.db, deps, rows)
  deps.log.warn('an event id came with another content', { conflicts: receipts.length })
}

function conflictOf({ id }: Receipt): ApiProblem {
  const detail = 'This id came before with another content: give a new id. The first content stands, this one is kept.'
  return new ApiProblem('event_conflict', detail, {
    errors: [{ pointer: '/id', code: 'event_conflict', message: 'give each event an id of its own' }],
    more: { id },
  })
}

async function outcomesOf(
  deps: HttpDeps,
  receipts: readonly Receipt[],
  patience: number,
): Promise<ReadonlyMap<string, Settled>> {
  const found = new Map<string, Settled>()
  if (patience === 0) return found
  const rows = receipts.flatMap(r => (r.row === null ? [] : [r.row]))
  await Promise.all(
    rows.map(async row => {
      const settled = await deps.pipeline.waitFor(row, patience)
      if (settled) found.set(row, settled)
    }),
  )
  return found
}

function summary(receipts: readonly Receipt[], outcomes: ReadonlyMap<string, Settled>): Accepted {
  const count = (status: Receipt['status']): number => receipts.filter(r => r.status === status).length
  return {
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    unmatched: count('unmatched'),
    conflicts: count('conflict'),
    results: receipts.map(({ id, source, status, stream, row }) => {
      const settled = row === null ? undefined : outcomes.get(row)
      const code = settled?.body.code
      return {
        id,
        source,
        status,
        ...(stream !== null && { order: stream }),
        ...(settled && {
          outcome: {
            status: settled.status,
            version: settled.version,
            ...(typeof code === 'string' && { code }),
          },
        }),
      }
    }),
  }
}

const EVENT_TYPES = Object.entries(eventFamilies).flatMap(([family, types]) =>
  Object.values(types).map(({ type, v, label, description, schema }) => ({
    type,
    version: v,
    family,
    name: { ...label },
    description: { ...description },
    fields: fieldsOf(schema).map(({ path, optional, personal, says }) => ({ path, optional, personal, says })),
  })),
)
