import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROBLEM_CODES } from '../../../../src/contract/events/problem.ts'
import { en } from './en.ts'
import { bytesText, errorText, flawsOf, licenceText, saysMore } from './model.ts'
import { zhCN } from './zh-CN.ts'

test('bytes as people read them', () => {
  const shown = [0, 999, 1000, 15_360, 412_000_000, 9_800_000_000].map(bytesText)
  assert.deepEqual(shown, ['0 B', '999 B', '1.0 kB', '15.4 kB', '412 MB', '9.8 GB'])
})

test('licences are counted, the most first', () => {
  const packages = ['MIT', 'ISC', 'MIT', 'Apache-2.0', 'ISC', 'MIT'].map(licence => ({ licence }))
  assert.equal(licenceText(packages), 'MIT 3, ISC 2, Apache-2.0 1')
})

test('an error is said in the words that were kept, whatever they are', () => {
  assert.equal(errorText({ message: 'it threw' }), 'it threw')
  assert.equal(
    errorText({ problems: [{ pointer: '/data/freight', message: 'at least 0' }] }),
    '/data/freight at least 0',
  )
  assert.deepEqual([errorText({}), errorText({ problems: [null] })], ['', ''])
})

test('what the door found is kept as flaws, a few of them, whatever their shape', () => {
  const flaw = { pointer: '/data/freight', code: 'out_of_range', message: 'at least 0' }
  assert.deepEqual(flawsOf({ problems: [flaw] }), [flaw])
  assert.deepEqual(flawsOf({ problems: [null, 7] }), Array(2).fill({ pointer: '', code: '', message: '' }))
  assert.equal(flawsOf({ problems: Array(20).fill(flaw) }).length, 3)
  assert.deepEqual(flawsOf({ message: 'it threw' }), [])
})

test('a bound is worth reading beside the word for its code, a plain code is not', () => {
  const flaw = { pointer: '/data/freight', code: 'out_of_range', message: 'at most 1000000000000' }
  assert.equal(saysMore(flaw), true)
  assert.equal(saysMore({ ...flaw, message: '' }), false)
  assert.equal(saysMore({ ...flaw, code: 'missing', message: 'give this field' }), false)
})

test('every code of the door has words in both languages', () => {
  for (const texts of [zhCN, en])
    assert.deepEqual(
      PROBLEM_CODES.filter(code => !Object.hasOwn(texts, `reason.${code}`)),
      [],
    )
})
