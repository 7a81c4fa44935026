import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Presence } from './presence.ts'

test('people are here for two seconds after a command', () => {
  let now = 1000
  const people = new Presence(() => now)
  assert.equal(people.areHere, false)
  people.seen()
  assert.equal(people.areHere, true)
  now += 1999
  assert.equal(people.areHere, true)
  now += 1
  assert.equal(people.areHere, false)
})
