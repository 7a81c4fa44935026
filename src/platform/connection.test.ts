import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionsOf, urlOf } from './connection.ts'

const base = { user: 'u', database: 'db', tls: false } as const

test('one host', () => {
  assert.deepEqual(connectionsOf('postgres://u:p%40ss@h:5433/db'), [
    { ...base, host: 'h', port: 5433, password: 'p@ss' },
  ])
})

test('several hosts share user, password and database', () => {
  assert.deepEqual(connectionsOf('postgresql://u:p@h1:5432,h2,[::1]:6000/db?sslmode=verify-full'), [
    { ...base, host: 'h1', port: 5432, password: 'p', tls: 'verify' },
    { ...base, host: 'h2', port: 5432, password: 'p', tls: 'verify' },
    { ...base, host: '::1', port: 6000, password: 'p', tls: 'verify' },
  ])
})

test('a socket directory', () => {
  assert.deepEqual(connectionsOf('postgres://u@localhost/db?host=/var/my%20run&port=6000'), [
    { ...base, host: '/var/my run', port: 6000 },
  ])
})

test('the database defaults to the user', () => {
  assert.equal(connectionsOf('postgres://u@h')[0]?.database, 'u')
})

test('a url made from a connection is read back as the same', () => {
  for (const connection of [
    { ...base, host: 'h', port: 5432 },
    { ...base, host: '::1', port: 1, password: 'a:b@c/d', tls: 'require' as const },
    { ...base, host: '/a b/c', port: 5432, password: '' },
  ]) {
    assert.deepEqual(connectionsOf(urlOf(connection)), [connection])
  }
})

for (const url of [
  '',
  'mysql://u@h/db',
  'postgres://h/db',
  'postgres://u@/db',
  'postgres://u:p@h:99999/db',
  'postgres://u:%zz@h/db',
  'postgres://u:pst@h/db?sslmode=maybe',
]) {
  test(`refuses ${JSON.stringify(url)} without repeating it`, () => {
    assert.throws(
      () => connectionsOf(url),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'DATABASE_URL_INVALID')
        assert.doesNotMatch(error.message, /pst/)
        return true
      },
    )
  })
}
