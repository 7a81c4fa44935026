import type { CompareOp } from '../dialect/ast.ts'
import type { HasTarget, ScalarValue, Term, TermOf } from '../dialect/term.ts'
import { lowerAscii, PAIRS, QUANTITIES } from './functions.ts'

/**
 * The fast path: a checked condition as one JavaScript expression in signed horizons. True until tick u is `u`, false until
 * u is `-u`, so that && is min, || is max and ! is the sign (the calculus of the design's rules page). Only names that the
 * checker resolved and quoted literals get into the text, never the user's own.
 * Null where the fast path does not reach (a filter or a choice over moving time, slopes other than 1): the closures do it.
 */
export function signedSource(term: Term): string | null {
  try {
    return signed(term)
  } catch (error) {
    if (error instanceof BeyondFastPath) return null
    throw error
  }
}

class BeyondFastPath extends Error {}
const beyond = (): never => {
  throw new BeyondFastPath()
}

/** Name of the variable that holds a fact; generated functions read each fact once into it. */
export const factName = (root: string, field: string): string => `${root}$${field}`
export const listName = (root: string): string => `${root}$$`

/** What generated code calls by the name `rt`. */
export const RUNTIME = {
  ...PAIRS,
  ...QUANTITIES,
  lowerAscii,
  exists<T>(list: readonly T[], horizon: (element: T) => number): number {
    let best = Number.NEGATIVE_INFINITY
    for (let i = 0; i < list.length && best < Number.POSITIVE_INFINITY; i++) {
      best = Math.max(best, horizon(list[i]!))
    }
    return best
  },
  all<T>(list: readonly T[], horizon: (element: T) => number): number {
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < list.length && best > Number.NEGATIVE_INFINITY; i++) {
      best = Math.min(best, horizon(list[i]!))
    }
    return best
  },
  sum<T>(list: readonly T[], summand: (element: T) => number): number {
    return list.reduce((total, element) => total + summand(element), 0)
  },
} as const

/** Any condition as a signed horizon. */
function signed(t: Term): string {
  if (t.type !== 'bool') return beyond()
  if (t.cls === 'K') return `((${plain(t)})?Infinity:-Infinity)`
  switch (t.kind) {
    case 'not':
      return `(-${signed(t.operand)})`
    case 'junction':
      return signedJunction(t)
    case 'choice':
      return t.test.cls === 'K' ? `((${plain(t.test)})?${signed(t.yes)}:${signed(t.no)})` : beyond()
    case 'compare':
      return signedCompare(t)
    case 'macro':
      if ((t.macro !== 'exists' && t.macro !== 'all') || t.list.cls !== 'K') return beyond()
      return `rt.${t.macro}(${plain(t.list)},${elementName(t.depth)}=>${signed(t.body)})`
    default:
      return beyond()
  }
}

/** What does not move is tested first, guards before all: the rest is then only evaluated on facts that are there. */
function signedJunction(t: TermOf<'junction'>): string {
  const still = t.operands.filter(o => o.cls === 'K')
  const moving = t.operands.filter(o => o.cls !== 'K').map(signed)
  const and = t.op === '&&'
  const rest = moving.length === 1 ? moving[0]! : `Math.${and ? 'min' : 'max'}(${moving.join(',')})`
  if (still.length === 0) return rest
  const test = plainJunction(still, t.op)
  return and ? `(${test}?${rest}:-Infinity)` : `(${test}?Infinity:${rest})`
}

/** A moving time as `js + slope * now`. */
interface Affine {
  readonly js: string
  readonly slope: number
  /** False when `js` may be no whole number, so that the flip needs rounding. */
  readonly whole: boolean
}

function affine(t: Term): Affine {
  if (t.cls === 'S') return beyond()
  if (t.cls === 'K') return { js: plain(t), slope: 0, whole: isWhole(t) }
  if (t.kind === 'now') return { js: '0', slope: 1, whole: true }
  if (t.kind === 'negate') {
    const a = affine(t.operand)
    return { js: `(-${a.js})`, slope: -a.slope, whole: a.whole }
  }
  if (t.kind !== 'arithmetic' || (t.op !== '+' && t.op !== '-')) return beyond()
  const a = affine(t.left)
  const b = affine(t.right)
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
    default:
      return false
  }
}

