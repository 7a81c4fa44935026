import type { CompareOp } from '../dialect/ast.ts'
import type { Term, TermOf } from '../dialect/term.ts'
import { BeyondFastPath, beyond, elementName, jsOp, type Pool, plain, plainJunction } from './codegen-plain.ts'
import { reachCompared, stepCompared, stepHolds } from './codegen-runtime.ts'
import { MIRRORED, reachTestOf } from './temporal-clock.ts'

/**
 * The fast path: a checked condition as JavaScript in signed horizons. True until tick u is `u`, false until u is `-u`, so
 * that && is min, || is max and ! is the sign (the calculus of docs/explanation/exact-time.md). Only names that the checker
 * resolved and quoted literals get into the text, never the user's own.
 */
export interface SignedSource {
  /** What does not move with time; while it is false the rule does not hold and time changes nothing. */
  readonly guard: string | null
  /** The signed horizon while the guard is true; null when the guard is all there is. */
  readonly horizon: string | null
}

/** Null where the fast path does not reach (a filter or a choice over moving time, slopes other than 1): closures do it. */
export function signedSource(term: Term, pool: Pool): SignedSource | null {
  try {
    if (term.cls === 'K') return { guard: plain(term, pool), horizon: null }
    if (term.kind !== 'junction' || term.op !== '&&') return { guard: null, horizon: signed(term, pool) }
    const { still, rest } = partsOf(term, pool)
    return { guard: still.length > 0 ? plainJunction(still, '&&', pool) : null, horizon: rest }
  } catch (error) {
    if (error instanceof BeyondFastPath) return null
    throw error
  }
}

/** Any condition as a signed horizon. */
function signed(t: Term, pool: Pool): string {
  if (t.type !== 'bool') return beyond()
  if (t.cls === 'K') return `((${plain(t, pool)})?Infinity:-Infinity)`
  switch (t.kind) {
    case 'not':
      return `(-${signed(t.operand, pool)})`
    case 'junction':
      return signedJunction(t, pool)
    case 'choice':
      if (t.test.cls !== 'K') return beyond()
      return `((${plain(t.test, pool)})?${signed(t.yes, pool)}:${signed(t.no, pool)})`
    case 'compare':
      return signedCompare(t, pool)
    case 'step':
      return signedStep(t, pool)
    case 'macro':
      if ((t.macro !== 'exists' && t.macro !== 'all') || t.list.cls !== 'K') return beyond()
      return `rt.${t.macro}(${plain(t.list, pool)},${elementName(t.depth)}=>${signed(t.body, pool)})`
    default:
      return beyond()
  }
}

/** What does not move is tested first: the rest is then only evaluated on facts that are there. */
function signedJunction(t: TermOf<'junction'>, pool: Pool): string {
  const { still, rest } = partsOf(t, pool)
  if (still.length === 0) return rest
  const test = plainJunction(still, t.op, pool)
  return t.op === '&&' ? `(${test}?${rest}:-Infinity)` : `(${test}?Infinity:${rest})`
}

function partsOf(t: TermOf<'junction'>, pool: Pool): { still: readonly Term[]; rest: string } {
  const still = t.operands.filter(o => o.cls === 'K')
  const moving = t.operands.filter(o => o.cls !== 'K').map(o => signed(o, pool))
  const rest = moving.length === 1 ? moving[0]! : `Math.${t.op === '&&' ? 'min' : 'max'}(${moving.join(',')})`
  return { still, rest }
}

/** A moving time as `js + slope * now`. */
interface Affine {
  readonly js: string
  readonly slope: number
  /** False when `js` may be no whole number, so that the flip needs rounding. */
  readonly whole: boolean
}

function affine(t: Term, pool: Pool): Affine {
  if (t.cls === 'S') return beyond()
  if (t.cls === 'K') return { js: plain(t, pool), slope: 0, whole: isWhole(t) }
  if (t.kind === 'now') return { js: '0', slope: 1, whole: true }
  if (t.kind === 'negate') {
    const a = affine(t.operand, pool)
    return { js: `(-${a.js})`, slope: -a.slope, whole: a.whole }
  }
  if (t.kind !== 'arithmetic' || (t.op !== '+' && t.op !== '-')) return beyond()
  const a = affine(t.left, pool)
  const b = affine(t.right, pool)
  return {
    js: `(${a.js}${t.op}${b.js})`,
    slope: t.op === '+' ? a.slope + b.slope : a.slope - b.slope,
    whole: a.whole && b.whole,
  }
}

function isWhole(t: Term): boolean {
  switch (t.kind) {
    case 'literal':
      return Number.isInteger(t.value)
    case 'fact':
    case 'element':
      return t.type !== 'num'
    case 'negate':
      return isWhole(t.operand)
    case 'arithmetic':
      return (t.op === '+' || t.op === '-') && isWhole(t.left) && isWhole(t.right)
    case 'due':
    case 'business':
      return true
    default:
      return false
  }
}

function signedCompare(t: TermOf<'compare'>, pool: Pool): string {
  const reach = reachTestOf(t)
  if (reach) {
    return `${pool.nameOf(reachCompared(reach))}(${plain(reach.anchor, pool)},${plain(reach.limit, pool)},now)`
  }
  if (t.left.kind === 'step' || t.right.kind === 'step') return comparedStep(t, pool)
  const a = affine(t.left, pool)
  const b = affine(t.right, pool)
  const slope = a.slope - b.slope
  if (slope === 0) return `((${a.js}${jsOp(t.op)}${b.js})?Infinity:-Infinity)`
  if (Math.abs(slope) !== 1) return beyond()
  const z = slope > 0 ? `z=${b.js}-${a.js}` : `z=${a.js}-${b.js}`
  return nowCompared(slope > 0 ? t.op : MIRRORED[t.op], z, a.whole && b.whole)
}

/** The hour of a clock, open or not: certain until a clock that runs with now leaves its step. */
function signedStep(t: TermOf<'step'>, pool: Pool): string {
  return `${pool.nameOf(stepHolds(t))}(${shiftOf(t, pool)},now)`
}

function comparedStep(t: TermOf<'compare'>, pool: Pool): string {
  const [step, limit, op] = t.left.kind === 'step' ? [t.left, t.right, t.op] : [t.right, t.left, MIRRORED[t.op]]
  if (step.kind !== 'step' || limit.cls !== 'K') return beyond()
  return `${pool.nameOf(stepCompared(step, op))}(${shiftOf(step, pool)},${plain(limit, pool)},now)`
}

function shiftOf({ of }: TermOf<'step'>, pool: Pool): string {
  const { js, slope } = affine(of, pool)
  return slope === 1 ? js : beyond()
}

/** `now op z`: which side of z now is on, and the tick at which that changes. */
function nowCompared(op: CompareOp, z: string, whole: boolean): string {
  const [up, past] = whole ? ['z', '(z+1)'] : ['Math.ceil(z)', '(Math.floor(z)+1)']
  switch (op) {
    case '>':
      return `((${z})<now?Infinity:-${past})`
    case '>=':
      return `((${z})<=now?Infinity:-${up})`
    case '<':
      return `((${z})>now?${up}:-Infinity)`
    case '<=':
      return `((${z})>=now?${past}:-Infinity)`
    case '==':
      return whole ? `((${z})===now?z+1:z>now?-z:-Infinity)` : beyond()
    case '!=':
      return whole ? `((${z})===now?-z-1:z>now?z:Infinity)` : beyond()
  }
}
