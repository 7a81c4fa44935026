import type { ScalarField } from '../../../contract/facts.ts'
import type { Constant } from '../types.ts'
import type { ExprOf } from './ast.ts'
import { didYouMean } from './refusal.ts'
import { type Checker, keyOf, type Scope, targetOf } from './scope.ts'
import type { HasTarget, ListType, Term } from './term.ts'

/** `now`, a list element, a constant or a declared list. */
export function checkName(c: Checker, e: ExprOf<'name'>, scope: Scope): Term | null {
  const { name } = e
  if (name === 'now') return { kind: 'now', type: 'time', cls: 'A' }
  const variable = scope.variables.get(name)
  if (variable) {
    const { of, depth, root } = variable
    if (typeof of === 'object') return c.report('needs_field', e, name, `${name}.${Object.keys(of)[0] ?? ''}`)
    return { kind: 'element', type: of, cls: 'K', depth, field: null, root }
  }
  const constant = Object.hasOwn(c.constants, name) ? c.constants[name] : undefined
  if (constant) return constantTerm(c, e, constant)
  const declared = Object.hasOwn(c.schema, name) ? c.schema[name] : undefined
  if (declared?.type === 'record') {
    return c.report('needs_field', e, name, `${name}.${Object.keys(declared.of)[0] ?? ''}`)
  }
  if (!declared) return unknownName(c, e, scope)
  return { kind: 'list', type: { kind: 'list', of: declared.of, max: declared.max, root: name }, cls: 'K', root: name }
}

function constantTerm(c: Checker, e: ExprOf<'name'>, constant: Constant): Term | null {
  const { name } = e
  if (constant.type === 'lookup') return c.report('lookup_only', e, name)
  if (constant.type !== 'list')
    return { kind: 'literal', type: constant.type, cls: 'K', value: constant.value, constant: name }
  const { of, value } = constant
  const items = value.map((one): Term => ({ kind: 'literal', type: of, cls: 'K', value: one }))
  const type: ListType = { kind: 'list', of, max: Math.max(1, items.length), root: '' }
  return { kind: 'items', type, cls: 'K', items, constant: name }
}

export function checkField(c: Checker, e: ExprOf<'field'>, scope: Scope): Term | null {
  const found = declaredField(c, e, scope)
  if (!found) return null
  const { target, field } = found
  if (field.optional && !scope.present.has(keyOf(target))) {
    return c.report('unguarded_optional', e, pathIn(e))
  }
  return { ...target, type: field.type, cls: 'K' }
}

export function checkHas(c: Checker, e: ExprOf<'has'>, scope: Scope): Term | null {
  if (e.target.kind !== 'field') return c.report('has_needs_field', e)
  const found = declaredField(c, e.target, scope)
  return found && { kind: 'has', type: 'bool', cls: 'K', target: found.target }
}

function declaredField(c: Checker, e: ExprOf<'field'>, scope: Scope): { target: HasTarget; field: ScalarField } | null {
  const target = targetOf(e, scope)
  if (!target || e.object.kind !== 'name') {
    c.term(e.object, scope)
    return c.report('not_supported', e, `(...).${e.field}`)
  }
  const { name } = e.object
  const fields = target.kind === 'element' ? scope.variables.get(name)?.of : recordFields(c, e, scope)
  if (!fields) return null
  if (typeof fields === 'string') return c.report('unknown_field', e, name, e.field, didYouMean(e.field, [name]))
  const field = Object.hasOwn(fields, e.field) ? fields[e.field] : undefined
  if (field) return { target, field }
  return c.report('unknown_field', e, name, e.field, didYouMean(e.field, Object.keys(fields)))
}

function recordFields(c: Checker, e: ExprOf<'field'>, scope: Scope): { readonly [field: string]: ScalarField } | null {
  if (e.object.kind !== 'name') return null
  const { name } = e.object
  const declared = Object.hasOwn(c.schema, name) ? c.schema[name] : undefined
  if (declared?.type === 'record') return declared.of
  if (declared) return c.report('list_needs_condition', e, name, e.field)
  if (name === 'now') return c.report('now_not_allowed', e, `now.${e.field}`)
  return unknownName(c, e.object, scope)
}

function unknownName(c: Checker, e: ExprOf<'name'>, scope: Scope): null {
  const known = [...scope.variables.keys(), ...Object.keys(c.schema), ...Object.keys(c.constants), 'now']
  return c.report('unknown_name', e, e.name, didYouMean(e.name, known))
}

/** `order.paidAt` or `p.lastScanAt`, as the rule writes it. */
const pathIn = (e: ExprOf<'field'>): string => (e.object.kind === 'name' ? `${e.object.name}.${e.field}` : e.field)