const MIRRORED: { readonly [op in CompareOp]: CompareOp } = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
}

function signedCompare(t: TermOf<'compare'>): string {
  const a = affine(t.left)
  const b = affine(t.right)
  const slope = a.slope - b.slope
  if (slope === 0) return `((${a.js}${jsOp(t.op)}${b.js})?Infinity:-Infinity)`
  if (Math.abs(slope) !== 1) return beyond()
  const z = slope > 0 ? `z=${b.js}-${a.js}` : `z=${a.js}-${b.js}`
  return nowCompared(slope > 0 ? t.op : MIRRORED[t.op], z, a.whole && b.whole)
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

/** A value that does not depend on now. */
function plain(t: Term): string {
  if (t.cls !== 'K') return beyond()
  switch (t.kind) {
    case 'literal':
      return quoted(t.value)
    case 'fact':
      return factName(t.root, t.field)
    case 'element':
      return t.field === null ? elementName(t.depth) : `${elementName(t.depth)}.${t.field}`
    case 'list':
      return listName(t.root)
    case 'items':
      return `[${t.items.map(plain).join(',')}]`
    case 'has':
      return `(${targetName(t.target)}!=null)`
    case 'not':
      return `(!${plain(t.operand)})`
    case 'negate':
      return `(-${plain(t.operand)})`
    case 'junction':
      return plainJunction(t.operands, t.op)
    case 'choice':
      return `(${plain(t.test)}?${plain(t.yes)}:${plain(t.no)})`
    case 'arithmetic':
      return `(${plain(t.left)}${t.op}${plain(t.right)})`
    case 'compare':
      return `(${plain(t.left)}${jsOp(t.op)}${plain(t.right)})`
    case 'in':
      return plainIn(t)
    case 'macro':
      return plainMacro(t)
    case 'apply':
      return plainCall(t)
    case 'now':
      return beyond()
  }
}

function plainJunction(operands: readonly Term[], op: '&&' | '||'): string {
  const guards = operands.filter(isGuard)
  const others = operands.filter(o => !isGuard(o))
  return `(${[...guards, ...others].map(plain).join(op)})`
}

const isGuard = (t: Term): boolean => t.kind === 'has' || (t.kind === 'not' && t.operand.kind === 'has')

/** A written list becomes a chain of comparisons, which makes no array at each evaluation. */
function plainIn({ item, list }: TermOf<'in'>): string {
  const js = plain(item)
  const isName = item.kind === 'fact' || item.kind === 'element'
  if (list.kind !== 'items' || !isName) return `${plain(list)}.includes(${js})`
  return `(${list.items.map(one => `${js}===${plain(one)}`).join('||')})`
}

function plainMacro(t: TermOf<'macro'>): string {
  const list = plain(t.list)
  const each = `${elementName(t.depth)}=>${plain(t.body)}`
  switch (t.macro) {
    case 'exists':
      return `${list}.some(${each})`
    case 'all':
      return `${list}.every(${each})`
    case 'filter':
      return `${list}.filter(${each})`
    case 'exists_one':
      return `(${list}.filter(${each}).length===1)`
    case 'sum':
      return `rt.sum(${list},${each})`
  }
}

function plainCall({ fn, args }: TermOf<'apply'>): string {
  const [first, ...rest] = args.map(plain)
  switch (fn) {
    case 'size':
      return `${first}.length`
    case 'contains':
      return `${first}.includes(${rest[0]})`
    case 'startsWith':
    case 'endsWith':
      return `${first}.${fn}(${rest[0]})`
    default:
      return `rt.${fn}(${[first, ...rest].join(',')})`
  }
}

const elementName = (depth: number): string => `e${depth}`
const targetName = (t: HasTarget): string =>
  t.kind === 'fact' ? factName(t.root, t.field) : `${elementName(t.depth)}.${t.field}`
const jsOp = (op: CompareOp): string => (op === '==' ? '===' : op === '!=' ? '!==' : op)
/** A negative number in brackets: `a--1` would be another program. */
const quoted = (v: ScalarValue): string => (typeof v === 'number' ? `(${v})` : JSON.stringify(v))
