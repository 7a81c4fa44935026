import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Search } from './filters.ts'
import { BUILT_IN, isBare, SEARCH_OF, type Tab, tabOf } from './views.ts'

const tabs: Tab[] = [
  ...BUILT_IN.map(id => ({ id, search: SEARCH_OF[id] })),
  { id: 'v-1', search: { state: 'active', channel: ['web'], sort: 'money' } },
]
const at = (search: Search): string | null => {
  const found = tabOf(tabs, search)
  return found === null ? null : `${found.tab.id}${found.changed ? ' changed' : ''}`
}

test('one is in the view that shows just this, or that one came from', () => {
  assert.equal(at({}), 'all')
  assert.equal(at({ snoozed: 'hide', state: 'active', owner: ['me'] }), 'mine')
  assert.equal(at({ state: 'active', sort: 'money', channel: ['web'] }), 'v-1')
  assert.equal(at({ state: 'active', channel: ['app'], sort: 'money', view: 'v-1' }), 'v-1 changed')
  assert.equal(at({ state: 'active', channel: ['web'], view: 'v-1' }), 'v-1 changed')
  assert.equal(at({ severity: ['P0'] }), null)
  assert.equal(at({ severity: ['P0'], view: 'gone' }), null)
})

test('an address is bare when it says nothing but which case is open', () => {
  assert.equal(isBare({ open: `c-${'a'.repeat(26)}` }), true)
  assert.equal(isBare({ sort: 'due' }), false)
  assert.equal(isBare({ view: 'all' }), false)
})
