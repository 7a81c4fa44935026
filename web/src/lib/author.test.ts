import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorOf, signInOf } from './author.ts'

test('the kind of an author and the name without it', () => {
  assert.deepEqual(authorOf('user:anna'), { kind: 'person', actor: 'user:anna', name: 'anna', by: null })
  assert.deepEqual(authorOf('rule:R-1@2'), { kind: 'rule', actor: 'rule:R-1@2', name: 'R-1@2', by: null })
  assert.deepEqual(authorOf('sweep'), { kind: 'system', actor: 'sweep', name: 'sweep', by: null })
})

test('a deed on behalf of somebody is theirs, and says through what it came', () => {
  const told = { kind: 'person', actor: 'user:anna', name: 'anna', by: 'crm' }
  assert.deepEqual(authorOf('key:crm for user:anna'), told)
})

test('only who signs in is a person, not a key that is called like one', () => {
  assert.equal(signInOf('user:chen.an'), 'chen.an')
  for (const actor of ['key:chen.an', 'feed:chen.an', 'chen.an', 'system']) assert.equal(signInOf(actor), null, actor)
})
