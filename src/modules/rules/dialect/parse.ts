import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import { childrenOf, type Expr, type ExprOf, type JunctionOp, type MacroName, type Span } from './ast.ts'
import { wholeSpans } from './brackets.ts'

/** Far above what the checker lets pass; it bounds the work, and the depth of our own walks, for absurd texts. */
const MOST_NODES = 2000
const MOST_CHARACTERS = 20_000

/** The only file that knows the CEL library; its tree changed shape in past major versions, ours must not. */
const cel = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: MOST_NODES },
})
const MACROS: ReadonlySet<string> = new Set<MacroName>(['exists', 'all', 'exists_one', 'filter', 'sum'])

export type Parsed =
  | { readonly ok: true; readonly expr: Expr }
  | { readonly ok: false; readonly code: 'syntax' | 'too_large'; readonly span: Span; readonly detail: string }

/** CEL text to our tree. Errors of syntax come back as a value with the position and the parser's own words. */
export function parse(text: string): Parsed {
  const whole = { start: 0, end: text.length }
  const tooLarge: Parsed = { ok: false, code: 'too_large', span: whole, detail: `> ${MOST_NODES}` }
  if (text.length > MOST_CHARACTERS) return tooLarge
  try {
    const expr = adapt(cel.parse(text).ast)
    widen(expr, wholeSpans(text))
    return { ok: true, expr }
  } catch (error) {
    // A long chain of prefix operators exhausts the parser's stack before it counts a node.
    if (error instanceof RangeError) return tooLarge
    if (!(error instanceof ParseError)) throw error
    if (error.code === 'limit_exceeded') return tooLarge
    return { ok: false, code: 'syntax', span: error.range ?? whole, detail: error.summary }
  }
}

/** The tree is new and nobody has seen it yet. */
function widen(e: Expr, whole: (span: Span) => Span): void {
  Object.assign(e, whole(e))
  for (const child of childrenOf(e)) widen(child, whole)
}

const spanOf = (n: ASTNode): Span => ({ start: n.start, end: n.end })

function adapt(n: ASTNode): Expr {
  const span = spanOf(n)
  switch (n.op) {
    case 'value':
      return literal(n.args, span)
    case 'id':
      return { ...span, kind: 'name', name: n.args }
    case '.':
      return { ...span, kind: 'field', object: adapt(n.args[0]), field: n.args[1] }
    case 'list':
      return { ...span, kind: 'list', items: n.args.map(adapt) }
    case '!_':
      return { ...span, kind: 'not', operand: adapt(n.args) }
    case '-_':
      return negated(adapt(n.args), span)
    case '&&':
    case '||':
      return { ...span, kind: 'junction', op: n.op, operands: flat(n, n.op).map(adapt) }
    case '?:':
      return { ...span, kind: 'choice', test: adapt(n.args[0]), yes: adapt(n.args[1]), no: adapt(n.args[2]) }
    case 'in':
      return { ...span, kind: 'in', item: adapt(n.args[0]), list: adapt(n.args[1]) }
    case 'call':
      return call(n.args[0], n.args[1], span)
    case 'rcall':
      return methodCall(n.args, span)
    default:
      return binary(n, span)
  }
}

function binary(n: ASTNode, span: Span): Expr {
  switch (n.op) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return { ...span, kind: 'arithmetic', op: n.op, left: adapt(n.args[0]), right: adapt(n.args[1]) }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { ...span, kind: 'compare', op: n.op, left: adapt(n.args[0]), right: adapt(n.args[1]) }
    case 'map':
      return { ...span, kind: 'other', what: '{...}', parts: n.args.flat().map(adapt) }
    case '[]':
      return { ...span, kind: 'other', what: '[...]', parts: n.args.map(adapt) }
    default:
      return { ...span, kind: 'other', what: n.op, parts: [] }
  }
}

function literal(value: unknown, span: Span): Expr {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number)
      ? { ...span, kind: 'literal', value: number }
      : { ...span, kind: 'other', what: `${value}`, parts: [] }
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') {
    return { ...span, kind: 'literal', value }
  }
  return { ...span, kind: 'other', what: 'bytes / unsigned', parts: [] }
}

/** `-3` is the number -3 and not an operation, so that it may stand wherever a constant must. */
function negated(operand: Expr, span: Span): Expr {
  return operand.kind === 'literal' && typeof operand.value === 'number'
    ? { ...span, kind: 'literal', value: -operand.value }
    : { ...span, kind: 'negate', operand }
}

function flat(n: ASTNode, op: JunctionOp): ASTNode[] {
  const out: ASTNode[] = []
  const pending = [n]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.op === op && (next.op === '&&' || next.op === '||')) pending.push(next.args[1], next.args[0])
    else out.push(next)
  }
  return out
}

function call(name: string, args: readonly ASTNode[], span: Span): Expr {
  const [target] = args
  if (name === 'has' && target) return { ...span, kind: 'has', target: adapt(target) }
  return { ...span, kind: 'call', name, method: false, args: args.map(adapt) }
}

function methodCall([name, receiver, args]: [string, ASTNode, ASTNode[]], span: Span): Expr {
  const [variable, body] = args
  if (MACROS.has(name) && args.length === 2 && variable?.op === 'id' && body) return macro()
  if (name === 'map') return { ...span, kind: 'other', what: 'map()', parts: [receiver, ...args].map(adapt) }
  return { ...span, kind: 'call', name, method: true, args: [receiver, ...args].map(adapt) }

  function macro(): ExprOf<'macro'> {
    const named = variable?.op === 'id' ? variable.args : ''
    return {
      ...span,
      kind: 'macro',
      macro: macroName(name),
      list: adapt(receiver),
      variable: named,
      body: adapt(body!),
    }
  }
}

/** Safe: only called for names that are in MACROS. */
const macroName = (name: string): MacroName => name as MacroName
