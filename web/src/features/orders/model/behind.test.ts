import assert from 'node:assert/strict'
import { test } from 'node:test'
import { behindQuery, groupsIn, readBehind, without } from './behind.ts'
import { queryOf, readFilters } from './filters.ts'

test('the filters behind a number are read from its address and asked for as they are', () => {
  const search = { placedFrom: '2026-11-22T00:00:00.000Z', placedTo: '2026-11-22T03:00:00.000Z', touched: false }
  const filters = readFilters(search)
  assert.deepEqual(filters, search)
  assert.deepEqual(queryOf(filters), search)
  assert.deepEqual(groupsIn(filters), ['placed', 'touched'])
  const left = { leftStage: 'picking', leftFrom: '2026-11-22T00:00:00Z', stayOver: 3600000 }
  assert.deepEqual(queryOf(readFilters({ ...left, stayOver: '3600000' })), left)
})

test('what is not as it should be counts as not given', () => {
  const odd = { placedFrom: 'soon', touched: 'maybe', stage: 'nowhere', stayOver: -1, kept: '' }
  assert.deepEqual(readFilters(odd), {})
  assert.deepEqual(behindQuery(readBehind(odd)), {})
})

test('a chip takes off all that it stands for', () => {
  assert.deepEqual(without('left'), {
    leftStage: undefined,
    leftFrom: undefined,
    leftTo: undefined,
    stayOver: undefined,
  })
})
