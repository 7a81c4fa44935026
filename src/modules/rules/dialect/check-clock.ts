import type { ScalarType } from '../../../contract/facts.ts'
import type { BusinessTime } from '../../../kernel/business-time.ts'
import { HOUR } from '../../../kernel/instant.ts'
import type { Expr, ExprOf } from './ast.ts'
import { clockIn, clockPart, isPart, openAt, PARTS, type PartName, partOf, spanPart, workdayAt } from './clock-steps.ts'
import { didYouMean } from './refusal.ts'
import { type Checker, joined, type Scope, stepped } from './scope.ts'
import type { Term } from './term.ts'

type Check = (c: Checker, e: ExprOf<'call'>, scope: Scope) => Term | null

const USAGE: { readonly [name: string]: string } = {
  businessElapsed: "businessElapsed(order.paidAt, now, 'cn')",
  businessAdd: "businessAdd(order.paidAt, hours(8), 'cn')",
  isBusinessTime: "isBusinessTime(now, 'cn')",
  isWorkday: "isWorkday(now, 'cn')",
}
export const usageOfClock = (name: string): string => USAGE[name] ?? `now.${name}('Asia/Shanghai')`

export const CLOCK_FUNCTIONS = [...Object.keys(USAGE), ...Object.keys(PARTS)]

/** Functions of clocks and business calendars by name; null for any other name. */
export function clockCheck(name: string): Check | null {
  if (isPart(name)) return (c, e, scope) => checkPart(c, e, { scope, name })
  return Object.hasOwn(CHECKS, name) ? CHECKS[name]! : null
}

const CHECKS: { readonly [name: string]: Check } = {
  businessElapsed(c, e, scope) {
    const given = argumentsOf(c, e, { scope, types: ['time', 'time'] })
    const [from, to] = given?.terms ?? []
    if (!given || !from || !to) return null
    if (from.cls !== 'K' && to.cls !== 'K') return c.report('two_moving_times', e, e.name)
    return { kind: 'business', type: 'dur', cls: joined(from.cls, to.cls), calendar: given.calendar, from, to }
  },
  businessAdd(c, e, scope) {
    const given = argumentsOf(c, e, { scope, types: ['time', 'dur'] })
    const [from, by] = given?.terms ?? []
    if (!given || !from || !by) return null
    if (from.cls === 'A' || by.cls === 'A') return c.report('now_not_allowed', e, `${e.name}()`)
    return { kind: 'due', type: 'time', cls: stepped(from.cls, by.cls), calendar: given.calendar, from, by }
  },
  isBusinessTime: (c, e, scope) => checkStep(c, e, { scope, make: openAt }),
  isWorkday: (c, e, scope) => checkStep(c, e, { scope, make: workdayAt }),
}

function checkStep(
  c: Checker,
  e: ExprOf<'call'>,
  { scope, make }: { scope: Scope; make: (calendar: BusinessTime) => ReturnType<typeof openAt> },
): Term | null {
  const given = argumentsOf(c, e, { scope, types: ['time'] })
  const of = given?.terms[0]
  return given && of ? { kind: 'step', type: 'bool', cls: stepped(of.cls), step: make(given.calendar), of } : null
}

interface Wanted {
  readonly scope: Scope
  readonly types: readonly ScalarType[]
}

/** Terms of these types and then the name of a calendar. */
function argumentsOf(c: Checker, e: ExprOf<'call'>, { scope, types }: Wanted) {
  const terms = e.args.slice(0, types.length).map(arg => c.term(arg, scope))
  const fits = !e.method && e.args.length === types.length + 1 && terms.every((t, i) => !t || t.type === types[i])
  if (!fits) return c.report('wrong_arguments', e, e.name, usageOfClock(e.name))
  const calendar = calendarIn(c, e.args.at(-1)!, e.name)
  const known = terms.filter(t => t !== null)
  return calendar && known.length === types.length ? { terms: known, calendar } : null
}

function calendarIn(c: Checker, e: Expr, name: string): BusinessTime | null {
  if (e.kind !== 'literal' || typeof e.value !== 'string') return c.report('literal_needed', e, name, "'cn'")
  const known = Object.hasOwn(c.calendars, e.value) ? c.calendars[e.value] : undefined
  return known ?? c.report('unknown_calendar', e, e.value, didYouMean(e.value, Object.keys(c.calendars)))
}

/** `order.paidAt.getHours('Asia/Shanghai')`, `(now - order.paidAt).getHours()`. */
function checkPart(c: Checker, e: ExprOf<'call'>, { scope, name }: { scope: Scope; name: PartName }): Term | null {
  const [target, zone, ...more] = e.args
  const of = target && e.method && more.length === 0 ? c.term(target, scope) : null
  if (!target || !e.method || more.length > 0) return c.report('wrong_arguments', e, name, usageOfClock(name))
  if (!of) return null
  if (of.cls === 'A' && partOf(name).size < HOUR) return c.report('moves_too_fast', e, name)
  const step = of.type === 'dur' && !zone ? spanPart(name) : of.type === 'time' ? zoned(c, name, zone) : null
  if (step === 'refused') return null
  if (!step) return c.report('wrong_arguments', e, name, usageOfClock(name))
  return { kind: 'step', type: 'num', cls: stepped(of.cls), step, of }
}

function zoned(c: Checker, name: PartName, zone: Expr | undefined) {
  if (!zone) return clockPart(name, 'UTC', () => 0)
  const text = zone.kind === 'literal' && typeof zone.value === 'string' ? zone.value : null
  const offset = text === null ? null : clockIn(text)
  if (text !== null && offset) return clockPart(name, text, offset)
  c.report(text === null ? 'literal_needed' : 'unknown_zone', zone, text ?? name, "'Asia/Shanghai'")
  return 'refused' as const
}
