import type { FactValues } from '../contract/facts.ts'
import type { Reactor, StreamKind, StreamView } from '../contract/stream.ts'
import {
  type CaseRow,
  type CasesState,
  caseRows,
  casesReactorFor,
  findingRows,
  openCases,
  type Subject,
  type TriageSubject,
} from '../modules/cases/index.ts'
import { type FeedState, feedReactor } from '../modules/channels/index.ts'
import {
  type BaselineBook,
  NO_BASELINES,
  type OrderRow,
  type OrderState,
  orderFactSchema,
  orderFacts,
  orderRow,
  ordersReactor,
  withBaselines,
} from '../modules/orders/index.ts'
import { rulesReactor, shadowReactor } from '../modules/rules/index.ts'
import { type BackupState, backupReactor } from '../modules/upkeep/index.ts'
import type { FactsFold } from './backtest/story.ts'
import { formOf } from './backtest/story-text.ts'
import type { Decision, Memo, ReadRows } from './rows.ts'

/** Safe: the slice `orders` holds what the orders reactor made. */
export const ordersIn = (slices: Memo['slices']): OrderState => slices.orders as OrderState
export const casesIn = (slices: Memo['slices']): CasesState => slices.cases as CasesState
export const backupIn = (slices: Memo['slices']): BackupState => slices.backup as BackupState
export const feedIn = (slices: Memo['slices']): FeedState => slices.feed as FeedState

/** The facts of an order for its rules, from any fold of it. */
export const factsIn = (slices: Memo['slices'], baselines: BaselineBook): FactValues =>
  withBaselines(orderFacts(ordersIn(slices)), baselines)

/** Safe: the reference book puts it there, or nothing. */
const baselinesIn = ({ refs }: StreamView): BaselineBook => (refs.baselines as BaselineBook | undefined) ?? NO_BASELINES

let latest: { readonly state: OrderState; readonly book: BaselineBook; readonly values: FactValues } | null = null

/** The facts of an order for its rules. Asked twice for every state, to decide and to set the wake: the latest is kept. */
function factsOf(view: StreamView): FactValues {
  const state = ordersIn(view.slices)
  const book = baselinesIn(view)
  if (latest?.state !== state || latest.book !== book)
    latest = { state, book, values: withBaselines(orderFacts(state), book) }
  return latest.values
}

/** What makes the facts of rules of an order's ledger, for those who read stories and not streams. */
export const orderFold: FactsFold<OrderState> = {
  initial: ordersReactor.initial,
  evolve: ordersReactor.evolve,
  values: orderFacts,
}

/** The form of the stories that this release tells. */
export const STORY_FORM = formOf(orderFactSchema, [ordersReactor.shape])

const casesReactor = casesReactorFor(view => triageSubjectOf(view))

/** Which reactors a stream kind has, in the order in which they fold and are asked. The only place that knows it. */
const REACTORS: Record<StreamKind, readonly Reactor<unknown>[]> = {
  order: [erased(ordersReactor), erased(rulesReactor(factsOf)), erased(casesReactor), erased(shadowReactor(factsOf))],
  feed: [erased(feedReactor), erased(casesReactor)],
  system: [erased(backupReactor), erased(casesReactor)],
}

/** Safe: the loop hands each reactor only what that reactor itself made of its slice. */
function erased<S>(reactor: Reactor<S>): Reactor<unknown> {
  return reactor as unknown as Reactor<unknown>
}

export const reactorsOf = (kind: StreamKind): readonly Reactor<unknown>[] => REACTORS[kind]

