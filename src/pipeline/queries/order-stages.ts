import { type Expression, sql as raw, type SqlBool } from 'kysely'
import type { Stage } from '../../contract/stages.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { InOrders } from './find.ts'

/** Filters that numbers of the cockpit lead to. */
export interface StageFilter {
  readonly promiseFrom?: Instant
  /** Exclusive. */
  readonly promiseTo?: Instant
  readonly deliveredFrom?: Instant
  /** Exclusive. */
  readonly deliveredTo?: Instant
  /** Whether the promise was kept, or broken, as of `now`. */
  readonly kept?: boolean
  readonly now?: Instant
  readonly touched?: boolean
  /** Open orders in these stages, since before `stageTo`. */
  readonly stage?: readonly Stage[]
  readonly stageTo?: Instant
  /** Orders that left this stage between the two, after more than `stayOver` ms in it. */
  readonly leftStage?: Stage
  readonly leftFrom?: Instant
  readonly leftTo?: Instant
  readonly stayOver?: number
}

/** Conditions that an index serves. */
export function stagesIndexed(e: InOrders, f: StageFilter): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (f.touched) all.push(e('o.touched', '=', true))
  if (f.stage) all.push(e('o.open', '=', true), e('o.stage', 'in', f.stage))
  if (f.stageTo !== undefined) all.push(e('o.stage_since', '<', f.stageTo))
  if (f.promiseFrom !== undefined) all.push(e('o.promise_ends_at', '>=', f.promiseFrom))
  if (f.promiseTo !== undefined) all.push(e('o.promise_ends_at', '<', f.promiseTo))
  if (f.leftStage) all.push(hasLeft(f, f.leftStage))
  return all
}

export function stagesRemaining(e: InOrders, f: StageFilter): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (f.touched === false) all.push(e('o.touched', '=', false))
  if (f.deliveredFrom !== undefined) all.push(e('o.delivered_at', '>=', f.deliveredFrom))
  if (f.deliveredTo !== undefined) all.push(e('o.delivered_at', '<', f.deliveredTo))
  if (f.kept !== undefined) all.push(f.kept ? keptPromise(e) : brokenPromise(e, f.now ?? 0))
  return all
}

const keptPromise = (e: InOrders) =>
  e.and([e('o.cancelled', '=', false), e('o.delivered_at', '<', e.ref('o.promise_ends_at'))])

/** Late, or not there when the promise ended. Where nobody said when it arrived, nothing is known. */
const brokenPromise = (e: InOrders, now: Instant) =>
  e.and([
    e('o.cancelled', '=', false),
    e.or([
      e('o.delivered_at', '>=', e.ref('o.promise_ends_at')),
      e.and([
        e('o.delivered_at', 'is', null),
        e('o.promise_ends_at', '<=', now),
        e('o.status', 'not in', ['delivered', 'returned']),
      ]),
    ]),
  ])

/** As many stays as anybody looks at; the index gives those of a stage and a time. */
const MOST_STAYS = 5000

const hasLeft = ({ leftFrom = 0, leftTo, stayOver = 0 }: StageFilter, stage: Stage) =>
  raw<SqlBool>`(o.bucket, o.stream) in (
    select y.bucket, y.stream from stay_row y
    where y.stage = ${stage} and y.left_at >= ${leftFrom} and y.left_at < ${leftTo ?? Number.MAX_SAFE_INTEGER}
      and y.left_at - y.entered_at > ${stayOver}
    order by y.left_at desc limit ${MOST_STAYS})`
