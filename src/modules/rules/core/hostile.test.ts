import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { type Node, parseSync } from 'oxc-parser'
import { ACCEPTED } from '../../../../test/support/rule-corpus.ts'
import { factsFor } from '../../../../test/support/rule-facts.ts'
import { formula, SCHEMA, VOCABULARY } from '../../../../test/support/rule-formulas.ts'
import { businessTimeOf } from '../../../kernel/business-time.ts'
import { DAY, HOUR } from '../../../kernel/instant.ts'
import { orderFactSchema } from '../../orders/index.ts'
import { checkRule } from '../dialect/check.ts'
import { parse } from '../dialect/parse.ts'
import type { Vocabulary } from '../dialect/scope.ts'
import type { Term } from '../dialect/term.ts'
import { ORDER_SCHEMA, ruleOf } from '../fixtures.ts'
import { loadPacks } from '../load.ts'
import { loadCalendars } from '../load-calendars.ts'
import type { Constants } from '../types.ts'
import { generateBook } from './codegen-book.ts'
import { compileBook } from './compile.ts'
import { conditionOf } from './temporal.ts'
import { FAULT } from './temporal-frame.ts'

const NOW = Date.UTC(2026, 10, 21, 3)
const label = { zh: '甲', en: 'A' }
const constants: Constants = {
  limit: { type: 'dur', value: 24 * HOUR, label },
  tolerance: { type: 'money', value: 1, label },
  third: { type: 'num', value: 3, label },
  words: { type: 'list', of: 'string', value: ['shop', '__proto__'], label },
  none: { type: 'list', of: 'string', value: [], label },
  regions: { type: 'lookup', of: 'string', value: { gd: 'south' }, otherwise: 'far', label },
  limits: { type: 'lookup', of: 'dur', value: { card: HOUR }, otherwise: 2 * HOUR, label },
}
const week = Array.from({ length: 7 }, () => [[9 * HOUR, 18 * HOUR]] as const)
const cn = { id: 'cn', version: 1, zone: 'Asia/Shanghai', week, days: {} }
const vocabulary: Vocabulary = { constants, calendars: { cn: businessTimeOf(cn) } }
const codes = (text: string) => checkRule(text, ORDER_SCHEMA, vocabulary).refusals.map(r => r.code)

