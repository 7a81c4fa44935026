import assert from 'node:assert/strict'
import { test } from 'node:test'
import { worthOf } from './worth.ts'

const of = (minor: number, currency: string) => ({ amount: { minor, currency } })

test('cases are worth one sum for each currency, also when the worth of the first is not known', () => {
  assert.deepEqual(worthOf([{ amount: null }, of(100, 'CNY'), of(7, 'JPY'), of(50, 'CNY')]), [
    { minor: 150, currency: 'CNY' },
    { minor: 7, currency: 'JPY' },
  ])
  assert.deepEqual(worthOf([{ amount: null }, of(0, 'CNY')]), [])
})
