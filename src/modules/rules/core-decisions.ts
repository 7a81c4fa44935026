import type { FactValues } from '../../contract/facts.ts'
import type { Fact, NewFact, Reaction, Reactor, References, StreamView, Tick } from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ActingTable } from './core/lint-effects.ts'
import type {
  DecisionMade,
  DecisionResult,
  DecisionTable,
  OutputValue,
  RulesState,
  StandingDecision,
  TableDef,
} from './types.ts'

/**
 * What tables decide of an order beside its rules: whether it is approved, and from where it is to be sent. Decided when
 * the table is first asked, and anew whenever another row would decide, by a fact or by the clock alone. No table reads
 * what tables decided, so that none can go back and forth with itself or with another.
 */

export const DECISION_MADE = 'decision.made'
const APPROVED = 'order.approved'
/** Of a table with more rows, so many are told of: a fact must stay small in the ledger. */
const TOLD_ROWS = 20

type Order = { readonly [field: string]: unknown }

/** A use of tables: for which orders its table is asked, and what follows. */
interface Use {
  readonly id: string
  isAsked(order: Order): boolean
  /** How it lets orders go on; `asked` says `isAsked` in the dialect, for the linter. */
  readonly acts: Pick<ActingTable, 'brings' | 'asked' | 'after' | 'lets'>
  /** The one word of several rows that hit together. */
  chosen(result: DecisionResult): DecisionResult
}

/** Nothing of it has left yet, and it is still wanted. */
const isAhead = (order: Order): boolean =>
  order.cancelled !== true &&
  order.deliveredReported !== true &&
  [order.handedOverAt, order.deliveredAt, order.returnedAt].every(at => at === undefined)

const AHEAD = [
  ...['!order.cancelled', '!order.deliveredReported'],
  ...['handedOverAt', 'deliveredAt', 'returnedAt'].map(field => `!has(order.${field})`),
].join(' && ')

/** An approved order, at the instant of its approval. */
const AFTER = [
  ...['has(order.paidAt)', 'has(order.approvedAt)', 'order.approvedAt == now', "order.status == 'approved'"],
  ...['order.lastEventAt == now', 'has(node.name)', "node.name == 'approved'", 'has(node.since)', 'node.since == now'],
].join(' && ')

/** From the strictest on: where several rows speak, no milder one counts. */
export const APPROVALS = ['hold', 'review', 'approve'] as const

const APPROVAL: Use = {
  id: 'approval',
  isAsked: order => order.paidAt !== undefined && order.approvedAt === undefined && isAhead(order),
  acts: {
    brings: APPROVED,
    asked: `has(order.paidAt) && !has(order.approvedAt) && ${AHEAD}`,
    after: `${AFTER} && ${AHEAD}`,
    lets: ({ decision }) => decision === 'approve',
  },
  chosen(result) {
    const { decision } = result
    if (!isList(decision)) return result
    return { ...result, decision: APPROVALS.find(word => decision.includes(word)) ?? null }
  },
}

const ROUTING: Use = {
  id: 'routing',
  isAsked: order => order.placedAt !== undefined && order.allocatedAt === undefined && isAhead(order),
  acts: {
    // Who allocates by it is another system.
    ...{ brings: 'order.allocated', after: null },
    asked: `has(order.placedAt) && !has(order.allocatedAt) && ${AHEAD}`,
    lets: ({ warehouse }) => warehouse !== null,
  },
  chosen(result) {
    const { warehouse } = result
    if (!isList(warehouse)) return result
    const [first = null, ...alternatives] = new Set(warehouse)
    return { ...result, warehouse: first, alternatives }
  },
}

const USES: readonly Use[] = [APPROVAL, ROUTING]

/** What a table for this use says by these results, of which several rows may have given one each. */
export const saidFor = (id: string, result: DecisionResult): DecisionResult =>
  USES.find(use => use.id === id)?.chosen(result) ?? result

const isList = (value: OutputValue | undefined): value is Extract<OutputValue, readonly unknown[]> =>
  Array.isArray(value)

/** What a table does by itself, for the linter; null for a use that lets nothing go on. */
export function actingTable(def: TableDef): ActingTable | null {
  const use = USES.find(({ id }) => id === def.id)
  return use ? { id: `table:${use.id}`, def, ...use.acts } : null
}

/** Whether the table of a use would be asked about an order with these facts. */
export const isAskedOf = (id: string, values: FactValues): boolean =>
  USES.some(use => use.id === id && use.isAsked(orderIn(values)))

