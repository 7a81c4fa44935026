import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CURRENCIES, minorDigits } from './currency.ts'

test('codes are three capitals, and nothing else is a currency', () => {
  for (const code of CURRENCIES) assert.match(code, /^[A-Z]{3}$/)
  for (const code of ['CNY', 'BRL', 'JPY', 'HRK', 'XCG']) assert.ok(CURRENCIES.has(code), code)
  for (const code of ['', 'cny', 'RMB', 'BTC', 'XXX']) assert.ok(!CURRENCIES.has(code), code)
})

test('decimal places of the minor unit', () => {
  const spoken = { BRL: 2, CNY: 2, JPY: 0, KRW: 0, KWD: 3, TND: 3, ISK: 0 }
  for (const [code, digits] of Object.entries(spoken)) assert.equal(minorDigits(code), digits, code)
})
