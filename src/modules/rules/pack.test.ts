import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { orderFactSchema } from '../orders/index.ts'
import { calendarsOf } from './core/book.ts'
import { compileBook } from './core/compile.ts'
import { lintRules } from './core/lint.ts'
import { loadPacks } from './load.ts'
import { loadCalendars } from './load-calendars.ts'
import { parsePack } from './pack.ts'

const PACKS = fileURLToPath(new URL('../../../packs', import.meta.url))
const packs = await loadPacks(PACKS)
const calendars = await loadCalendars(`${PACKS}/calendars`)

for (const pack of packs) {
  describe(`pack ${pack.id}`, () => {
    for (const engine of ['generated', 'closures'] as const) {
      const book = compileBook(pack.rules, orderFactSchema, { engine, calendars })
      book.rules.forEach((rule, index) => {
        it(`${rule.id}: examples on ${engine}`, () => {
          const out = new Float64Array(book.rules.length)
          assert.ok(rule.examples.some(e => e.holds) && rule.examples.some(e => !e.holds), 'has examples for both')
          for (const { facts, now, holds } of rule.examples) {
            book.evaluate(facts, now, out)
            assert.equal(
              out[index]! > 0,
              holds,
              `${rule.id} at ${new Date(now).toISOString()}: ${JSON.stringify(facts)}`,
            )
          }
        })
      })
    }
    it('runs on generated code as a whole', () => {
      const book = compileBook(pack.rules, orderFactSchema, { calendars })
      assert.equal(book.fast, book.rules.length)
    })
  })
}

describe('the shipped packs', () => {
  const rules = packs.flatMap(pack => pack.rules)

  it('are at least 40 rules, each with a team, a reason and what to do, in both languages', () => {
    assert.ok(rules.length >= 40, `${rules.length}`)
    for (const { id, team, name, reason, hint } of rules) {
      assert.ok(team && hint, id)
      for (const { zh, en } of [name, reason, hint]) {
        assert.match(zh, /\p{Script=Han}/u, id)
        assert.match(en, /^[A-Z0-9][^\p{Script=Han}]+$/u, id)
      }
    }
    assert.equal(new Set(rules.map(r => r.name.zh)).size, rules.length)
    assert.equal(new Set(rules.map(r => r.type)).size, rules.length)
  })

  it('are free of what the linter calls an error, and no two hold together always', () => {
    const found = lintRules({ rules, schema: orderFactSchema, calendars: calendarsOf(calendars) })
    const told = found.filter(f => f.level !== 'note').map(f => `${f.code} ${f.rules.join(' ')}`)
    assert.deepEqual(told, [])
  })
})

describe('parsePack', () => {
  const rule = (
    more: string,
  ) => `pack: p\nrules:\n  - id: a\n    version: 1\n    stage: live\n    name: { zh: 甲, en: A }
    reason: { zh: 甲, en: A }\n    when: order.cancelled\n    type: t\n    clears: auto\n    scope: order\n${more}`

  const refused = (text: string) => {
    const parsed = parsePack(text)
    assert.ok(!parsed.ok)
    return parsed.problems.map(({ code, line, path }) => ({ code, line, path }))
  }

  it('reads constants in their units and times as epoch ms', () => {
    const parsed = parsePack(`pack: p
constants:
  limit: { type: dur, value: 4d, label: { zh: 甲, en: A } }
  from: { type: time, value: 2026-03-01T10:00:00+08:00, label: { zh: 甲, en: A } }
  words: { type: list, of: string, value: [a, b], label: { zh: 甲, en: A } }
  limits: { type: lookup, of: dur, value: { card: 4h }, otherwise: 2d, label: { zh: 甲, en: A } }
base: { order: { placedAt: 2026-03-01T00:00:00Z, status: placed } }
rules: []`)
    assert.ok(parsed.ok)
    assert.deepEqual(parsed.pack.constants.words?.value, ['a', 'b'])
    const { limits } = parsed.pack.constants
    assert.ok(limits?.type === 'lookup')
    assert.deepEqual([limits.value, limits.otherwise], [{ card: 14_400_000 }, 172_800_000])
    assert.equal(parsed.pack.constants.limit?.value, 345_600_000)
    assert.equal(parsed.pack.constants.from?.value, Date.UTC(2026, 2, 1, 2))
  })

  it('names the line and the path of what is wrong', () => {
    assert.deepEqual(refused(rule('    severity: P7\n')), [{ code: 'bad_pack', line: 12, path: 'rules[0].severity' }])
    assert.deepEqual(refused(rule('')), [{ code: 'bad_pack', line: 3, path: 'rules[0].severity' }])
    assert.deepEqual(refused(rule('    severity: P1\n    sevrity: P1\n')), [
      { code: 'bad_pack', line: 3, path: 'rules[0]' },
    ])
    assert.deepEqual(
      refused('pack: p\nconstants:\n  c: { type: dur, value: 4 days, label: { zh: 甲, en: A } }\nrules: []'),
      [{ code: 'bad_pack', line: 3, path: 'constants.c.value' }],
    )
    const table =
      'pack: p\nconstants:\n  c: { type: lookup, of: dur, value: { a: soon }, otherwise: 3, label: { zh: 甲, en: A } }\nrules: []'
    assert.deepEqual(refused(table), [{ code: 'bad_pack', line: 3, path: 'constants.c.value.a' }])
    const list = 'pack: p\nconstants:\n  c: { type: list, of: num, value: [1, a], label: { zh: 甲, en: A } }\nrules: []'
    assert.deepEqual(refused(list), [{ code: 'bad_pack', line: 3, path: 'constants.c.value[1]' }])
  })

  it('refuses a rule id that is there twice, and text that is not YAML', () => {
    const twice = rule('    severity: P1\n')
    const second = twice.slice(twice.indexOf('  - id'))
    assert.deepEqual(refused(twice + second), [{ code: 'bad_pack', line: 13, path: 'rules[1].id' }])
    assert.equal(refused('pack: [')[0]?.code, 'bad_yaml')
    assert.equal(refused('')[0]?.code, 'bad_pack')
    assert.equal(refused('- 1')[0]?.code, 'bad_pack')
  })

  it('merges an example over the base, null takes a field away', () => {
    const text = rule(`    severity: P1
    examples:
      - { now: 2026-03-01T00:00:00Z, holds: true, facts: { order: { status: null, cancelled: true }, lines: [] } }
base: { order: { status: placed, lineCount: 1 }, lines: [{ qty: 1 }] }
`)
    const parsed = parsePack(text)
    assert.ok(parsed.ok)
    assert.deepEqual(parsed.pack.rules[0]?.examples[0]?.facts, { order: { lineCount: 1, cancelled: true }, lines: [] })
  })
})
