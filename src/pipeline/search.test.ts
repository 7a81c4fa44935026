import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Fact } from '../contract/stream.ts'
import type { JsonObject } from '../kernel/json.ts'
import { codeToken, gramsOf, queryTokens, type Tokens, tokensOf } from './search.ts'

const tokens: Tokens = { blind: text => `~${text.length}`, isPersonal: path => path === 'customer.name' }
const fact = (body: JsonObject): Fact => ({
  ...{ type: 'order.placed', v: 1, seq: 1, occurredAt: 0, recordedAt: 0, knownAt: 0, actor: 'x', cause: null },
  body,
})

describe('search tokens', () => {
  test('Chinese is found by one and by two characters, other text by two', () => {
    assert.deepEqual(gramsOf('上海市'), ['上', '上海', '海', '海市', '市'])
    assert.deepEqual(gramsOf('Paris'), ['pa', 'ar', 'ri', 'is'])
    assert.deepEqual(gramsOf('A-1 x'), ['a1', '1x'])
    assert.deepEqual(gramsOf('ＡＢ'), ['ab'])
    assert.deepEqual(gramsOf('𠮷野'), ['𠮷', '𠮷野', '野'])
  })

  test('every part of two characters and more of a text is found in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat(), fc.nat(), (text, from, length) => {
        const chars = [...text]
        const part = chars.slice(from % (chars.length + 1)).slice(0, 2 + (length % 8))
        const all = new Set(gramsOf(text))
        // A single letter is no gram of its own, and joining may change how characters combine.
        if (part.join('').normalize('NFKC') !== part.map(c => c.normalize('NFKC')).join('')) return
        if (text.normalize('NFKC') !== chars.map(c => c.normalize('NFKC')).join('')) return
        for (const gram of gramsOf(part.join(''))) assert.ok(all.has(gram), `${gram} of ${part.join('')} in ${text}`)
      }),
    )
  })

  test('a long text gives a bounded number of grams', () => {
    assert.ok(gramsOf('上海'.repeat(10_000)).length < 10)
    const many = Array.from({ length: 2000 }, (_, i) => ({ sku: `SKU-${i}` }))
    assert.equal(tokensOf(fact({ lines: many }), tokens).length, 400)
  })

  test('a fact gives its codes whole, its texts in grams and its personal data blind', () => {
    const body = {
      ref: { orderNo: ' A-1 ', channel: 'shop' },
      shipTo: { city: '上海' },
      customer: { name: ' 王小明 ' },
      lines: [{ sku: 'Ab', name: 'tea', qty: 2 }],
      note: 'left alone',
    }
    assert.deepEqual(
      tokensOf(fact(body), tokens).toSorted(),
      ['=a-1', '=ab', 'ea', 'te', '~3', '上', '上海', '海'].toSorted(),
    )
  })

  test('what a person pastes asks for the tokens that a fact gave', () => {
    const [grams, code, blind] = queryTokens(' A-1 ', tokens)
    assert.deepEqual(code, [codeToken('a-1')])
    assert.deepEqual(grams, ['a1'])
    assert.deepEqual(blind, ['~3'])
  })

  test('a word of two characters and more asks for its pairs, which imply the characters', () => {
    assert.deepEqual(queryTokens('深圳市', tokens)[0], ['深圳', '圳市'])
    assert.deepEqual(queryTokens('深', tokens)[0], ['深'])
  })
})
