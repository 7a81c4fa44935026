import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsOfCode } from './facts.ts'

const field = { values: { lost: { zh: '丢失', en: 'lost' }, held: { zh: '滞留', en: 'held' } } }

test('a code has its words, several have all of theirs', () => {
  assert.deepEqual(wordsOfCode(field, 'lost'), { zh: '丢失', en: 'lost' })
  assert.deepEqual(wordsOfCode(field, 'lost,held'), { zh: '丢失、滞留', en: 'lost, held' })
})

test('what has no words is nothing that one could say', () => {
  for (const code of ['', 'gone', 'lost,gone', 'constructor', '__proto__', 7, null, undefined])
    assert.equal(wordsOfCode(field, code), null, String(code))
  assert.equal(wordsOfCode({}, 'lost'), null)
  assert.equal(wordsOfCode(null, 'lost'), null)
})
