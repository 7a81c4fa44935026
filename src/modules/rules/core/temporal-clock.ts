import { MAX_INSTANT, MIN_INSTANT } from '../../../kernel/instant.ts'
import type { CompareOp } from '../dialect/ast.ts'
import type { Term, TermOf } from '../dialect/term.ts'
import { FAULT, type Frame, type Run, strict } from './temporal-frame.ts'

/** A moving argument, `value + slope * now`, and until when that form is certain. */
interface Moving {
  readonly at: number
  readonly value: number
  readonly slope: number
  readonly until: number
}

function movingIn(x: Frame, run: Run): Moving | null {
  const value = run(x)
  const { until, slope } = x
  return typeof value === 'number' ? { at: value + slope * x.now, value, slope, until } : null
}

/** The first tick at which a moving argument leaves [from, to); it is inside now. */
function leaving({ value, slope }: Moving, { from, to }: { readonly from: number; readonly to: number }): number {
  if (slope === 0) return Number.POSITIVE_INFINITY
  // Upwards: value + slope * t >= to. Downwards: value + slope * t < from.
  const tick = slope > 0 ? Math.ceil((to - value) / slope) : Math.floor((from - value) / slope) + 1
  // A division may be rounded over the edge: one tick too early is only asked again.
  return Math.abs(slope) === 1 ? tick : tick - 1
}

/** The hour of a clock, open or not: constant until the argument leaves its step. */
export function stepRun({ step }: TermOf<'step'>, of: Run): Run {
  return x => {
    const moving = movingIn(x, of)
    x.slope = 0
    if (!moving) return FAULT
    const found = step.at(moving.at)
    x.until = Math.min(moving.until, after(leaving(moving, found), x.now))
    return found.value
  }
}

/** Business time runs with the clock while the calendar is open and stands still while it is closed. */
export function businessRun({ calendar }: TermOf<'business'>, [from, to]: readonly [Run, Run]): Run {
  return x => {
    const a = movingIn(x, from)
    const b = movingIn(x, to)
    x.slope = 0
    if (!a || !b) return FAULT
    const [at, then] = [calendar.spellAt(a.at), calendar.spellAt(b.at)]
    const slope = (then.open ? b.slope : 0) - (at.open ? a.slope : 0)
    const bounds = [a.until, b.until, leaving(a, at), leaving(b, then)]
    x.until = after(Math.min(...bounds), x.now)
    x.slope = slope
    return calendar.elapsed(a.at, b.at) - slope * x.now
  }
}

export function dueRun({ calendar }: TermOf<'due'>, args: readonly [Run, Run]): Run {
  return strict(args, ([from, span]) =>
    typeof from === 'number' && typeof span === 'number' ? businessAdd(calendar, from, span) : FAULT,
  )
}

/**
 * The instant after (before, for a negative span) so much business time, the one nearest to `from` where closed time
 * leaves a choice: eight hours before closing is this morning, not yesterday evening. Outside of our years it is their edge.
 */
export function businessAdd(calendar: TermOf<'due'>['calendar'], from: number, span: number): number {
  return span < 0
    ? Math.max(calendar.back(from, -span), MIN_INSTANT)
    : Math.max(from, Math.min(calendar.reach(from, span), MAX_INSTANT))
}

export const MIRRORED: { readonly [op in CompareOp]: CompareOp } = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
}

/** `elapsed since anchor op limit`, as far as a comparison has that form. */
export interface ReachTest {
  readonly calendar: TermOf<'business'>['calendar']
  readonly anchor: Term
  readonly op: CompareOp
  readonly limit: Term
  /** businessElapsed(now, t) counts down: the limit is taken with the other sign. */
  readonly negated: boolean
}

/** Business time between one fact and now, compared with something still: solved by one look-up, without stepping. */
export function reachTestOf(t: TermOf<'compare'>): ReachTest | null {
  const swapped = t.right.kind === 'business'
  const [business, limit] = swapped ? [t.right, t.left] : [t.left, t.right]
  if (business.kind !== 'business' || limit.cls !== 'K') return null
  const op = swapped ? MIRRORED[t.op] : t.op
  const { calendar, from, to } = business
  if (to.kind === 'now' && from.cls === 'K') return { calendar, anchor: from, op, limit, negated: false }
  if (from.kind === 'now' && to.cls === 'K') return { calendar, anchor: to, op: MIRRORED[op], limit, negated: true }
  return null
}

/** The signed horizon of `elapsed(anchor, now) op limit`; NaN when one of them is no number. */
export function reached(
  { calendar, op }: Pick<ReachTest, 'calendar' | 'op'>,
  { anchor, limit, now }: { readonly anchor: number; readonly limit: number; readonly now: number },
): number {
  if (!Number.isFinite(anchor + limit)) return Number.NaN
  // The first tick with at least the limit, and the first with more; the six comparisons follow from them.
  const least = (): number => since(calendar.reach(anchor, Math.ceil(limit)), now)
  const more = (): number => since(calendar.reach(anchor, Math.floor(limit) + 1), now)
  switch (op) {
    case '>=':
      return least()
    case '>':
      return more()
    case '<':
      return -least()
    case '<=':
      return -more()
    case '==':
      return Math.min(least(), -more())
    case '!=':
      return Math.max(-least(), more())
  }
}

/** True for ever from the tick on, false until it. */
const since = (tick: number, now: number): number => (tick <= now ? Number.POSITIVE_INFINITY : -tick)

/** A horizon lies after now; what is no number at all never changes. */
const after = (until: number, now: number): number =>
  Number.isNaN(until) ? Number.POSITIVE_INFINITY : Math.max(until, now + 1)