describe('hostile rules', () => {
  const REFUSED: readonly (readonly [what: string, text: string, code: string])[] = [
    ['deep brackets', `${'('.repeat(5000)}true${')'.repeat(5000)}`, 'too_large'],
    ['deep negation', `${'!'.repeat(5000)}order.cancelled`, 'too_large'],
    ['deep choices', `${'order.cancelled ? true : '.repeat(300)}false`, 'too_large'],
    ['a long text', `order.status == '${'x'.repeat(30_000)}'`, 'too_large'],
    ['a long chain', Array(600).fill('order.cancelled').join(' && '), 'too_large'],
    ['a long list', `order.status in [${Array(600).fill("'x'").join()}]`, 'too_large'],
    ['a long sum', `${Array(400).fill('order.lineCount').join(' + ')} > 1`, 'too_large'],
    ['nested macros', 'lines.exists(a, lines.exists(b, lines.exists(c, a.qty + b.qty > c.qty)))', 'too_deep'],
    ['costly macros', 'lines.all(a, lines.all(b, a.qty * b.qty + a.qty * b.qty > a.qty - b.qty))', 'too_costly'],
    ['a pattern in a list', "lines.exists(l, lines.exists(m, l.sku.matches('^(a+)+$') && m.qty > 1))", 'too_costly'],
    ['a pattern that RE2 has not', "order.status.matches('(a)\\\\1')", 'bad_pattern'],
    ['a huge pattern', `order.status.matches('${'(a|b)'.repeat(60)}')`, 'bad_pattern'],
    ['a pattern with many repetitions', "order.status.matches('((a{30}){30}){30}')", 'bad_pattern'],
    ['the constructor', "order.constructor.constructor == 'x'", 'not_supported'],
    ['the prototype', "order.__proto__.x == 'y'", 'not_supported'],
    ['the prototype of a record', "order.__proto__ == 'y'", 'unknown_field'],
    ['a property of a text', 'order.status.length == 1', 'not_supported'],
    ['a method of a text', "order.status.repeat(1000000) == 'x'", 'unknown_function'],
    ['a global', 'process.exit() == 1', 'unknown_name'],
    ['the facts of the engine', 'f.order == 1', 'unknown_name'],
    ['the runtime of the engine', 'rt.abs(order.lineCount) == 1', 'unknown_name'],
    ['an index', "order['constructor'] == 'x'", 'not_supported'],
    ['a prototype through has()', 'has(order.__proto__)', 'unknown_field'],
    ['a list element called __proto__', 'lines.exists(__proto__, __proto__.constructor == 1)', 'syntax'],
  ]
  for (const [what, text, code] of REFUSED)
    it(`refuses ${what}`, () => {
      const found = codes(text)
      assert.ok(
        found.some(c => c === code),
        `${found.join()}`,
      )
    })

  it('takes no inherited name for a constant, a calendar, a table or a fact', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      assert.ok(codes(`order.lineCount > ${name}`).length > 0)
      const looked = codes(`lookup(${name}, order.status) == 'x'`)
      assert.ok(looked.includes('unknown_name') || looked.includes('syntax'))
      assert.deepEqual(codes(`isBusinessTime(now, '${name}')`), ['unknown_calendar'])
      assert.ok(codes(`${name}.x == 1`).length > 0)
    }
    const book = compileBook([ruleOf("lookup(regions, order.status) == 'far'", { constants })], ORDER_SCHEMA)
    for (const status of ['__proto__', 'constructor', 'toString'])
      assert.equal(book.next({ order: { status }, lines: [], parcels: [] }, 0).holds[0], 1)
  })

  it('looks at the first thousand characters of a text only', () => {
    const book = compileBook([ruleOf("order.status.matches('z')")], ORDER_SCHEMA)
    const of = (status: string) => book.next({ order: { status }, lines: [], parcels: [] }, 0).holds[0]
    assert.deepEqual([of(`${'a'.repeat(999)}z`), of(`${'a'.repeat(1000)}z`)], [1, 0])
  })
})

/** Names that a program uses and does not declare itself. */
function freeNames(source: string): Set<string> {
  const { program, errors } = parseSync('rule.js', `(function(rt,slow,pool){${source}\n})`)
  assert.deepEqual(errors, [])
  const declared = new Set<string>()
  const used = new Set<string>()
  const visit = (node: Node, parent: Node | null): void => {
    if (node.type === 'Identifier') {
      const isMember = parent?.type === 'MemberExpression' && parent.property === node && !parent.computed
      if (!isMember) used.add(node.name)
    }
    const names =
      node.type === 'VariableDeclarator' ? [node.id] : 'params' in node && Array.isArray(node.params) ? node.params : []
    for (const name of names) if (name.type === 'Identifier') declared.add(name.name)
    if (node.type === 'FunctionDeclaration' && node.id) declared.add(node.id.name)
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child === 'object' && child !== null && 'type' in child) visit(child, node)
  }
  visit(program as unknown as Node, null)
  return used.difference(declared)
}

describe('generated code', () => {
  const never = () => 0
  it('knows nothing but its arguments, whatever the rule is', () => {
    const evil = ["');process.exit();('", '`${process}`', '\\u0027+process+\\u0027', '</script>', '*/process/*']
    const terms = [...ACCEPTED, ...evil.map(text => `order.status == ${JSON.stringify(text)}`)].map(text => {
      const checked = checkRule(text, ORDER_SCHEMA, vocabulary)
      assert.ok(checked.ok, text)
      return checked.term
    })
    const allowed = new Set(['Math', 'Infinity', 'undefined'])
    assert.deepEqual([...freeNames(generateBook(terms, never).source).difference(allowed)], [])
    fc.assert(
      fc.property(fc.array(formula, { minLength: 1, maxLength: 30 }), texts => {
        const of = texts.flatMap((text): Term[] => {
          const checked = checkRule(text, SCHEMA, VOCABULARY)
          return checked.ok ? [checked.term] : []
        })
        assert.deepEqual([...freeNames(generateBook(of, never).source).difference(allowed)], [])
      }),
      { seed: 81, numRuns: 40, endOnFailure: true },
    )
  })
})

