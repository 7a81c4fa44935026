import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskedBody } from './mask.ts'

const PATHS = ['customer.name', 'customer.phone', 'note', 'lines[].giftNote', 'tags[]']

test('what the paths name is masked, in objects and in lists; the rest and the original stay', () => {
  const body = {
    customer: { name: '李小芳', phone: '13812345678', tier: 'gold' },
    note: '请放门口',
    lines: [{ sku: 'TEA-01', giftNote: '生日快乐' }, 'odd'],
    total: 9800,
  }
  const before = structuredClone(body)
  assert.deepEqual(maskedBody(body, PATHS), {
    customer: { name: '李*芳', phone: '138****5678', tier: 'gold' },
    note: '***',
    lines: [{ sku: 'TEA-01', giftNote: '***' }, 'odd'],
    total: 9800,
  })
  assert.deepEqual(body, before)
})

test('a body of another shape than the paths expect stays as it is', () => {
  assert.deepEqual(maskedBody({ customer: 'somebody', lines: 'none', note: { text: 'x' } }, PATHS), {
    ...{ customer: 'somebody', lines: 'none', note: '***' },
  })
  assert.deepEqual(maskedBody({ customer: null, lines: [] }, PATHS), { customer: null, lines: [] })
  assert.deepEqual(maskedBody({}, []), {})
})
