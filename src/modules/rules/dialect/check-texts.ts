import { RE2JS } from 're2js'
import { CURRENCIES, minorDigits } from '../../../contract/currency.ts'
import type { Expr, ExprOf } from './ast.ts'
import { didYouMean } from './refusal.ts'
import { type Checker, type Scope, stepped } from './scope.ts'
import type { Term } from './term.ts'
import { finderOf } from './words.ts'

type Check = (c: Checker, e: ExprOf<'call'>, scope: Scope) => Term | null

export const MAX_PATTERN = 200
/** Bound of RE2's own measure of a pattern; each repetition that is counted out counts. */
const MAX_PROGRAM = 400
/** So many characters of a text are looked at by a pattern: an address, not a book. */
export const MATCHED_CHARACTERS = 1000

const USAGE: { readonly [name: string]: string } = {
  matches: "order.orderNo.matches('^A[0-9]{6}$')",
  containsAny: "order.channel.containsAny(['shop', 'store'])",
  lookup: 'lookup(regions, order.channel)',
  money: "money('12.50', 'CNY')",
}

/** Functions of texts that are prepared once, from what the rule itself says; null for any other name. */
export const textCheck = (name: string): Check | null => (Object.hasOwn(CHECKS, name) ? CHECKS[name]! : null)
export const TEXT_FUNCTIONS = Object.keys(USAGE)

const CHECKS: { readonly [name: string]: Check } = {
  matches(c, e, scope) {
    const [target, pattern, ...more] = e.args
    if (!target || !pattern || more.length > 0) return wrong(c, e)
    const of = textIn(c, e, { target, scope })
    const found = patternIn(c, pattern)
    return of && found && { kind: 'tested', name: 'matches', type: 'bool', cls: stepped(of.cls), of, ...found }
  },
  containsAny(c, e, scope) {
    const [target, words, ...more] = e.args
    if (!target || !words || !e.method || more.length > 0) return wrong(c, e)
    const of = textIn(c, e, { target, scope })
    const list = c.term(words, scope)
    if (!of || !list) return null
    const known = list.kind === 'items' ? list.items.map(item => (item.kind === 'literal' ? item.value : null)) : []
    const texts = known.filter(word => typeof word === 'string')
    if (texts.length === 0 || texts.length < known.length) return wrong(c, e)
    const test = finderOf(texts)
    return { kind: 'tested', name: 'containsAny', type: 'bool', cls: stepped(of.cls), of, test, weight: 20 }
  },
  lookup(c, e, scope) {
    const [name, target, ...more] = e.args
    if (!name || !target || e.method || more.length > 0 || name.kind !== 'name') return wrong(c, e)
    const table = Object.hasOwn(c.constants, name.name) ? c.constants[name.name] : undefined
    if (table?.type !== 'lookup') {
      const known = Object.keys(c.constants).filter(k => c.constants[k]?.type === 'lookup')
      return c.report('unknown_name', name, name.name, didYouMean(name.name, known))
    }
    const key = textIn(c, e, { target, scope })
    const values = new Map(Object.entries(table.value))
    const find = (text: string) => values.get(text) ?? table.otherwise
    return key && { kind: 'looked', name: name.name, type: table.of, cls: stepped(key.cls), key, find }
  },
  money(c, e) {
    const [amount, currency, ...more] = e.args.map(arg => (arg.kind === 'literal' ? arg.value : null))
    const value = more.length === 0 && !e.method ? minorOf(amount, currency) : null
    if (value === null) return c.report('bad_money', e, String(amount ?? '?'))
    return { kind: 'literal', type: 'money', cls: 'K', value }
  },
}

const wrong = (c: Checker, e: ExprOf<'call'>): null => c.report('wrong_arguments', e, e.name, USAGE[e.name] ?? '')

function textIn(c: Checker, e: ExprOf<'call'>, { target, scope }: { target: Expr; scope: Scope }): Term | null {
  const term = c.term(target, scope)
  return term && term.type !== 'string' ? wrong(c, e) : term
}

interface Pattern {
  readonly weight: number
  test(text: string): boolean
}

/** RE2 has no back references, so that matching is linear in the text whatever the pattern is. */
function patternIn(c: Checker, e: Expr): Pattern | null {
  const text = e.kind === 'literal' && typeof e.value === 'string' ? e.value : null
  const refused = (detail: string) => c.report('bad_pattern', e, text?.slice(0, 40) ?? '?', detail, MAX_PATTERN)
  if (text === null || text.length > MAX_PATTERN) return refused('-')
  try {
    const pattern = RE2JS.compile(text)
    const size = pattern.programSize()
    if (size > MAX_PROGRAM) return refused(`${size} > ${MAX_PROGRAM}`)
    return { weight: 10 * size, test: value => pattern.test(value.slice(0, MATCHED_CHARACTERS)) }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

const AMOUNT = /^(-?)(\d{1,12})(?:\.(\d{1,3}))?$/

/** `12.50` of CNY to 1250; null when it has more decimals than the currency or is no amount at all. */
export function minorOf(amount: unknown, currency: unknown): number | null {
  if (typeof currency !== 'string' || !CURRENCIES.has(currency)) return null
  const parts = AMOUNT.exec(String(amount))
  const digits = minorDigits(currency)
  const decimals = parts?.[3] ?? ''
  if (!parts || decimals.length > digits) return null
  const value = Number(parts[2]) * 10 ** digits + Number(decimals.padEnd(digits, '0') || 0)
  return parts[1] === '-' ? -value : value
}
