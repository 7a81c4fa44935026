import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { goodFacts, SCHEMA, WINDOW } from '../../../../test/support/rule-formulas.ts'
import { DAY, HOUR } from '../../../kernel/instant.ts'
import { ORDER_SCHEMA, ruleOf } from '../fixtures.ts'
import type { Constants, TableDef, TableRow } from '../types.ts'
import { compileBook, compileTable } from './compile.ts'
import { type Column, cellCondition } from './table-cells.ts'
import { checkTable } from './table-check.ts'
import { lintTable } from './table-lint.ts'
import { TableRefused } from './table-problem.ts'
import { rowsFromSheet, tableToSheet } from './table-sheet.ts'

const words = (text: string) => ({ zh: text, en: text })
const constants: Constants = {
  big: { type: 'money', value: 90_000, label: words('big') },
  vips: { type: 'list', of: 'string', value: ['gold', 'black'], label: words('vips') },
  wait: { type: 'dur', value: DAY, label: words('wait') },
}
const row = (when: string, then: string): TableRow => ({
  when: when.split('|').map(c => c.trim()),
  give: then.split('|').map(c => c.trim()),
})

/** Triage: by channel, amount and age since payment. */
const table = (policy: TableDef['policy'], rows: readonly TableRow[], more: Partial<TableDef> = {}): TableDef => ({
  id: 'triage',
  version: 1,
  name: words('triage'),
  policy,
  inputs: [
    { id: 'channel', label: words('Channel'), expr: 'order.channel' },
    { id: 'total', label: words('Total'), expr: 'order.orderTotal', currency: 'CNY' },
    { id: 'age', label: words('Paid since'), expr: 'now - order.paidAt' },
  ],
  outputs: [
    { id: 'team', label: words('Team'), type: 'string', oneOf: ['shop', 'risk', 'vip'] },
    { id: 'within', label: words('Within'), type: 'dur' },
  ],
  rows,
  constants,
  ...more,
})
const ROWS = [
  row('in vips | -              | -      ', 'vip  | 1h'),
  row('-       | > 500.00       | > 24h  ', 'risk | 2h'),
  row('-       | [100 .. 500)   | > wait ', 'shop | 1d'),
  row('-       | -              | !      ', 'shop | '),
]
const NOW = Date.UTC(2026, 10, 21)
const order = { channel: 'web', orderTotal: 60_000, paidAt: NOW - 23 * HOUR }
const factsOf = (more: object = {}) => ({ order: { ...order, ...more }, lines: [], parcels: [] })

