import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOn } from './trail.ts'

const trail = {
  rows: [4, 5, 900, 901].map(place => ({ id: `c-${place}`, place })),
  ...{ total: 1000, search: {} },
}

test('a case stands where it stands in the whole list, and nobody steps over what was not read', () => {
  assert.deepEqual(placeOn(trail, 'c-5'), { place: 6, total: 1000, before: 'c-4', after: null })
  assert.deepEqual(placeOn(trail, 'c-900'), { place: 901, total: 1000, before: null, after: 'c-901' })
  assert.equal(placeOn(trail, 'c-6'), null)
})
