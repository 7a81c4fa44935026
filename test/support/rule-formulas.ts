import fc from 'fast-check'
import type { FactSchema, FactValues, ScalarField, ScalarType } from '../../src/contract/facts.ts'
import { businessTimeOf, type CalendarDef } from '../../src/kernel/business-time.ts'
import type { Vocabulary } from '../../src/modules/rules/dialect/scope.ts'
import type { Constants } from '../../src/modules/rules/types.ts'

/** Random rules and facts on a small axis of ticks, so that every tick can be tried. One tick is one millisecond. */
export const WINDOW = 120

const field = (type: ScalarType): ScalarField => ({ type, label: { zh: '字', en: 'f' }, from: [], example: 1 })
const optional = (type: ScalarType): ScalarField => ({ ...field(type), optional: true })
const label = { zh: '根', en: 'root' }
const rowFields = { at: field('time'), late: optional('time'), st: field('string'), d: field('dur'), q: field('num') }

export const SCHEMA: FactSchema = {
  o: {
    type: 'record',
    label,
    of: {
      t1: field('time'),
      t2: field('time'),
      t3: optional('time'),
      d1: field('dur'),
      n: field('num'),
      m: field('money'),
      s: field('string'),
      b: field('bool'),
    },
  },
  ships: { type: 'list', label, max: 4, of: rowFields },
  scans: { type: 'list', label, max: 4, of: rowFields },
}

/** Open for parts of the first day, in ticks; closed on the days around it. */
export const SHIFTS = [
  [5, 30],
  [31, 47],
  [70, 71],
  [80, 115],
] as const
export const CALENDAR: CalendarDef = {
  id: 'cal',
  version: 1,
  zone: 'UTC',
  week: [[], [], [], [], [], [], []],
  days: { '1970-01-01': SHIFTS },
}
const label0 = { zh: '表', en: 'list' }
export const WORDS = ['y', 'zz']
export const CONSTANTS: Constants = {
  words: { type: 'list', of: 'string', value: WORDS, label: label0 },
  spans: { type: 'lookup', of: 'dur', value: { x: 7, y: 20 }, otherwise: 3, label: label0 },
}
export const VOCABULARY: Vocabulary = { constants: CONSTANTS, calendars: { cal: businessTimeOf(CALENDAR) } }

const tick = fc.integer({ min: 0, max: WINDOW })
const span = fc.integer({ min: 0, max: 50 })
const few = fc.integer({ min: 0, max: 4 })
const word = fc.constantFrom('x', 'y', 'xy')

const row = (required: ('at' | 'st' | 'd' | 'q')[]) =>
  fc.record({ at: tick, late: tick, st: word, d: span, q: few }, { requiredKeys: required })
const record = (required: ('t1' | 't2' | 'd1' | 'n' | 'm' | 's' | 'b')[]) =>
  fc.record(
    { t1: tick, t2: tick, t3: tick, d1: span, n: few, m: few, s: word, b: fc.boolean() },
    { requiredKeys: required },
  )

/** Facts as the schema promises them. */
export const goodFacts: fc.Arbitrary<FactValues> = fc.record({
  o: record(['t1', 't2', 'd1', 'n', 'm', 's', 'b']),
  ships: fc.array(row(['at', 'st', 'd', 'q']), { maxLength: 4 }),
  scans: fc.array(row(['at', 'st', 'd', 'q']), { maxLength: 3 }),
})
/** Facts that break it: anything may be missing. */
export const badFacts: fc.Arbitrary<FactValues> = fc.record(
  { o: record([]), ships: fc.array(row([]), { maxLength: 3 }), scans: fc.array(row([]), { maxLength: 3 }) },
  { requiredKeys: ['ships'] },
)

/** What may be named at a place in a formula. */
interface Names {
  readonly times: readonly string[]
  readonly spans: readonly string[]
  readonly texts: readonly string[]
  readonly numbers: readonly string[]
  /** Optional times, to be guarded. */
  readonly maybe: readonly string[]
  readonly lists: readonly string[]
}
const ROOT: Names = {
  times: ['o.t1', 'o.t2'],
  spans: ['o.d1'],
  texts: ['o.s'],
  numbers: ['o.n'],
  maybe: ['o.t3'],
  lists: ['ships', 'scans'],
}