describe('decision tables', () => {
  for (const engine of ['generated', 'closures'] as const) {
    it(`decide by the first row that hits, and change at the exact instant (${engine})`, () => {
      const compiled = compileTable(table('first', ROWS, { otherwise: ['shop', '3d'] }), ORDER_SCHEMA, { engine })
      const now = compiled.decide(factsOf(), NOW)
      assert.deepEqual([now.rows, now.values, now.conflict], [[], { team: 'shop', within: 3 * DAY }, false])
      assert.equal(compiled.changesAt(factsOf(), NOW), NOW + HOUR + 1)
      const then = compiled.decide(factsOf(), NOW + HOUR + 1)
      assert.deepEqual([then.rows, then.values], [[1], { team: 'risk', within: 2 * HOUR }])
      assert.equal(compiled.changesAt(factsOf(), NOW + HOUR + 1), null)
      // A row above decides already, so that what time does to the rows below does not matter.
      const vip = compiled.decide(factsOf({ channel: 'gold' }), NOW)
      assert.deepEqual([vip.rows, vip.until], [[0], Number.POSITIVE_INFINITY])
      const unpaid = compiled.decide({ ...factsOf(), order: { channel: 'web', orderTotal: 1 } }, NOW)
      assert.deepEqual([unpaid.rows, unpaid.values], [[3], { team: 'shop', within: null }])
    })
  }

  it('collect what hits: as a list, or as one number', () => {
    const rows = [row('-', '5 | a'), row('> 2', '7 | b'), row('> 3', '  | c')]
    const inputs = [{ id: 'lines', label: words('Lines'), expr: 'order.lineCount' }]
    const outputs = (collect?: 'sum' | 'min' | 'max' | 'count') => [
      { id: 'score', label: words('Score'), type: 'num' as const, ...(collect && { collect }) },
      { id: 'tag', label: words('Tag'), type: 'string' as const },
    ]
    const decide = (collect: Parameters<typeof outputs>[0], lineCount: number) =>
      compileTable(table('collect', rows, { inputs, outputs: outputs(collect) }), ORDER_SCHEMA).decide(
        factsOf({ lineCount }),
        NOW,
      )
    assert.deepEqual(decide(undefined, 4).values, { score: [5, 7], tag: ['a', 'b', 'c'] })
    assert.deepEqual(decide('sum', 4).values, { score: 12, tag: ['a', 'b', 'c'] })
    assert.deepEqual(
      [decide('min', 4), decide('max', 3), decide('count', 2)].map(d => d.values.score),
      [5, 7, 1],
    )
    assert.deepEqual(decide('sum', 3).rows, [0, 1])
  })

  it('say so when two rows of a unique table hit', () => {
    const compiled = compileTable(table('unique', ROWS), ORDER_SCHEMA)
    const both = compiled.decide(factsOf({ channel: 'gold', paidAt: NOW - 3 * DAY }), NOW)
    assert.deepEqual([both.conflict, both.rows, both.values.team], [true, [0], 'vip'])
    assert.equal(compiled.decide(factsOf({ channel: 'gold' }), NOW).conflict, false)
    // It becomes a conflict by time alone, which is a change of what is decided.
    assert.equal(compiled.changesAt(factsOf({ channel: 'gold' }), NOW), NOW + HOUR + 1)
  })

  it('decide at every tick as their rows do one by one, and change when that does', () => {
    const ages = fc.constantFrom('> 5ms', '<= 20ms', '[3ms..30ms)', '(10ms..50ms]', '-', '!7ms', '40ms', '?now > o.t1')
    const texts = fc.constantFrom('x', 'y', 'x, y', '!x', '-', '"xy"')
    const late = fc.constantFrom('-', '*', '!', '> 9ms', '< 4ms')
    const rows = fc.array(fc.tuple(ages, texts, late), { minLength: 1, maxLength: 6 })
    const inputs = ['now - o.t1', 'o.s', 'o.t3 - o.t2'].map((expr, i) => ({ id: `c${i}`, label: words('c'), expr }))
    const outputs = [{ id: 'n', label: words('n'), type: 'num' as const }]
    fc.assert(
      fc.property(rows, goodFacts, fc.constantFrom('first', 'unique', 'collect'), (cells, facts, policy) => {
        const def = table(
          policy,
          cells.map((when, i) => ({ when, give: [String(i)] })),
          { inputs, outputs, constants: {} },
        )
        const compiled = compileTable(def, SCHEMA)
        const columns = inputs.map(({ expr }, i): Column => {
          const [type, guards] = [i === 1 ? 'string' : 'dur', i === 2 ? ['o.t3'] : []] as const
          return { expr: i === 1 ? expr : `(${expr})`, type, guards, constants: {} }
        })
        const conditions = cells.map(row =>
          row.map((cell, i) => `(${cellCondition(cell, columns[i]!) || 'true'})`).join(' && '),
        )
        const book = compileBook(
          conditions.map((text, i) => ruleOf(text, { id: `r${i}` })),
          SCHEMA,
        )
        const hitsAt = (now: number) => [...book.next(facts, now).holds].flatMap((holds, i) => (holds ? [i] : []))
        for (let now = 0; now <= WINDOW; ) {
          const change = compiled.changesAt(facts, now) ?? Number.POSITIVE_INFINITY
          const first = shownOf(hitsAt(now), policy)
          for (let t = now; t < Math.min(change, WINDOW + 1); t++) {
            assert.deepEqual(shownOf(hitsAt(t), policy), first)
            const { rows: decided, conflict, until } = compiled.decide(facts, t)
            assert.deepEqual({ rows: decided, conflict }, first)
            assert.ok(until > t && until <= change)
          }
          if (change <= WINDOW) assert.notDeepEqual(shownOf(hitsAt(change), policy), first)
          now = change
        }
      }),
      { seed: 41, numRuns: 120, endOnFailure: true },
    )
  })
})

