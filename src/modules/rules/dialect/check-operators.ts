import type { Label, ScalarType } from '../../../contract/facts.ts'
import type { ArithmeticOp, Expr, ExprOf, Span } from './ast.ts'
import { TYPE_WORDS } from './refusal.ts'
import { type Checker, joined, type Scope, scopeBeside, shownBy, stepped, withPresent } from './scope.ts'
import { isListType, type Term, type TermType } from './term.ts'

export const wordOf = (type: TermType): Label => TYPE_WORDS[isListType(type) ? 'list' : type]

export function checkNot(c: Checker, e: ExprOf<'not'>, scope: Scope): Term | null {
  const operand = condition(c, e.operand, scope)
  return operand && { kind: 'not', type: 'bool', cls: operand.cls, operand }
}

export function checkNegate(c: Checker, e: ExprOf<'negate'>, scope: Scope): Term | null {
  const operand = c.term(e.operand, scope)
  if (!operand) return null
  const { type } = operand
  if (type !== 'num' && type !== 'money' && type !== 'dur') {
    return c.report('wrong_type', e.operand, TYPE_WORDS.num, wordOf(type))
  }
  return { kind: 'negate', type, cls: operand.cls, operand }
}

export function checkJunction(c: Checker, e: ExprOf<'junction'>, scope: Scope): Term | null {
  const operands: Term[] = []
  for (const part of e.operands) {
    const operand = condition(c, part, scopeBeside(e, part, scope))
    if (operand) operands.push(operand)
  }
  if (operands.length < e.operands.length) return null
  return { kind: 'junction', type: 'bool', cls: stepped(...operands.map(o => o.cls)), op: e.op, operands }
}

export function checkChoice(c: Checker, e: ExprOf<'choice'>, scope: Scope): Term | null {
  const test = condition(c, e.test, scope)
  const whenTrue = c.term(e.yes, withPresent(scope, shownBy(e.test, true, scope)))
  const whenFalse = c.term(e.no, withPresent(scope, shownBy(e.test, false, scope)))
  if (!test || !whenTrue || !whenFalse) return null
  const pair = sameType(c, [whenTrue, whenFalse], e)
  if (!pair) return null
  const [yes, no] = pair
  return { kind: 'choice', type: yes.type, cls: joined(test.cls, yes.cls, no.cls), test, yes, no }
}

export function checkCompare(c: Checker, e: ExprOf<'compare'>, scope: Scope): Term | null {
  const first = c.term(e.left, scope)
  const second = c.term(e.right, scope)
  const pair = first && second && sameType(c, [first, second], e)
  if (!pair) return null
  const [left, right] = pair
  if (left.type === 'bool' && e.op !== '==' && e.op !== '!=') {
    return c.report('wrong_type', e, TYPE_WORDS.num, TYPE_WORDS.bool)
  }
  return { kind: 'compare', type: 'bool', cls: stepped(left.cls, right.cls), op: e.op, left, right }
}

/** Result types of arithmetic; what is not listed has no meaning (money times money, a sum of two times). */
const RESULTS: { readonly [operation: string]: ScalarType } = {
  'num+num': 'num',
  'num-num': 'num',
  'num*num': 'num',
  'num/num': 'num',
  'num%num': 'num',
  'money+money': 'money',
  'money-money': 'money',
  'money*num': 'money',
  'num*money': 'money',
  'money/num': 'money',
  'time-time': 'dur',
  'time+dur': 'time',
  'time-dur': 'time',
  'dur+time': 'time',
  'dur+dur': 'dur',
  'dur-dur': 'dur',
  'dur*num': 'dur',
  'num*dur': 'dur',
  'dur/num': 'dur',
  'string+string': 'string',
}

export function checkArithmetic(c: Checker, e: ExprOf<'arithmetic'>, scope: Scope): Term | null {
  const left = c.term(e.left, scope)
  const right = c.term(e.right, scope)
  if (!left || !right) return null
  if (isListType(left.type) || isListType(right.type)) {
    return c.report('wrong_type', e, TYPE_WORDS.num, TYPE_WORDS.list)
  }
  const type = RESULTS[`${left.type}${e.op}${right.type}`]
  if (!type)
    return c.report('unit_mismatch', e, wordOf(left.type), wordOf(right.type), hintFor([left.type, right.type]))
  if (movesTooFreely(e.op, left, right)) return c.report('now_not_allowed', e, `'${e.op}'`)
  if ((e.op === '/' || e.op === '%') && (right.kind !== 'literal' || right.value === 0)) {
    return c.report('divisor_not_constant', e.right)
  }
  return { kind: 'arithmetic', type, cls: joined(left.cls, right.cls), op: e.op, left, right }
}

/** Only sums, differences and multiples of a moving time stay linear in now. */
function movesTooFreely(op: ArithmeticOp, left: Term, right: Term): boolean {
  if (op === '/' || op === '%') return left.cls === 'A' || right.cls === 'A'
  return op === '*' && left.cls === 'A' && right.cls === 'A'
}

/** A sub-expression that must be true or false. */
export function condition(c: Checker, e: Expr, scope: Scope): Term | null {
  const term = c.term(e, scope)
  if (!term || term.type === 'bool') return term
  return c.report('wrong_type', e, TYPE_WORDS.bool, wordOf(term.type))
}

/** Both of one scalar type, or a refusal with the way out. The number 0 is also no money and no time at all. */
export function sameType(c: Checker, [a, b]: readonly [Term, Term], span: Span): readonly [Term, Term] | null {
  if (isListType(a.type) || isListType(b.type)) {
    return c.report('wrong_type', span, TYPE_WORDS.num, TYPE_WORDS.list)
  }
  if (a.type === b.type) return [a, b]
  if (isZero(a) && hasZero(b)) return [{ ...a, type: b.type }, b]
  if (isZero(b) && hasZero(a)) return [a, { ...b, type: a.type }]
  return c.report('unit_mismatch', span, wordOf(a.type), wordOf(b.type), hintFor([a.type, b.type]))
}

const isZero = (t: Term): boolean => t.kind === 'literal' && t.type === 'num' && t.value === 0
const hasZero = (t: Term): boolean => t.type === 'money' || t.type === 'dur'

function hintFor(types: readonly ScalarType[]): Label {
  const both = (a: ScalarType, b: ScalarType) => types.includes(a) && types.includes(b)
  if (both('time', 'dur')) {
    return {
      zh: "请先把两个时刻相减，例如 now - order.paidAt > duration('24h')",
      en: "subtract two points in time first, e.g. now - order.paidAt > duration('24h')",
    }
  }
  if (both('dur', 'num')) {
    return { zh: "时长请写 duration('24h')、hours(24) 或 days(1)", en: "write duration('24h'), hours(24) or days(1)" }
  }
  if (both('money', 'num')) {
    return {
      zh: '金额请写 minor(100)（100 个最小货币单位）或使用常量',
      en: 'write minor(100) for 100 minor units, or use a named constant',
    }
  }
  if (types.includes('time')) {
    return {
      zh: "时刻请写 timestamp('...')，或与另一个时刻相减",
      en: "write timestamp('...'), or subtract another time",
    }
  }
  return { zh: '请使用同一类型的值', en: 'use values of the same kind' }
}
