import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from './clock.ts'
import { PlatformError } from './error.ts'
import { isRetryable, retrying } from './retry.ts'

const withCode = (code: string, extra: object = {}) => Object.assign(new Error('x'), { code, ...extra })

for (const code of [
  '40001',
  '40P01',
  '08006',
  '57P01',
  '57P02',
  '57P03',
  '25006',
  '25P03',
  '53100',
  '53200',
  '57014',
  '58030',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
]) {
  test(`${code} may be tried again`, () => assert.ok(isRetryable(withCode(code))))
}
for (const code of ['23505', '42601', '22P02', 'ENOENT', 'EACCES', '']) {
  test(`${code || 'no code'} may not`, () => assert.equal(isRetryable(withCode(code)), false))
}

test('a socket that is not there yet may be tried again, a missing file may not', () => {
  assert.ok(isRetryable(withCode('ENOENT', { syscall: 'connect' })))
  assert.equal(isRetryable(withCode('ENOENT', { syscall: 'open' })), false)
})

test('what pg throws without a code, and our own, are known', () => {
  assert.ok(isRetryable(new Error('Connection terminated unexpectedly')))
  assert.ok(isRetryable(new Error('Query read timeout')))
  assert.ok(isRetryable(new Error('Cannot use a pool after calling end on the pool')))
  assert.ok(isRetryable(new PlatformError('NO_WRITABLE_HOST', 'x')))
  assert.equal(isRetryable(new PlatformError('DATABASE_REFUSED', 'x')), false)
})

const policy = { clock: { ...systemClock, sleepUntil: async () => {} }, random: () => 0.5 }

test('retrying goes on until it works', async () => {
  const seen: number[] = []
  const work = async (attempt: number) => {
    seen.push(attempt)
    if (attempt < 3) throw withCode('40001')
    return 'done'
  }
  assert.equal(await retrying(work, policy), 'done')
  assert.deepEqual(seen, [1, 2, 3])
})

test('retrying gives up on what will not change, and after its attempts', async () => {
  let count = 0
  const failing = (code: string) => async () => {
    count++
    throw withCode(code)
  }
  await assert.rejects(retrying(failing('23505'), policy), { code: '23505' })
  assert.equal(count, 1)
  await assert.rejects(retrying(failing('40P01'), { ...policy, attempts: 4 }), { code: '40P01' })
  assert.equal(count, 5)
})