const shownOf = (hits: readonly number[], policy: string) => ({
  rows: policy === 'collect' ? hits : hits.slice(0, 1),
  conflict: policy === 'unique' && hits.length > 1,
})

describe('cells', () => {
  const column = (type: Column['type'], more: Partial<Column> = {}): Column => ({
    ...{ expr: 'x', type, guards: [], constants },
    ...more,
  })
  const READ: readonly (readonly [Column, string, string | null])[] = [
    [column('num'), '', ''],
    [column('num'), ' - ', ''],
    [column('num'), '> 5', 'x > 5'],
    [column('num'), '≥5', 'x >= 5'],
    [column('num'), '= 5', 'x == 5'],
    [column('num'), '-2.5', 'x == -2.5'],
    [column('num'), '1, 2，> 9', '(x == 1 || x == 2 || x > 9)'],
    [column('num'), '[1..5)', '(x >= 1 && x < 5)'],
    [column('num'), '（1 .. 5]', '(x > 1 && x <= 5)'],
    [column('num'), '1.5..2.5', '(x >= 1.5 && x <= 2.5)'],
    [column('num'), '!3', '!(x == 3)'],
    [column('num'), '!= 3', 'x != 3'],
    [column('num'), '? lines > x', 'lines > x'],
    [column('num'), 'abc', null],
    [column('num'), '> ', null],
    [column('num'), '1,,2', null],
    [column('string'), 'card', 'x == "card"'],
    [column('string'), '"a, b", c', '(x == "a, b" || x == "c")'],
    [column('string'), "!'it\\'s'", '!(x == "it\'s")'],
    [column('string'), '"say \\"hi\\""', 'x == "say \\"hi\\""'],
    [column('string'), '!a, b', '!((x == "a" || x == "b"))'],
    [column('string'), 'in vips', 'x in vips'],
    [column('string'), 'in big', 'x == "in big"'],
    [column('string'), '"open', null],
    [column('string'), '华东', 'x == "华东"'],
    [column('bool'), 'yes', 'x'],
    [column('bool'), '否', '!(x)'],
    [column('bool'), '!= true', '!(x)'],
    [column('bool'), '> true', null],
    [column('dur'), '> 1d12h', "x > duration('129600000ms')"],
    [column('dur'), '<= wait', 'x <= wait'],
    [column('dur'), '> big', null],
    [column('money', { currency: 'CNY' }), '> 500.5', 'x > minor(50050)'],
    [column('money', { currency: 'JPY' }), '> 500.5', null],
    [column('money'), '< big', 'x < big'],
    [column('time'), '>= 2026-11-11T00:00:00+08:00', "x >= timestamp('2026-11-10T16:00:00.000Z')"],
    [column('num', { guards: ['o.a'] }), '> 1', 'has(o.a) && x > 1'],
    [column('num', { guards: ['o.a', 'o.b'] }), '*', 'has(o.a) && has(o.b)'],
    [column('num', { guards: ['o.a'] }), '!', '!(has(o.a))'],
    [column('num'), '!', 'false'],
  ]
  for (const [of, cell, condition] of READ)
    it(`${of.type} ${JSON.stringify(cell)}`, () => assert.equal(cellCondition(cell, of), condition))

  it('are refused with the place and what to write', () => {
    const bad = table('first', [row('"x | 1..  | > 5', 'nobody | soon'), row('a | b', 'shop | 1h')], {
      otherwise: ['vip'],
    })
    const { problems } = checkTable(bad, ORDER_SCHEMA)
    assert.deepEqual(
      problems.map(p => [p.code, p.row, p.column]),
      [
        ['bad_cell', 0, 0],
        ['bad_cell', 0, 1],
        ['bad_cell', 0, 2],
        ['not_allowed', 0, 3],
        ['bad_output', 0, 4],
        ['wrong_width', 1, null],
        ['wrong_width', 2, null],
      ],
    )
    for (const { message } of problems) assert.doesNotMatch(message.zh + message.en, /\{\d\}|undefined/)
    assert.throws(() => compileTable(bad, ORDER_SCHEMA), TableRefused)
  })

  it('tell what the checker says of free conditions and of columns', () => {
    const free = table('first', [row('?oder.x | - | -', '|')])
    const [problem] = checkTable(free, ORDER_SCHEMA).problems
    assert.deepEqual([problem?.code, problem?.refusals[0]?.code], ['refused_cell', 'unknown_name'])
    const columns = table('first', [], {
      inputs: [
        { id: 'a', label: words('a'), expr: 'lines' },
        { id: 'b', label: words('b'), expr: 'x +' },
      ],
    })
    assert.deepEqual(
      checkTable(columns, ORDER_SCHEMA).problems.map(p => p.code),
      ['bad_input', 'bad_input'],
    )
    const empty = table('first', [], { inputs: [] })
    assert.deepEqual(
      checkTable(empty, ORDER_SCHEMA).problems.map(p => p.code),
      ['no_columns'],
    )
  })
})

