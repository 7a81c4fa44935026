import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../kernel/instant.ts'
import { Beats } from './beats.ts'
import type { Incoming } from './ingress.ts'

const event = (type: string): Incoming => ({
  ...{ id: type, source: '/x', feed: 'shop', type, v: 1, occurredAt: 0, keys: [], creates: false, body: {} },
})
const typesOf = (rows: readonly { readonly body: unknown }[]) =>
  rows.map(row => (row.body as { types: string[] }).types)

test('a beat counts as told only once it was committed', () => {
  const beats = new Beats()
  const first = beats.of([event('a')], 0, () => '1')
  assert.deepEqual(typesOf(first.rows), [['a']])
  // It was rolled back: the next try says it again, and what came meanwhile.
  const second = beats.of([event('b')], 1, () => '2')
  assert.deepEqual(typesOf(second.rows), [['a', 'b']])
  second.committed()
  assert.deepEqual(beats.of([event('c')], 2, () => '3').rows, [])
  assert.deepEqual(typesOf(beats.of([event('d')], MINUTE + 1, () => '4').rows), [['c', 'd']])
})