type Text = fc.Arbitrary<string>
const relation = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
const constantSpan: Text = fc.integer({ min: 0, max: 50 }).map(n => `duration('${n}ms')`)
const sign = fc.constantFrom('+', '-')

function time(s: Names, n: number): Text {
  const leaf = fc.constantFrom('now', 'now', ...s.times)
  if (n <= 0) return leaf
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 2, arbitrary: fc.tuple(time(s, n - 1), sign, length(s, n - 1)).map(([a, op, b]) => `(${a} ${op} ${b})`) },
    fc.tuple(condition(s, n - 2), time(s, n - 1), time(s, n - 1)).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    fc.constantFrom(...s.times).map(t => `max(${t}, o.t1)`),
    fc.tuple(fc.constantFrom(...s.times), still(s)).map(([t, d]) => `businessAdd(${t}, ${d}, 'cal')`),
  )
}

function length(s: Names, n: number): Text {
  if (n <= 0) return fc.oneof(constantSpan, fc.constantFrom(...s.spans))
  return fc.oneof(
    { weight: 2, arbitrary: constantSpan },
    fc.constantFrom(...s.spans),
    { weight: 4, arbitrary: fc.tuple(time(s, n - 1), time(s, n - 1)).map(([a, b]) => `(${a} - ${b})`) },
    fc.tuple(length(s, n - 1), sign, length(s, n - 1)).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(length(s, n - 1), fc.constantFrom('2', '3', '0.5', '-1')).map(([a, k]) => `(${a} * ${k})`),
    constantSpan.map(d => `(${d} / 4)`),
    length(s, n - 1).map(a => `(-${a})`),
    { weight: 2, arbitrary: business(s, n - 1) },
    fc.constantFrom(...s.texts).map(t => `lookup(spans, ${t})`),
  )
}

/** A length of time that does not move. */
const still = (s: Names): Text => fc.oneof(constantSpan, fc.constantFrom(...s.spans), fc.constant("duration('-9ms')"))

/** Business time between something that moves (in whole ticks, as facts are) and a fact. */
function business(s: Names, n: number): Text {
  const fixed = fc.constantFrom(...s.times)
  const shifted = fc.tuple(sign, still(s)).map(([op, d]) => `(now ${op} ${d})`)
  const test = fc.tuple(fc.constantFrom(...s.times), relation).map(([t, op]) => `now ${op} ${t}`)
  const chosen = fc.tuple(test, fixed).map(([c, t]) => `(${c} ? now : ${t})`)
  const moving = n > 0 ? fc.oneof(fc.constant('now'), shifted, chosen) : fc.oneof(fc.constant('now'), fixed)
  return fc.tuple(moving, fixed, fc.boolean()).map(([a, b, swap]) => {
    const [from, to] = swap ? [a, b] : [b, a]
    return `businessElapsed(${from}, ${to}, 'cal')`
  })
}

/** Accessors whose steps fall into the window: an hour and a day begin near its middle. */
function clock(s: Names, n: number): Text {
  const hour = fc.integer({ min: 3_599_900, max: 3_600_010 })
  const before = fc.integer({ min: 0, max: 110 })
  const number = fc.constantFrom('0', '1', '4', '23', '31')
  return fc.oneof(
    fc
      .tuple(time(s, n), hour, relation, number)
      .map(([t, h, op, v]) => `(${t} + duration('${h}ms')).getHours('UTC') ${op} ${v}`),
    fc
      .tuple(time(s, n), before, relation, number)
      .map(([t, b, op, v]) => `(${t} - duration('${b}ms')).getDayOfWeek('UTC') ${op} ${v}`),
    fc
      .tuple(time(s, n), before, relation)
      .map(([t, b, op]) => `31 ${op} (${t} - duration('${b}ms')).getDate('+00:00')`),
    fc.tuple(length(s, n), hour, relation).map(([d, h, op]) => `(${d} + duration('${h}ms')).getHours() ${op} 1`),
    time(s, n).map(t => `isBusinessTime(${t}, 'cal')`),
    fc.tuple(time(s, n), before).map(([t, b]) => `isWorkday(${t} - duration('${b}ms'), 'cal')`),
  )
}