describe('the linter of tables', () => {
  const said = (def: TableDef) => lintTable(def, ORDER_SCHEMA).map(f => [f.code, ...f.rows])

  it('finds overlaps, with an order that hits both rows', () => {
    const unique = table('unique', [
      row('web | > 500 | -', 'risk |'),
      row('web, app | [100..600] | -', 'shop |'),
      row('app | > 700 | -', 'vip |'),
    ])
    const found = lintTable(unique, ORDER_SCHEMA).filter(f => f.code === 'overlap')
    assert.deepEqual(
      found.map(f => f.rows),
      [[0, 1]],
    )
    const { facts, now } = found[0]!.example!
    assert.equal(compileTable(unique, ORDER_SCHEMA).decide(facts, now).conflict, true)
  })

  it('finds gaps, with an order that hits nothing', () => {
    const whole = [row('- | > 500 | -', 'risk |'), row('- | <= 500 | -', 'shop |')]
    assert.deepEqual(said(table('unique', whole)), [])
    const holed = table('unique', [whole[0]!, row('- | < 500 | -', 'shop |')])
    const [gap, ...more] = lintTable(holed, ORDER_SCHEMA)
    assert.deepEqual([gap?.code, more], ['gap', []])
    assert.deepEqual(compileTable(holed, ORDER_SCHEMA).decide(gap!.example!.facts, NOW).rows, [])
    assert.deepEqual(said({ ...holed, otherwise: ['shop', ''] }), [])
    assert.deepEqual(said(table('first', [row('- | - | *', 'shop |'), row('- | - | !', 'shop |')])), [])
  })

  it('finds rows that can never decide', () => {
    const rows = [
      row('web | - | -', 'shop |'),
      row('!web | > 500 | -', 'risk |'),
      row('- | > 600 | -', 'vip |'),
      row('app | > 500, < 1 | -', 'vip |'),
      row('- | - | -', 'shop |'),
    ]
    assert.deepEqual(said(table('first', rows)), [['unreachable', 2]])
    assert.deepEqual(
      said(
        table('first', [
          row('- | ?order.orderTotal > minor(9) && order.orderTotal < minor(3) | -', 'shop |'),
          row('-|-|-', 'shop|'),
        ]),
      ),
      [['never_true', 0]],
    )
  })

  it('finds a code that its column does not have, and says which one may be meant', () => {
    const schema = structuredClone(ORDER_SCHEMA)
    Object.assign(schema.order!.of.channel!, {
      values: { web: { zh: '网店', en: 'Web' }, app: { zh: '应用', en: 'App' } },
    })
    const rows = [row('wbe, app | - | -', 'shop |'), row('- | - | -', 'shop |')]
    const [found, ...more] = lintTable(table('first', rows), schema)
    assert.deepEqual([found?.code, found?.level, found?.rows, more], ['unknown_code', 'warning', [0], []])
    assert.match(found!.message.en, /^Row 1 compares ".+" with wbe, which is none of its values: did you mean web\?$/)
    assert.match(found!.message.zh, /^第 1 行拿“.+”与 wbe 比较，而它没有这个取值，是不是 web？$/)
    assert.deepEqual(lintTable(table('first', rows), ORDER_SCHEMA), [])
    // A shop may have types of exceptions of its own.
    Object.assign(schema.order!.of.channel!, { open: true })
    assert.deepEqual(lintTable(table('first', rows), schema), [])
  })

  it('takes a table of 60 rows', () => {
    const rows = Array.from({ length: 60 }, (_, i) =>
      row(`shop${i % 20} | [${i * 10} .. ${i * 10 + 10}) | -`, 'shop |'),
    )
    assert.deepEqual(said(table('unique', rows, { otherwise: ['shop', ''] })), [])
  })

  it('says so when a table is too much to be checked to its end, instead of taking everybody’s time', () => {
    const apart = Array.from({ length: 1000 }, (_, i) =>
      row(`shop${i} | [${i * 10} .. ${i * 10 + 10}) | > ${i}h`, 'shop |'),
    )
    assert.deepEqual(said(table('unique', apart)).at(-1), ['not_checked'])
    assert.deepEqual(said(table('first', apart)).at(-1), ['not_checked'])
    // Half a million pairs that all hit together: the first hundred say it.
    const alike = Array.from({ length: 1000 }, () => row('- | - | -', 'shop |'))
    const found = lintTable(table('unique', alike), ORDER_SCHEMA)
    assert.equal(found.filter(f => f.code === 'overlap').length, 100)
    assert.match(found.at(-1)!.message.en, /^Not fully checked/)
    assert.match(found.at(-1)!.message.zh, /未能检查完/)
  })

  it('leaves no question out for what another one costs', () => {
    const apart = Array.from({ length: 300 }, (_, i) => row(`shop${i} | [${i * 10} .. ${i * 10 + 10}) | -`, 'shop |'))
    assert.deepEqual(said(table('unique', apart)), [['gap'], ['not_checked']])
  })

  it('reads no more text than people can write', () => {
    const long = Array.from({ length: 200 }, () => row(`${'shop,'.repeat(300)}web | - | -`, 'shop |'))
    const [problem, ...more] = checkTable(table('first', long), ORDER_SCHEMA).problems
    assert.deepEqual([problem?.code, more], ['too_long', []])
  })
})

