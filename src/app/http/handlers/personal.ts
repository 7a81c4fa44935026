import type { ErasureItem, PersonAsked, REVEALED } from '../../../contract/api/index.ts'
import { personalPathsOf } from '../../../contract/personal.ts'
import type { Fact } from '../../../contract/stream.ts'
import { isoOf } from '../../../kernel/instant.ts'
import type { Json, JsonObject } from '../../../kernel/json.ts'
import { type ErasureRow, findErasure, listErasures, tokensOfPerson } from '../../../pipeline/erasures.ts'
import { splitPersonal } from '../../../pipeline/personal.ts'
import { isOrderInReach } from '../../../pipeline/queries/ledger.ts'
import {
  type PersonsOrder,
  personsLooseMessages,
  personsOrders,
  revealableFacts,
} from '../../../pipeline/queries/person.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import { notAllowed } from '../caller.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { factName, loadsOf, orderHead } from './order.ts'
import { orderItem } from './orders.ts'

type Operation = 'revealOrder' | 'exportPerson' | 'listErasures' | 'getErasure' | 'previewErasure' | 'erasePerson'

export function personalHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db, audit, erasures } = deps
  return {
    async revealOrder({ params: { id }, body }, { principal, who }) {
      const head = await orderHead(deps, id, reachOf(principal, 'order.read'))
      if (!(await isOrderInReach(db, id, reachOf(principal, 'personal.reveal')))) throw notAllowed('personal.reveal')
      const { fields, rows = [], reason } = body
      const asked = { stream: id, bornMonth: head.bornMonth, types: SAYING, rows }
      const facts = await revealableFacts(db, loadsOf(deps), asked)
      // Told before it is shown: what nobody could write down nobody sees.
      const after = { fields, ...(rows.length > 0 && { rows }), reason }
      await audit.record(who, { verb: 'order.reveal', subject: { kind: 'order', id }, after })
      return { status: 200, body: { id, ...revealed(facts, new Set(fields), new Set(rows)) } }
    },
    async exportPerson({ body: { person, reason } }, { who }) {
      const after = { namedBy: Object.keys(person), reason }
      await audit.record(who, { verb: 'personal.export', after })
      const headers = { 'content-disposition': 'attachment; filename="personal-data.json"' }
      return { status: 200, body: documentOf(deps, person), headers }
    },
    async listErasures({ query: { limit, cursor } }) {
      const place = LISTS.erasures.placeOf(cursor)
      const { rows, next } = await listErasures(db, { limit, after: place && { at: place[0], id: place[1] } })
      return {
        status: 200,
        body: { items: rows.map(erasureItem), next: LISTS.erasures.cursorOf(next && [next.at, next.id]) },
      }
    },
    async getErasure({ params: { id } }) {
      const row = await findErasure(db, id)
      if (row === null) throw new ApiProblem('erasure_not_found', `There is no erasure ${id}: see GET /v1/erasures.`)
      return { status: 200, body: erasureItem(row) }
    },
    async previewErasure({ body: { person } }, { who }) {
      const found = (await erasures.preview(person)).filter(o => !o.erased)
      await audit.record(who, {
        verb: 'personal.preview',
        after: { namedBy: Object.keys(person), orders: found.length },
      })
      const open = found.filter(o => o.open).length
      const first = found.slice(0, 100).map(o => ({ id: o.stream, orderNo: o.order_no }))
      return { status: 200, body: { orders: found.length, open, first } }
    },
    async erasePerson({ body: { person, reason } }, { who }) {
      return { status: 200, body: erasureItem(await erasures.erase(person, { who, reason })) }
    },
  }
}

const erasureItem = (row: ErasureRow): ErasureItem => ({
  ...{ id: row.id, at: isoOf(row.at), actor: row.actor, reason: row.reason, status: row.status },
  ...{ known: row.tokens.length, erased: row.erased, waiting: row.waiting, checkedAt: isoOf(row.checked_at) },
})

// ---- reveal ----

/** Facts that say who the customer is, or what the customer wrote. */
const SAYING = ['order.placed', 'order.edited', 'order.note_added', 'person.erased']

