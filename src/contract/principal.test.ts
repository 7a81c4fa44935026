import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountableOf, actorFor, NOBODY, type Principal, permits, type Scope, systemPrincipal } from './principal.ts'
import { RIGHT_IDS } from './rights.ts'

const withScopes = (...scopes: readonly Scope[]): Principal => ({ ...NOBODY, rights: { 'case.read': scopes } })

test('nobody has a right, the system has all', () => {
  for (const right of RIGHT_IDS) {
    assert.equal(permits(NOBODY, right), false)
    assert.equal(permits(systemPrincipal('cli'), right, { shop: 'web' }), true)
  }
})

test('every field of a scope narrows, several scopes add up, and what is not known is not covered', () => {
  const anna = withScopes({ shops: ['web'], owners: ['user:anna'] }, { shops: ['store'], warehouses: ['w1'] })
  assert.equal(permits(anna, 'case.read'), true)
  assert.equal(permits(anna, 'case.work'), false)
  assert.equal(permits(anna, 'case.read', { shop: 'web', owner: 'user:anna' }), true)
  assert.equal(permits(anna, 'case.read', { shop: 'web', owner: 'user:ben' }), false)
  assert.equal(permits(anna, 'case.read', { shop: 'web', owner: null }), false)
  assert.equal(permits(anna, 'case.read', { shop: 'store', warehouses: ['w2', 'w1'] }), true)
  assert.equal(permits(anna, 'case.read', { shop: 'store', warehouses: ['w2'] }), false)
  assert.equal(permits(anna, 'case.read', { shop: 'store' }), false)
  assert.equal(permits(anna, 'case.read', { shop: null, warehouses: ['w1'] }), false)
  assert.equal(permits(withScopes(), 'case.read'), false, 'no scope at all is no right')
})

test('a deed on behalf names both, and the one it was done for answers for it', () => {
  assert.equal(actorFor('key:crm', 'user:anna'), 'key:crm for user:anna')
  assert.equal(accountableOf('key:crm for user:anna'), 'user:anna')
  assert.equal(accountableOf(actorFor('user:ben', null)), 'user:ben')
})