/** The reactor with what tables decide in its slice; `project` makes the same facts for both. */
export function deciding(base: Reactor<RulesState>, project: (view: StreamView) => FactValues): Reactor<RulesState> {
  const stateIn = (view: StreamView): RulesState =>
    // Safe: a slice holds what its own reactor made.
    view.slices[base.slice] as RulesState
  return {
    ...base,
    adds: [...base.adds, DECISION_MADE, APPROVED],
    evolve: (state, fact) => (fact.type === DECISION_MADE ? decided(state, fact) : base.evolve(state, fact)),
    react(view, fact, now): Reaction {
      const reaction = base.react(view, fact, now)
      if (isOurs(fact) || !isUsed(view.refs, stateIn(view))) return reaction
      const facts = decisions({ view, order: project(view), now }, stateIn(view))
      return facts.length === 0 ? reaction : { ...reaction, facts: [...(reaction.facts ?? []), ...facts] }
    },
    wakeAt(view, now): Instant | null {
      const wake = base.wakeAt?.(view, now) ?? null
      if (!isUsed(view.refs, stateIn(view))) return wake
      const values = project(view)
      const changes = USES.flatMap(use => {
        const table = tableIn(view.refs, use.id)
        return table && use.isAsked(orderIn(values)) ? (table.changesAt(values, now) ?? []) : []
      })
      const earliest = Math.min(wake ?? Number.POSITIVE_INFINITY, ...changes)
      return earliest === Number.POSITIVE_INFINITY ? null : earliest
    },
  }
}

/** What follows from tables and rules, and from people's work on cases, no table reads. */
const isOurs = ({ type }: Fact | Tick): boolean =>
  type === DECISION_MADE || ['finding.', 'case.', 'shadow.'].some(head => type.startsWith(head))

const isUsed = (refs: References, { decided: known }: RulesState): boolean =>
  refs.approval !== undefined || refs.routing !== undefined || known !== undefined

interface Moment {
  readonly view: StreamView
  readonly order: FactValues
  readonly now: Instant
}

function decisions(moment: Moment, { decided: known = {} }: RulesState): NewFact[] {
  const { view, order, now } = moment
  const fields = orderIn(order)
  return USES.flatMap(use => {
    // What was decided stays with an order that is not asked about any more.
    if (!use.isAsked(fields)) return []
    const table = tableIn(view.refs, use.id)
    const before = Object.hasOwn(known, use.id) ? known[use.id]! : null
    const said = table && saidBy(table, use, { order, now })
    if (!table || !said) return before === null ? [] : [takenBack(use, before)]
    const { version, rows, result } = said
    const follows = result.decision === 'approve' ? approved(use, version, moment) : []
    // Approved while it was history, the order moves on by the first thing that happens to it live.
    if (before && isSame(before, said)) return follows
    const made: DecisionMade = {
      ...{ table: use.id, version, rows, result, was: before?.result ?? null },
      ...told(table, rows, moment),
    }
    const fact: NewFact = { type: DECISION_MADE, body: bodyOf(made), actor: actorOf(use, version) }
    return [fact, ...follows]
  })
}

/** Null when no row hits, and nothing is given for that. */
function saidBy(
  table: DecisionTable,
  use: Use,
  { order, now }: Pick<Moment, 'order' | 'now'>,
): StandingDecision | null {
  const { rows, values } = table.decide(order, now)
  const { version, otherwise } = table.def
  if (rows.length > 0) return { version, rows, result: use.chosen(values) }
  return otherwise === undefined ? null : { version, rows, result: values }
}

/** Another version that says the same is no news; another row of the same version is. */
function isSame(before: StandingDecision, { version, rows, result }: StandingDecision): boolean {
  const equal = JSON.stringify(before.result) === JSON.stringify(result)
  return equal && (before.version !== version || before.rows.join() === rows.join())
}

function told(table: DecisionTable, hit: readonly number[], { order, now }: Moment) {
  const { evidence, unmet } = table.reasons(order, now)
  const others = unmet
    .flatMap((columns, row) => (hit.includes(row) ? [] : [{ row, columns }]))
    .slice(0, TOLD_ROWS)
    .map(({ row, columns }) => ({
      ...{ row, gives: table.givenBy(row) },
      unmet: columns.map(column => table.def.inputs[column]!.id),
    }))
  return { evidence, others }
}

function takenBack(use: Use, before: StandingDecision): NewFact {
  const nothing = { version: null, rows: [], result: null, evidence: {}, others: [] }
  return { type: DECISION_MADE, body: bodyOf({ table: use.id, was: before.result, ...nothing }) }
}

/** The order moves on by it, but never one of the past: what its shop did then is what happened. */
function approved(use: Use, version: number, { view, order }: Moment): NewFact[] {
  const { channel, orderNo } = orderIn(order)
  if (view.historical || !isText(channel) || !isText(orderNo)) return []
  return [{ type: APPROVED, body: { ref: { channel, orderNo } }, actor: actorOf(use, version) }]
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const actorOf = ({ id }: Use, version: number): string => `table:${id}@${version}`

function decided(state: RulesState, fact: Fact): RulesState {
  const { table, version, rows, result } = madeIn(fact)
  const { [table]: _, ...rest } = state.decided ?? {}
  if (version === null || result === null) return { ...state, decided: rest }
  return { ...state, decided: { ...rest, [table]: { version, rows, result } } }
}

/** Safe: only this reactor adds facts of this type. */
const madeIn = ({ body }: Fact): DecisionMade => body as unknown as DecisionMade
/** Safe: a decision is data. */
const bodyOf = (made: DecisionMade): NewFact['body'] => made as unknown as NewFact['body']
/** Safe: the pipeline puts the compiled table of a use there, or nothing. */
const tableIn = (refs: References, use: string): DecisionTable | undefined => refs[use] as DecisionTable | undefined
/** Safe: the projection of orders gives a record under this root. */
const orderIn = (values: FactValues): Order => (values.order ?? {}) as Order
