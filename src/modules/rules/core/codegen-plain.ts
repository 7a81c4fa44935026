import type { CompareOp } from '../dialect/ast.ts'
import { type HasTarget, isListType, type ScalarValue, type Term, type TermOf } from '../dialect/term.ts'

/** Objects that generated code uses by a name of ours: calendars, step functions, tests of texts. */
export interface Pool {
  nameOf(object: object): string
}

export function poolOf(): Pool & { readonly objects: readonly object[] } {
  const names = new Map<object, string>()
  const objects: object[] = []
  return {
    objects,
    nameOf(object) {
      const known = names.get(object)
      if (known) return known
      const name = `p${objects.push(object) - 1}`
      names.set(object, name)
      return name
    },
  }
}

export class BeyondFastPath extends Error {}
export const beyond = (): never => {
  throw new BeyondFastPath()
}

/** Name of the variable that holds a fact; generated functions read each fact once into it. */
export const factName = (root: string, field: string): string => `${root}$${field}`
export const listName = (root: string): string => `${root}$$`
export const elementName = (depth: number): string => `e${depth}`
export const jsOp = (op: CompareOp): string => (op === '==' ? '===' : op === '!=' ? '!==' : op)

/** A value that does not depend on now, as a JavaScript expression. */
export function plain(t: Term, pool: Pool): string {
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
      return `[${t.items.map(i => plain(i, pool)).join(',')}]`
    case 'has':
      return `(${targetName(t.target)}!=null)`
    case 'not':
      return `(!${plain(t.operand, pool)})`
    case 'negate':
      return `(-${plain(t.operand, pool)})`
    case 'junction':
      return plainJunction(t.operands, t.op, pool)
    case 'choice':
      return `(${plain(t.test, pool)}?${plain(t.yes, pool)}:${plain(t.no, pool)})`
    case 'arithmetic':
      return `(${plain(t.left, pool)}${t.op}${plain(t.right, pool)})`
    case 'compare':
      return `(${plain(t.left, pool)}${jsOp(t.op)}${plain(t.right, pool)})`
    case 'in':
      return plainIn(t, pool)
    case 'macro':
      return plainMacro(t, pool)
    case 'apply':
      return plainCall(t, pool)
    default:
      return plainObject(t, pool)
  }
}

/** Guards first: the rest is then only evaluated on facts that are there. */
export function plainJunction(operands: readonly Term[], op: '&&' | '||', pool: Pool): string {
  const guards = operands.filter(isGuard)
  const others = operands.filter(o => !isGuard(o))
  return `(${[...guards, ...others].map(o => plain(o, pool)).join(op)})`
}

const isGuard = (t: Term): boolean => t.kind === 'has' || (t.kind === 'not' && t.operand.kind === 'has')

/** Above so many, asking a set is faster than comparing one by one. */
const FEW = 12

/** A written list becomes a chain of comparisons or a set, which makes no array at each evaluation. */
function plainIn({ item, list }: TermOf<'in'>, pool: Pool): string {
  const js = plain(item, pool)
  if (list.kind !== 'items') return `${plain(list, pool)}.includes(${js})`
  const values = list.items.flatMap(one => (one.kind === 'literal' ? [one.value] : []))
  if (list.items.length === 0) return 'false'
  if (values.length === list.items.length && values.length > FEW)
    return `${pool.nameOf(setOf(list.items, values))}.has(${js})`
  const isName = item.kind === 'fact' || item.kind === 'element'
  if (!isName) return `${plain(list, pool)}.includes(${js})`
  return `(${list.items.map(one => `${js}===${plain(one, pool)}`).join('||')})`
}

/** One set for each list, so that rules that share a named list share it. */
const sets = new WeakMap<readonly Term[], ReadonlySet<ScalarValue>>()
function setOf(items: readonly Term[], values: readonly ScalarValue[]): ReadonlySet<ScalarValue> {
  const known = sets.get(items) ?? new Set(values)
  sets.set(items, known)
  return known
}

function plainMacro(t: TermOf<'macro'>, pool: Pool): string {
  const list = plain(t.list, pool)
  const each = `${elementName(t.depth)}=>${plain(t.body, pool)}`
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

function plainCall({ fn, args }: TermOf<'apply'>, pool: Pool): string {
  const [first, ...rest] = args.map(a => plain(a, pool))
  switch (fn) {
    case 'size':
      return isListType(args[0]!.type) ? `${first}.length` : `rt.size(${first})`
    case 'contains':
      return `${first}.includes(${rest[0]})`
    case 'startsWith':
    case 'endsWith':
      return `${first}.${fn}(${rest[0]})`
    default:
      return `rt.${fn}(${[first, ...rest].join(',')})`
  }
}

/** What needs an object beside the text: a calendar, the step of a clock, a prepared test. */
function plainObject(t: Term, pool: Pool): string {
  switch (t.kind) {
    case 'business':
      return `${pool.nameOf(t.calendar)}.elapsed(${plain(t.from, pool)},${plain(t.to, pool)})`
    case 'due':
      return `rt.businessAdd(${pool.nameOf(t.calendar)},${plain(t.from, pool)},${plain(t.by, pool)})`
    case 'step':
      return `${pool.nameOf(t.step)}.at(${plain(t.of, pool)}).value`
    case 'tested':
      return `${pool.nameOf(t)}.test(${plain(t.of, pool)})`
    case 'looked':
      return `${pool.nameOf(t)}.find(${plain(t.key, pool)})`
    default:
      return beyond()
  }
}

const targetName = (t: HasTarget): string =>
  t.kind === 'fact' ? factName(t.root, t.field) : `${elementName(t.depth)}.${t.field}`
/** A negative number in brackets: `a--1` would be another program. */
export const quoted = (v: ScalarValue): string => (typeof v === 'number' ? `(${v})` : JSON.stringify(v))