/** The read rows that a step changed; all rows of the stream when nothing of it was there before (and in a rebuild). */
export function readRowsOf({ before, after, facts }: Pick<Decision, 'before' | 'after' | 'facts'>): ReadRows {
  const fresh = before.version === 0
  const key = { b: after.bucket, s: after.stream }
  const now = casesIn(after.slices)
  const then = fresh ? null : casesIn(before.slices)
  const findings = findingRows(after.stream, then, now)
  const cases = Object.keys(now.cases).length === 0 ? [] : changedCases(before, after, then)
  const written =
    after.kind === 'order' && facts.length > 0 ? orderWrite(before, after, facts.at(-1)!.recordedAt) : NO_ORDER
  return {
    ...written,
    cases: cases.map(({ stream: _, version, ...row }) => ({ ...key, v: version, ...row })),
    findings: findings.map(({ stream: _, ...row }) => ({ ...key, ...row })),
  }
}

function changedCases(before: Memo, after: Memo, then: CasesState | null): CaseRow[] {
  const earlier = then && { state: then, subject: subjectOf(before) }
  return caseRows(after.stream, earlier, { state: casesIn(after.slices), subject: subjectOf(after) })
}

/** Statuses in which nothing more is expected of an order. */
export const ENDED: ReadonlySet<string> = new Set(['delivered', 'returned', 'cancelled'])

const NO_ORDER: Pick<ReadRows, 'orders' | 'moved'> = { orders: [], moved: [] }

/** Columns that few events change; when none of them did, only the order's progress is written. */
const SETTLED = [
  ...(['order_no', 'channel', 'placed_at', 'promise_ends_at', 'cancelled', 'currency', 'total', 'line_count'] as const),
  ...(['units', 'customer_masked', 'erased', 'region', 'city', 'warehouses', 'payment_method'] as const),
] satisfies readonly (keyof OrderRow)[]

function orderWrite(before: Memo, after: Memo, updatedAt: number): Pick<ReadRows, 'orders' | 'moved'> {
  const row = orderRow(after.stream, ordersIn(after.slices))
  const was = before.version > 0 ? orderRow(before.stream, ordersIn(before.slices)) : null
  const { open: openCount, worst } = openCases(casesIn(after.slices))
  const open = !ENDED.has(row.status)
  const { bucket: b, stream: s, version: v, historical } = after
  if (was && SETTLED.every(column => was[column] === row[column])) {
    const stage = { nd: row.nodes, sg: row.stage, ss: row.stage_since, tc: row.touched }
    const milestones = { st: row.status, op: open, ho: row.handed_over_at, de: row.delivered_at, le: row.last_event_at }
    const rest = { pa: row.paid, ca: row.carrier, tr: row.tracking_no, oc: openCount, ws: worst }
    return { orders: [], moved: [{ b, s, v, ...milestones, ...stage, ...rest, hi: historical, ua: updatedAt }] }
  }
  const own = { v, open, open_cases: openCount, worst_severity: worst, historical, updated_at: updatedAt }
  return { orders: [{ b, s, ...row, ...own }], moved: [] }
}

const NOWHERE = { region: null, promiseEndsAt: null }

/** What the triage table is told of a stream, when one of its cases is triaged. */
export function triageSubjectOf({ stream, kind, slices }: Pick<Memo, 'stream' | 'kind' | 'slices'>): TriageSubject {
  const tier = kind === 'order' ? (ordersIn(slices).customer?.tier ?? null) : null
  return { ...subjectOf({ stream, kind, slices }), tier }
}

function subjectOf(memo: Pick<Memo, 'stream' | 'kind' | 'slices'>): Subject {
  if (memo.kind === 'feed')
    return { orderNo: null, channel: feedIn(memo.slices).name, amount: null, currency: null, ...NOWHERE }
  // Of no shop: only who sees all of them sees it.
  if (memo.kind === 'system') return { orderNo: null, channel: null, amount: null, currency: null, ...NOWHERE }
  const state = ordersIn(memo.slices)
  const row = orderRow(memo.stream, state)
  const { region, promise_ends_at: promiseEndsAt } = row
  return {
    orderNo: row.order_no,
    channel: row.channel,
    // An order whose lines never came, or were taken back, may still have been paid.
    amount: Math.max(row.total, row.paid),
    currency: row.currency,
    region,
    promiseEndsAt,
  }
}
