import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { ACCEPTED, REFUSED } from '../../../../test/support/rule-corpus.ts'
import { formula } from '../../../../test/support/rule-formulas.ts'
import { loadPacks } from '../load.ts'
import { parse } from './parse.ts'
import { sameExpr } from './print.ts'
import type { Group, Row } from './rows.ts'
import { rowsOf } from './rows-read.ts'
import { textOfRows } from './rows-write.ts'

const packs = await loadPacks(fileURLToPath(new URL('../../../../packs', import.meta.url)))
const shipped = packs.flatMap(p => p.rules.map(r => r.when))
const corpus = [...ACCEPTED, ...REFUSED.map(([text]) => text), ...shipped].filter(text => parse(text).ok)

function rowsIn(text: string): Group {
  const parsed = parse(text)
  assert.ok(parsed.ok, text)
  return rowsOf(parsed.expr, text)
}

function assertGoesRound(text: string): void {
  const rows = rowsIn(text)
  const back = textOfRows(rows)
  const [before, after] = [parse(text), parse(back)]
  assert.ok(before.ok && after.ok && sameExpr(before.expr, after.expr), `${text} became ${back}`)
  // The rows of the text are the rows again: what was shown as rows is not text after saving.
  assert.equal(textOfRows(rowsIn(back)), back)
  assert.deepEqual(kindsIn(rowsIn(back)), kindsIn(rows))
}

function kindsIn(row: Row): unknown {
  if (row.kind === 'group') return [row.match, row.not, ...row.rows.map(kindsIn)]
  if (row.kind === 'list') return [row.how, kindsIn(row.group)]
  return row.kind === 'count' && row.where ? ['count', kindsIn(row.where.group)] : row.kind
}

describe('sentence rows', () => {
  it('give the tree back, for the whole corpus', () => {
    assert.ok(corpus.length > 100)
    corpus.forEach(assertGoesRound)
  })

  it('give the tree back, for any formula', () => {
    fc.assert(fc.property(formula, assertGoesRound), { seed: 71, numRuns: 500, endOnFailure: true })
  })

  it('show every shipped rule without a row of text, but for sums', () => {
    const texts = (row: Row): string[] => {
      if (row.kind === 'text') return [row.text]
      if (row.kind === 'group') return row.rows.flatMap(texts)
      if (row.kind === 'list') return texts(row.group)
      return row.kind === 'count' && row.where ? texts(row.where.group) : []
    }
    const left = shipped.flatMap(text => texts(rowsIn(text)))
    assert.ok(left.length <= shipped.length / 3, left.join('\n'))
  })

  const order = (field: string) => ({ name: 'order', field })
  it('read what people mean', () => {
    const text =
      "!order.cancelled && has(order.paidAt) && businessElapsed(order.paidAt, now, 'cn') > hours(8) && !has(order.handedOverAt) && order.channel in vips"
    const { match, rows } = rowsIn(text)
    assert.equal(match, 'all')
    assert.deepEqual(
      rows.map(row => ({ ...row, value: undefined, values: undefined })),
      [
        { kind: 'flag', of: order('cancelled'), is: false, guarded: false },
        { kind: 'age', of: order('paidAt'), calendar: 'cn', op: '>', guarded: true },
        { kind: 'present', of: order('handedOverAt'), present: false },
        { kind: 'oneOf', of: order('channel'), not: false, guarded: false },
      ].map(row => ({ ...row, value: undefined, values: undefined })),
    )
    assert.equal(textOfRows(rowsIn(text)), text)
  })

  const READ: readonly (readonly [string, unknown])[] = [
    ['true', ['all', false]],
    ['order.cancelled', ['all', false, 'flag']],
    ['a.x > 1 || a.y < 2', ['any', false, 'compare', 'compare']],
    ['!(a.x > 1 && a.y < 2)', ['all', false, ['all', true, 'compare', 'compare']]],
    ['has(a.x) && a.x > 1', ['all', false, 'compare']],
    ['has(a.y) && a.x > 1', ['all', false, 'present', 'compare']],
    ['has(a.x) && a.x > 1 || a.z', ['any', false, 'compare', 'flag']],
    ['a.z && (a.x || a.y)', ['all', false, 'flag', ['any', false, 'flag', 'flag']]],
    ['now - a.x > limit', ['all', false, 'age']],
    ['a.x - now <= days(2)', ['all', false, 'ahead']],
    ['now > a.x - limit', ['all', false, 'reached']],
    ['now >= a.x', ['all', false, 'reached']],
    ['a.x >= a.y', ['all', false, 'compare']],
    ["a.x.contains('k')", ['all', false, 'words']],
    ['!a.x.containsAny(words)', ['all', false, 'words']],
    ["!isBusinessTime(now, 'cn')", ['all', false, 'open']],
    [
      'lines.all(l, l.qty > 1 && has(l.at) && now > l.at)',
      ['all', false, ['every', ['all', false, 'compare', 'reached']]],
    ],
    ['!lines.exists(l, l.qty > 1)', ['all', false, ['none', ['all', false, 'compare']]]],
    ['size(lines) == 0', ['all', false, 'count']],
    ['size(lines.filter(l, l.qty > 1)) >= 2', ['all', false, ['count', ['all', false, 'compare']]]],
    ['abs(a.x - a.y) > 1', ['all', false, 'text']],
    ['a.x + a.y > 1 && a.z', ['all', false, 'text', 'flag']],
    ['a.z ? a.x : a.y', ['all', false, 'text']],
    ['1 < a.x', ['all', false, 'text']],
  ]
  for (const [text, kinds] of READ) it(`read ${text}`, () => assert.deepEqual(kindsIn(rowsIn(text)), kinds))

  it('are written with brackets only where they are needed, and without what is empty', () => {
    const flag = (field: string): Row => ({ kind: 'flag', of: order(field), is: true, guarded: false })
    const group = (match: 'all' | 'any', ...rows: Row[]): Group => ({ kind: 'group', match, not: false, rows })
    const guarded: Row = { kind: 'flag', of: order('c'), is: false, guarded: true }
    assert.equal(textOfRows(group('all')), 'true')
    assert.equal(textOfRows(group('all', flag('a'), group('any'), group('all', flag('b')))), 'order.a && order.b')
    assert.equal(
      textOfRows(group('all', flag('a'), group('any', flag('b'), guarded))),
      'order.a && (order.b || has(order.c) && !order.c)',
    )
    assert.equal(textOfRows({ ...group('any', flag('a'), flag('b')), not: true }), '!(order.a || order.b)')
    const text: Row = { kind: 'text', text: 'x.a||x.b' }
    assert.equal(textOfRows(group('all', text, flag('a'))), '(x.a || x.b) && order.a')
    assert.equal(textOfRows(group('all', { kind: 'text', text: 'x.a +' }, flag('a'))), 'x.a + && order.a')
  })
})
