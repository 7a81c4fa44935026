import type { ExprOf } from './ast.ts'
import { condition, wordOf } from './check-operators.ts'
import { TYPE_WORDS } from './refusal.ts'
import { type Checker, type Scope, stepped } from './scope.ts'
import { isListType, type ListType, type Term } from './term.ts'

/** `['a', 'b']`: scalars of one type that do not move. */
export function checkItems(c: Checker, e: ExprOf<'list'>, scope: Scope): Term | null {
  const items: Term[] = []
  for (const part of e.items) {
    const item = c.term(part, scope)
    if (!item) continue
    if (isListType(item.type)) c.report('wrong_type', part, TYPE_WORDS.string, TYPE_WORDS.list)
    else if (item.cls !== 'K') c.report('now_not_allowed', part, '[...]')
    else if (items[0] && items[0].type !== item.type) {
      c.report('wrong_type', part, wordOf(items[0].type), wordOf(item.type))
    } else items.push(item)
  }
  const [first] = items
  if (e.items.length === 0) return c.report('not_supported', e, '[]')
  if (!first || isListType(first.type) || items.length < e.items.length) return null
  return { kind: 'items', type: { kind: 'list', of: first.type, max: items.length, root: '' }, cls: 'K', items }
}

export function checkIn(c: Checker, e: ExprOf<'in'>, scope: Scope): Term | null {
  const item = c.term(e.item, scope)
  const list = c.term(e.list, scope)
  if (!item || !list) return null
  if (!isListType(list.type) || typeof list.type.of === 'object') {
    return c.report('wrong_arguments', e, 'in', "order.status in ['a', 'b']")
  }
  if (item.cls === 'A') return c.report('now_not_allowed', e, "'in'")
  if (item.type !== list.type.of) return c.report('wrong_type', e.item, wordOf(list.type.of), wordOf(item.type))
  return { kind: 'in', type: 'bool', cls: stepped(item.cls, list.cls), item, list }
}

export function checkMacro(c: Checker, e: ExprOf<'macro'>, scope: Scope): Term | null {
  const list = c.term(e.list, scope)
  const taken = [...scope.variables.keys(), ...Object.keys(c.schema), ...Object.keys(c.constants), 'now']
  if (taken.includes(e.variable)) return c.report('name_taken', e, e.variable)
  if (!list) return null
  if (!isListType(list.type)) return c.report('wrong_type', e.list, TYPE_WORDS.list, wordOf(list.type))
  const depth = scope.variables.size
  const variable = { depth, of: list.type.of, root: list.type.root }
  const inner: Scope = { ...scope, variables: new Map(scope.variables).set(e.variable, variable) }
  const body = e.macro === 'sum' ? summand(c, e, inner) : condition(c, e.body, inner)
  return (
    body && {
      ...macroType(e, list.type, body),
      kind: 'macro',
      macro: e.macro,
      list,
      depth,
      body,
      cls: stepped(list.cls, body.cls),
    }
  )
}

function macroType(e: ExprOf<'macro'>, list: ListType, body: Term): Pick<Term, 'type'> {
  if (e.macro === 'filter') return { type: list }
  return { type: e.macro === 'sum' ? body.type : 'bool' }
}

/** What sum() adds up: numbers, money or lengths of time that do not depend on now. */
function summand(c: Checker, e: ExprOf<'macro'>, scope: Scope): Term | null {
  const body = c.term(e.body, scope)
  if (!body) return null
  if (body.cls !== 'K') return c.report('now_not_allowed', e.body, 'sum()')
  if (body.type === 'num' || body.type === 'money' || body.type === 'dur') return body
  return c.report('wrong_type', e.body, TYPE_WORDS.num, wordOf(body.type))
}
