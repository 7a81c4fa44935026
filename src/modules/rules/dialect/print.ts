import type { Expr, ExprOf } from './ast.ts'

/** How tightly an expression holds together; what binds looser than its place needs brackets. */
export const BINDS = { choice: 1, or: 2, and: 3, relation: 4, sum: 5, product: 6, prefix: 7, member: 8 } as const

/**
 * A tree as text, with as few brackets as it needs: parse(print(e)) is e again. `source` is the text that the tree was
 * parsed from; only what the tree does not know (maps, indexes: nothing that a rule may use) is copied from it.
 */
export const print = (e: Expr, source = ''): string => printed(e, 0, source)

/** As `print`, in brackets where it binds looser than its place needs. */
export function printed(e: Expr, least: number, source: string): string {
  const text = bare(e, source)
  return bindingOf(e) < least ? `(${text})` : text
}

/** How tightly a tree holds together. */
export function bindingOf(e: Expr): number {
  switch (e.kind) {
    case 'choice':
      return BINDS.choice
    case 'junction':
      return e.op === '||' ? BINDS.or : BINDS.and
    case 'compare':
    case 'in':
      return BINDS.relation
    case 'arithmetic':
      return e.op === '+' || e.op === '-' ? BINDS.sum : BINDS.product
    case 'not':
    case 'negate':
      return BINDS.prefix
    case 'literal':
      return typeof e.value === 'number' && (e.value < 0 || Object.is(e.value, -0)) ? BINDS.prefix : BINDS.member
    case 'other':
      // Whatever it is, brackets do it no harm.
      return 0
    default:
      return BINDS.member
  }
}

function bare(e: Expr, source: string): string {
  const at = (part: Expr, least: number): string => printed(part, least, source)
  switch (e.kind) {
    case 'literal':
      return literalText(e.value)
    case 'name':
      return e.name
    case 'field':
      return `${at(e.object, BINDS.member)}.${e.field}`
    case 'list':
      return `[${e.items.map(i => at(i, 0)).join(', ')}]`
    case 'not':
      return `!${at(e.operand, BINDS.prefix)}`
    case 'negate':
      return `-${at(e.operand, BINDS.prefix)}`
    case 'junction':
      return e.operands.map(o => at(o, bindingOf(e) + 1)).join(` ${e.op} `)
    case 'choice':
      return `${at(e.test, BINDS.or)} ? ${at(e.yes, BINDS.or)} : ${at(e.no, BINDS.choice)}`
    case 'arithmetic':
      return `${at(e.left, bindingOf(e))} ${e.op} ${at(e.right, bindingOf(e) + 1)}`
    case 'compare':
      return `${at(e.left, BINDS.sum)} ${e.op} ${at(e.right, BINDS.sum)}`
    case 'in':
      return `${at(e.item, BINDS.sum)} in ${at(e.list, BINDS.sum)}`
    case 'has':
      return `has(${at(e.target, 0)})`
    case 'macro':
      return `${at(e.list, BINDS.member)}.${e.macro}(${e.variable}, ${at(e.body, 0)})`
    case 'call':
      return callText(e, source)
    case 'other':
      return source.slice(e.start, e.end)
  }
}

function callText({ name, method, args }: ExprOf<'call'>, source: string): string {
  const [first, ...rest] = method ? args : [undefined, ...args]
  const list = rest.map(a => (a ? printed(a, 0, source) : '')).join(', ')
  return first ? `${printed(first, BINDS.member, source)}.${name}(${list})` : `${name}(${list})`
}

function literalText(value: boolean | string | number | null): string {
  if (typeof value === 'string') return quoted(value)
  // -0 is a number of its own in the parser's eyes.
  return Object.is(value, -0) ? '-0' : String(value)
}

const ESCAPES: { readonly [unit: string]: string } = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const quoted = (text: string): string =>
  // Control characters, and half of a pair that is no character by itself.
  `'${text.replace(/[\\'\n\r\t]|\p{Cc}|\p{Surrogate}/gu, c => ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`

/** Whether two trees say the same, wherever they stand in their texts. */
export function sameExpr(a: Expr, b: Expr): boolean {
  return JSON.stringify(a, withoutSpan) === JSON.stringify(b, withoutSpan)
}
const withoutSpan = (key: string, value: unknown): unknown =>
  (key === 'start' || key === 'end') && typeof value === 'number' ? undefined : value
