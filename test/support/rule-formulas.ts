import fc from 'fast-check'
import type { FactSchema, FactValues, ScalarField, ScalarType } from '../../src/contract/facts.ts'

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
  )
}

function atom(s: Names, n: number): Text {
  const still = [
    `${s.texts[0]} == 'x'`,
    `${s.texts[0]}.contains('y')`,
    `${s.numbers[0]} > 2`,
    `${s.texts[0]} in ['x', 'xy']`,
  ]
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(length(s, n), relation, length(s, n - 1)).map(([a, op, b]) => `${a} ${op} ${b}`) },
    { weight: 6, arbitrary: fc.tuple(time(s, n), relation, time(s, n - 1)).map(([a, op, b]) => `${a} ${op} ${b}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('o.b', 'true', 'false', 'has(o.t3)', 'abs(o.m - minor(2)) > minor(1)', ...still),
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
