import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { ACCEPTED, REFUSED } from '../../../../test/support/rule-corpus.ts'
import { formula } from '../../../../test/support/rule-formulas.ts'
import { loadPacks } from '../load.ts'
import { childrenOf, type Expr } from './ast.ts'
import { parse } from './parse.ts'
import { print, sameExpr } from './print.ts'

const packs = await loadPacks(fileURLToPath(new URL('../../../../packs', import.meta.url)))
const corpus = [...ACCEPTED, ...REFUSED.map(([text]) => text), ...packs.flatMap(p => p.rules.map(r => r.when))]

function treeOf(text: string): Expr {
  const parsed = parse(text)
  assert.ok(parsed.ok, `${text}: ${JSON.stringify(parsed)}`)
  return parsed.expr
}

function assertGoesRound(text: string): void {
  const tree = treeOf(text)
  const printed = print(tree, text)
  assert.ok(sameExpr(treeOf(printed), tree), `${text} became ${printed}`)
}

describe('print', () => {
  it('gives a text that parses to the same tree, for every text that parses', () => {
    const texts = corpus.filter(text => parse(text).ok)
    assert.ok(texts.length > 100)
    texts.forEach(assertGoesRound)
  })

  it('goes round for any formula', () => {
    fc.assert(
      fc.property(formula, text => assertGoesRound(text)),
      { seed: 61, numRuns: 500, endOnFailure: true },
    )
  })

  it('goes round for any text in quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const literal: Expr = { kind: 'literal', value: text, start: 0, end: 0 }
        assert.deepEqual(treeOf(print(literal)), { ...treeOf(print(literal)), kind: 'literal', value: text })
      }),
      { seed: 62, numRuns: 500, endOnFailure: true },
    )
  })

  it('needs no brackets where the order of operators says it', () => {
    const texts = [
      "a.x && b.y || !c.z && d.x in ['p']",
      '(a.x || b.y) && c.z',
      'a.x - (b.y - c.z) > d.x * (e.y + 1) / 2',
      '(a.x > 1) == (b.y > 2)',
      '(a.x ? b.y : c.z) ? d.x : e.y ? f.z : g.x',
      '-(a.x + 1) < -3',
      '!(a.x && b.y)',
      "(now - a.x).getHours() > 3 && 'x'.contains('\\'')",
    ]
    for (const text of texts) assert.equal(print(treeOf(text)), text)
  })
})

describe('ranges', () => {
  it('cut out of a text, every part is that part', () => {
    const check = (text: string): void => {
      const visit = (e: Expr): void => {
        const part = text.slice(e.start, e.end)
        const parsed = parse(part)
        assert.ok(parsed.ok && sameExpr(parsed.expr, e), `${part} of ${text}`)
        childrenOf(e).forEach(visit)
      }
      visit(treeOf(text))
    }
    corpus.filter(text => parse(text).ok).forEach(check)
    fc.assert(fc.property(formula, check), { seed: 63, numRuns: 200, endOnFailure: true })
  })
})
