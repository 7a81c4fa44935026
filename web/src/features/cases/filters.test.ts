import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryOf, readFilters } from './filters.ts'

test('an address gives the filters that are well formed and no others', () => {
  const read = readFilters({ q: ' C-1 ', severity: 'P1,P9,P0', whose: 'mine', state: 'open', sort: 'money', other: 1 })
  assert.deepEqual(read, { q: 'C-1', severity: ['P0', 'P1'], whose: 'mine', sort: 'money' })
  assert.deepEqual(readFilters({ severity: 7, sort: 'urgency', state: 'over' }), { state: 'over' })
})

test('what is not said is: the active ones, the most urgent first', () => {
  assert.deepEqual(queryOf({}), { state: 'active', sort: 'urgency' })
  assert.deepEqual(queryOf({ whose: 'none', state: 'over' }), { state: 'over', sort: 'urgency', owner: ['none'] })
})

test('what other pages link with goes to the API as it came', () => {
  const read = readFilters({ openedFrom: '2026-11-01T00:00:00.000Z', status: 'open,working', state: 'all', odd: 'x' })
  assert.deepEqual(queryOf(read), {
    ...{ state: 'all', sort: 'urgency', openedFrom: '2026-11-01T00:00:00.000Z', status: 'open,working' },
  })
})