function atom(s: Names, n: number): Text {
  const steady = [
    `${s.texts[0]} == 'x'`,
    `${s.texts[0]}.contains('y')`,
    `${s.numbers[0]} > 2`,
    `${s.texts[0]} in ['x', 'xy']`,
    `${s.texts[0]} in words`,
    `${s.texts[0]}.containsAny(words)`,
    `${s.texts[0]}.matches('^x?y$')`,
  ]
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(length(s, n), relation, length(s, n - 1)).map(([a, op, b]) => `${a} ${op} ${b}`) },
    { weight: 6, arbitrary: fc.tuple(time(s, n), relation, time(s, n - 1)).map(([a, op, b]) => `${a} ${op} ${b}`) },
    { weight: 3, arbitrary: fc.tuple(business(s, 0), relation, still(s)).map(([a, op, b]) => `${a} ${op} ${b}`) },
    ...(n > 0 ? [{ weight: 3, arbitrary: clock(s, n - 1) }] : []),
    {
      weight: 2,
      arbitrary: fc.constantFrom('o.b', 'true', 'false', 'has(o.t3)', 'abs(o.m - minor(2)) > minor(1)', ...steady),
    },
    // Two levels deep there is no room for another list condition.
    fc.constantFrom('size(scans) == 1', '(o.n + 1) % 3 == 1', ...(s.lists.length > 0 ? ['scans.sum(x, x.q) > 3'] : [])),
  )
}

function listCondition(s: Names, n: number): Text {
  const parts = fc.tuple(
    fc.constantFrom(...s.lists),
    fc.constantFrom('exists', 'all', 'exists_one', 'filter'),
    few,
    relation,
  )
  return parts.chain(([list, macro, k, op]) => {
    const v = s === ROOT ? 'v' : 'w'
    const inner: Names = {
      times: [...s.times, `${v}.at`],
      spans: [...s.spans, `${v}.d`],
      texts: [`${v}.st`],
      numbers: [`${v}.q`],
      maybe: [...s.maybe, `${v}.late`],
      lists: s === ROOT ? s.lists.filter(l => l !== list) : [],
    }
    return condition(inner, n - 1).map(b =>
      macro === 'filter' ? `size(${list}.filter(${v}, ${b})) ${op} ${k}` : `${list}.${macro}(${v}, ${b})`,
    )
  })
}

/** A guarded optional time: the only way in which one may be read. */
function guarded(s: Names, n: number): Text {
  return fc.constantFrom(...s.maybe).chain(t => {
    const inside = { ...s, times: [...s.times, t], maybe: s.maybe.length > 1 ? s.maybe.filter(m => m !== t) : s.maybe }
    const body = condition(inside, n - 1)
    return fc.oneof(
      body.map(b => `(has(${t}) && ${b})`),
      body.map(b => `(${b} && has(${t}))`),
      body.map(b => `(!has(${t}) || ${b})`),
      fc.tuple(body, atom(s, 0)).map(([b, other]) => `(has(${t}) ? ${b} : ${other})`),
    )
  })
}

function condition(s: Names, n: number): Text {
  if (n <= 0) return atom(s, 0)
  const two = fc.tuple(condition(s, n - 1), condition(s, n - 1))
  const options: fc.WeightedArbitrary<string>[] = [
    { weight: 3, arbitrary: atom(s, Math.min(n, 2)) },
    { weight: 3, arbitrary: two.map(([a, b]) => `(${a} && ${b})`) },
    { weight: 3, arbitrary: two.map(([a, b]) => `(${a} || ${b})`) },
    { weight: 2, arbitrary: condition(s, n - 1).map(a => `!(${a})`) },
    { weight: 1, arbitrary: fc.tuple(condition(s, n - 1), two).map(([c, [a, b]]) => `(${c} ? ${a} : ${b})`) },
    { weight: 2, arbitrary: guarded(s, n) },
  ]
  if (s.lists.length > 0) options.push({ weight: 2, arbitrary: listCondition(s, n) })
  return fc.oneof(...options)
}

/** Conditions that the checker accepts. */
export const formula: Text = condition(ROOT, 4)