type Field = (typeof REVEALED)[number]
const OF_CUSTOMER: { readonly [field in Field]?: readonly string[] } = {
  name: ['name'],
  phone: ['phone'],
  email: ['email'],
}
const OF_ADDRESS: { readonly [field in Field]?: readonly string[] } = {
  name: ['name'],
  phone: ['phone'],
  address: ['line1', 'line2', 'postcode', 'district', 'city', 'region', 'country'],
}

function revealed(facts: readonly Fact[], fields: ReadonlySet<Field>, rows: ReadonlySet<number>) {
  const erased = facts.find(f => f.type === 'person.erased')
  const notes = facts.flatMap(f => {
    const text = f.type === 'order.note_added' ? f.body.text : f.body.note
    return typeof text === 'string' && SAYING.includes(f.type) ? [{ seq: f.seq, text }] : []
  })
  return {
    erasedAt: erased ? isoOf(erased.occurredAt) : null,
    customer: picked(newest(facts, 'customer'), OF_CUSTOMER, fields),
    shipTo: picked(newest(facts, 'shipTo'), OF_ADDRESS, fields),
    notes: fields.has('note') ? notes : [],
    rows: facts
      .filter(f => rows.has(f.seq))
      .map(f => ({ seq: f.seq, type: f.type, fields: { ...splitPersonal(f.body, personalPathsOf(f.type)).taken } })),
  }
}

/** What was said last of a part of the order's content; a part replaces the one before as a whole. */
function newest(facts: readonly Fact[], part: 'customer' | 'shipTo'): JsonObject {
  const said = facts.filter(f => (f.type === 'order.placed' || f.type === 'order.edited') && isObject(f.body[part]))
  const last = said.reduce<Fact | null>((best, f) => (best === null || f.occurredAt > best.occurredAt ? f : best), null)
  const found = last?.body[part]
  return isObject(found) ? found : {}
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function picked(
  from: JsonObject,
  table: { readonly [field in Field]?: readonly string[] },
  fields: ReadonlySet<Field>,
): Record<string, string> {
  const keys = [...fields].flatMap(field => table[field] ?? [])
  return Object.fromEntries(keys.flatMap(key => (typeof from[key] === 'string' ? [[key, from[key]]] : [])))
}

// ---- everything of one person ----

/** One JSON document, made while it is sent: an order at a time. */
async function* documentOf(deps: HttpDeps, person: PersonAsked): AsyncGenerator<string> {
  const { db, sealer } = deps
  const asked = { tokens: tokensOfPerson(sealer, person), until: deps.now() }
  const head = { andon: 'personal data', at: isoOf(asked.until), askedFor: { ...person } }
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "orders": [`
  yield* listed(personsOrders(db, loadsOf(deps), asked), documentOrder)
  yield '],\n  "messagesWithoutOrder": ['
  yield* listed(personsLooseMessages({ db, sealer, now: deps.now }, asked), ({ at, why, said }) => ({
    at: isoOf(at),
    why,
    said,
  }))
  yield ']\n}\n'
}

async function* listed<T>(rows: AsyncIterable<T>, shown: (row: T) => object): AsyncGenerator<string> {
  let first = true
  for await (const row of rows) {
    yield `${first ? '\n' : ',\n'}${JSON.stringify(shown(row), null, 2)}`
    first = false
  }
}

function documentOrder({ row, facts, messages }: PersonsOrder): object {
  const { orderNo, channel, status, placedAt, total } = orderItem(row)
  return {
    ...{ id: row.stream, orderNo, channel, status, placedAt, total },
    facts: facts.map(f => ({
      ...{ seq: f.seq, type: f.type, name: factName(f.type), occurredAt: isoOf(f.occurredAt) },
      ...{ recordedAt: isoOf(f.recordedAt), actor: f.actor, data: f.body },
    })),
    messagesSent: messages.map(m => ({
      ...{ at: isoOf(m.created_at), channel: m.channel, type: m.type, status: m.status, body: JSON.parse(m.body) },
    })),
  }
}
