import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceOf } from './device.ts'

const OVER_APPLE = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const KNOWN = [
  ['Chrome', 'Windows', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${OVER_APPLE} Chrome/130.0.0.0 Safari/537.36`],
  [
    ...['Microsoft Edge', 'Windows'],
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${OVER_APPLE} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`,
  ],
  ['Safari', 'macOS', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/17.4 Safari/605.1.15'],
  ['Firefox', 'Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'],
  ['WeChat', 'iOS', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.49'],
] as const

test('a browser and its system have the names that people know', () => {
  for (const [browser, system, agent] of KNOWN) assert.deepEqual(deviceOf(agent), { browser, system }, agent)
})

test('what is no browser, or says nothing, is not guessed', () => {
  for (const agent of [null, '', 'curl/8.5.0', '<script>alert(1)</script>', 'x'.repeat(300), '((((((('])
    assert.deepEqual(deviceOf(agent), { browser: null, system: null }, String(agent))
})
