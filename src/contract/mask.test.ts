import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskField, maskMail, maskName, maskPhone, maskText } from './mask.ts'

const NAMES: [name: string, masked: string][] = [
  ['李芳', '李*'],
  ['李小芳', '李*芳'],
  ['欧阳小芳', '欧**芳'],
  ['芳', '*'],
  ['Ana Silva', 'A*** S***'],
  ['  Ana  ', 'A***'],
  ['A', 'A***'],
  ['Ana Maria da Silva Souza', 'A*** M*** d*** S***'],
  ['𠮷野家', '𠮷*家'],
  ['李 Bruce', '李*** B***'],
  ['', ''],
]

test('names are masked as people expect', () => {
  for (const [name, masked] of NAMES) assert.equal(maskName(name), masked, name)
})

test('a mask is well-formed, short, and never the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), name => {
      const masked = maskName(name)
      assert.ok(masked.isWellFormed())
      assert.ok(masked.length <= 40)
      if (name.trim() !== '') assert.match(masked, /\*/)
    }),
  )
})

test('phones and mails keep what one recognises them by', () => {
  assert.equal(maskPhone('13812345678'), '138****5678')
  assert.equal(maskPhone('+86 138-1234-5678'), '+86****5678')
  assert.equal(maskPhone('7654321'), '****4321')
  assert.equal(maskPhone('12345'), '***')
  assert.equal(maskMail(' li.fang@example.com '), 'l***@example.com')
  assert.equal(maskMail('nothing'), '***')
})

test('the name of a field says how its value is masked; an unknown one is not shown', () => {
  assert.equal(maskField('name', '李小芳'), '李*芳')
  assert.equal(maskField('phone', '13812345678'), '138****5678')
  assert.equal(maskField('email', 'a@b.cn'), 'a***@b.cn')
  assert.equal(maskField('line1', '解放路 12 号'), '***')
  assert.equal(maskField('name', { first: 'Ana' }), '***')
})

test('mails and phones inside of free text are masked, other numbers and ids stay', () => {
  assert.equal(
    maskText('call 138 1234 5678 or mail li.fang@example.com about W-20260001, 98.00 CNY'),
    'call 138****5678 or mail l***@example.com about W-20260001, 98.00 CNY',
  )
  assert.equal(maskText('of 2026-11-21 13812345678, 2026-11-22'), 'of 2026-11-21 138****5678, 2026-11-22')
})
