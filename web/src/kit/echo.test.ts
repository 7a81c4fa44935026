import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Echo } from './echo.ts'

test('what comes back late is no news, whatever was sent since', () => {
  const echo = new Echo('')
  echo.send('a')
  echo.send('ab')
  assert.equal(echo.take('a'), false)
  assert.equal(echo.last, 'ab')
  assert.equal(echo.take('ab'), false)
  assert.equal(echo.last, 'ab')
})

test('a step that was left out does not come any more', () => {
  const echo = new Echo('')
  echo.send('a')
  echo.send('ab')
  assert.equal(echo.take('ab'), false)
  assert.equal(echo.take('a'), true)
})

test('what comes from outside counts, and what was on its way does not', () => {
  const echo = new Echo('a')
  echo.send('ab')
  assert.equal(echo.take(''), true)
  assert.equal(echo.last, '')
  assert.equal(echo.take(''), false)
})