const packs = await loadPacks(fileURLToPath(new URL('../../../../packs', import.meta.url)))
const calendars = await loadCalendars(fileURLToPath(new URL('../../../../packs/calendars', import.meta.url)))

describe('what is accepted', () => {
  it('never fails on facts of its schema: the shipped rules on fuzzed orders', () => {
    const rules = packs.flatMap(pack => pack.rules)
    const [fast, slow] = (['generated', 'closures'] as const).map(engine =>
      compileBook(rules, orderFactSchema, { calendars, engine }),
    )
    const [a, b] = [new Float64Array(rules.length), new Float64Array(rules.length)]
    let flips = 0
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(factsFor(orderFactSchema, NOW), shares, (facts, between) => {
        assert.equal(fast!.evaluate(facts, NOW, a), slow!.evaluate(facts, NOW, b))
        assert.deepEqual(a.subarray(0, fast!.rules.length), b.subarray(0, slow!.rules.length))
        const { holds, until } = fast!.next(facts, NOW)
        assert.ok(until > NOW)
        // Nothing changes before the flip, at any instant that is looked at, and something does at it.
        const holdsAt = (now: number) => {
          slow!.evaluate(facts, now, b)
          return Uint8Array.from(b.subarray(0, slow!.rules.length), horizon => Number(horizon > 0))
        }
        const end = Math.min(until, NOW + 400 * DAY)
        for (const share of between) assert.deepEqual(holdsAt(Math.floor(NOW + share * (end - 1 - NOW))), holds)
        assert.deepEqual(holdsAt(end - 1), holds)
        if (until === end) flips++
        if (until === end) assert.notDeepEqual(holdsAt(until), holds)
      }),
      { seed: 91, numRuns: 400, endOnFailure: true },
    )
    assert.ok(flips > 100, `${flips} flips`)
  })

  it('never fails on facts of its schema: texts that were changed at random', () => {
    let accepted = 0
    const token = /[A-Za-z_][\w.]*|'[^']*'|"[^"]*"|\d+|&&|\|\||[<>=!]=|\S/g
    const words = [...new Set(ACCEPTED.flatMap(text => text.match(token) ?? []))]
    const kindOf = (t: string): string =>
      /^[a-z]\w*\./i.test(t) ? 'field' : /^\w/.test(t) ? 'word' : /^['"]/.test(t) ? 'text' : 'sign'
    const likeOf = (t: string): string[] => words.filter(w => kindOf(w) === kindOf(t))
    const change = fc.record({
      at: fc.nat(),
      how: fc.constantFrom('swap', 'swap', 'swap', 'drop', 'twice'),
      word: fc.nat(),
    })
    const mutant = fc
      .tuple(fc.constantFrom(...ACCEPTED), fc.array(change, { minLength: 1, maxLength: 2 }))
      .map(([text, changes]) => {
        const tokens = [...(text.match(token) ?? [])]
        for (const { at, how, word } of changes) {
          const i = at % tokens.length
          if (how === 'swap') tokens[i] = likeOf(tokens[i]!)[word % likeOf(tokens[i]!).length]!
          else if (how === 'drop') tokens.splice(i, 1)
          else tokens.splice(i, 0, tokens[i]!)
        }
        return tokens.join(' ')
      })
    fc.assert(
      fc.property(mutant, fc.array(factsFor(ORDER_SCHEMA, NOW), { minLength: 3, maxLength: 3 }), (text, scenes) => {
        parse(text)
        const checked = checkRule(text, ORDER_SCHEMA, vocabulary)
        if (!checked.ok) return assert.ok(checked.refusals.length > 0)
        accepted++
        const condition = conditionOf(checked.term)
        const book = compileBook([ruleOf(text, { constants })], ORDER_SCHEMA, { calendars: [cn] })
        const out = new Float64Array(1)
        for (const facts of scenes) {
          const { value, until } = condition(facts, NOW)
          assert.notEqual(value, FAULT, text)
          book.evaluate(facts, NOW, out)
          assert.equal(out[0], value === true ? until : -until, text)
        }
      }),
      { seed: 92, numRuns: 3000, endOnFailure: true },
    )
    assert.ok(accepted > 150, `${accepted} accepted`)
  })
})
