import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hear, type Stroke, shownKeys, strokeOf } from './keys.ts'

const press = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

test('a press is written the same on every keyboard', () => {
  assert.equal(strokeOf(press('j'), false), 'j')
  assert.equal(strokeOf(press('J', { shiftKey: true }), false), 'shift+j')
  assert.equal(strokeOf(press('?', { shiftKey: true }), false), '?')
  assert.equal(strokeOf(press('k', { metaKey: true }), true), 'mod+k')
  assert.equal(strokeOf(press('k', { ctrlKey: true }), false), 'mod+k')
  assert.equal(strokeOf(press('k', { ctrlKey: true }), true), null, 'Ctrl is not ours on a Mac')
  assert.equal(strokeOf(press('Enter', { ctrlKey: true }), false), 'mod+Enter')
  assert.equal(strokeOf(press(' ', {}), false), 'Space')
  assert.equal(strokeOf(press('Shift', { shiftKey: true }), false), null)
})

test('keys are shown as people know them', () => {
  assert.equal(shownKeys('mod+k', true), '⌘K')
  assert.equal(shownKeys('mod+k', false), 'Ctrl K')
  assert.equal(shownKeys('shift+e', false), '⇧E')
  assert.equal(shownKeys('g c', false), 'G C')
  assert.equal(shownKeys('mod+Enter', true), '⌘↵')
  assert.equal(shownKeys('?', true), '?')
})

test('a sequence waits for its second stroke and starts over when it is another', () => {
  const known = new Set(['g c', 'g i', 'j', 'c'])
  assert.deepEqual(hear(null, 'g', known), { is: 'wait' })
  assert.deepEqual(hear('g', 'c', known), { is: 'match', keys: 'g c' })
  assert.deepEqual(hear('g', 'j', known), { is: 'match', keys: 'j' })
  assert.deepEqual(hear('g', 'g', known), { is: 'wait' })
  assert.deepEqual(hear(null, 'x', known), { is: 'none' })
})
