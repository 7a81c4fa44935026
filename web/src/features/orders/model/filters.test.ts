import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFiltered, queryOf, readFilters } from './filters.ts'

test('an address gives the filters that are well formed and no others', () => {
  const read = readFilters({
    ...{ q: ' 084213 ', status: 'placed,unknown,delivered', channel: ['web', ''], pay: 'card', cases: 'true' },
    ...{ from: '2026-11-01', to: 'yesterday', region: 7, other: 'x' },
  })
  assert.deepEqual(read, {
    ...{
      q: '084213',
      status: ['placed', 'delivered'],
      channel: ['web'],
      pay: ['card'],
      cases: true,
      from: '2026-11-01',
    },
  })
  assert.deepEqual(readFilters({ q: 4213, status: 'nothing', cases: 'perhaps' }), { q: '4213' })
  assert.equal(isFiltered(readFilters({})), false)
})

test('days are those of the reader, both of them part of the range', () => {
  const query = queryOf({ from: '2026-11-01', to: '2026-11-01' })
  assert.equal(Date.parse(query.placedTo!) - Date.parse(query.placedFrom!), 86_400_000)
  assert.equal(new Date(query.placedFrom!).getHours(), 0)
})
