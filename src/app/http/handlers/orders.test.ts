import assert from 'node:assert/strict'
import { test } from 'node:test'
import { totalFrom } from './orders.ts'

test('a total is never less than what the first page shows', async () => {
  const lookedEnough = async () => ({ count: 0, exact: false })
  assert.deepEqual(await totalFrom({ shown: 50, whole: false }, lookedEnough), { count: 51, exact: false })
  assert.deepEqual(await totalFrom({ shown: 3, whole: true }, lookedEnough), { count: 3, exact: true })
  const many = async () => ({ count: 10_001, exact: false })
  assert.deepEqual(await totalFrom({ shown: 50, whole: false }, many), { count: 10_001, exact: false })
})
