import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesText, errorText, licenceText } from './model.ts'

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