describe('tables and spreadsheets', () => {
  it('give back what they were given', () => {
    const cell = fc.oneof(
      fc.constantFrom('-', '> 5', '= 5', '-3', "'x", '"a","b"', 'a\tb', 'two\nlines', '', '+1', '@x'),
      fc.string(),
    )
    const rows = fc.array(fc.tuple(cell, cell, cell, cell, cell), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(rows, fc.constantFrom('zh', 'en'), (cells, language) => {
        const clean = cells.map(r => r.map(c => c.replaceAll('\r', '')))
        const def = table(
          'first',
          clean.map(r => ({ when: r.slice(0, 3), give: r.slice(3) })),
        )
        assert.deepEqual(rowsFromSheet(tableToSheet(def, language), def), { ok: true, rows: def.rows })
      }),
      { seed: 51, numRuns: 300 },
    )
  })

  it('mark what a spreadsheet would take for a formula', () => {
    const def = table('first', [row('=1+1 | -2 | -', '@x | '), row('> 5 | a | b', 'c | d')])
    assert.equal(tableToSheet(def, 'en').split('\r\n')[1], "'=1+1\t'-2\t-\t'@x\t")
  })

  it('take rows without their head, and say which line does not fit', () => {
    const def = table('first', [])
    const rows = [row('a | b | c', 'd | e')]
    assert.deepEqual(rowsFromSheet('a\tb\tc\td\te\n', def), { ok: true, rows })
    assert.deepEqual(rowsFromSheet('channel\ttotal\tage\tteam\twithin\na\tb\tc\td\te', def), { ok: true, rows })
    assert.deepEqual(rowsFromSheet('a\tb\tc\td\te\nx\ty', def), { ok: false, line: 2, cells: 2, wanted: 5 })
  })
})
