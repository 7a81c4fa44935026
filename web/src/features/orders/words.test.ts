import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as words from '../../../../src/contract/fact-words.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const PAGES = [
  ['status', words.ORDER_STATUS_WORDS],
  ['method', words.PAYMENT_METHOD_WORDS],
  ['parcel', words.PARCEL_STATUS_WORDS],
] as const

test('the pages of orders and what is told elsewhere call statuses and payments the same', () => {
  const texts: readonly (readonly [zh: { readonly [key: string]: string }, en: { readonly [key: string]: string }])[] =
    [[zhCN, en]]
  for (const [zh, english] of texts)
    for (const [kind, known] of PAGES)
      for (const [code, label] of Object.entries(known))
        assert.deepEqual({ zh: zh[`${kind}.${code}`], en: english[`${kind}.${code}`] }, label, `${kind}.${code}`)
})
