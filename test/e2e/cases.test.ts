import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, isoOf } from '../../src/kernel/instant.ts'
import { event } from '../http/api.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

const console = await openConsole()
const { api } = console

const NOW = Date.now()
const of = (orderNo: string, type: string, hours: number, data: object = {}): object =>
  event(type, { ref: { orderNo }, ...data }, { time: isoOf(NOW - hours * HOUR) })
const lines = [{ sku: 'AF-50-WH', qty: 1, price: 129900, shipBy: isoOf(NOW - 16 * HOUR) }]
for (const orderNo of ['SO-1', 'SO-2', 'SO-3'])
  await api.tell(
    of(orderNo, 'order.placed', 34, { currency: 'CNY', lines }),
    of(orderNo, 'payment.received', 33, { amount: 129900, currency: 'CNY', method: 'wallet' }),
    of(orderNo, 'order.approved', 33),
  )

test('a case is found, claimed, read and closed by keyboard alone', async () => {
  const page = await console.open('/cases')
  const grid = page.getByRole('grid')
  await grid.getByText('SO-1').waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('e')
  await page.getByText(/已认领 1 单/).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('region', { name: '证据' }).getByRole('listitem').first().waitFor()
  await shoot(page, 'case-zh-CN-light')
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('原因').selectOption('warehouse')
  await dialog.getByLabel('做了什么，结果如何').fill('仓库已补发')
  await dialog.getByRole('button', { name: '关闭工单' }).click()
  // It still holds: the domain asks why, and the dialog shows what it says.
  console.expectFault(/status of 409/)
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel(/仍要关闭/).fill('客户已同意等')
  await dialog.getByRole('button', { name: '关闭工单' }).click()
  await page.getByRole('button', { name: '重新打开…' }).waitFor()
  await page.getByRole('region', { name: '时间线' }).getByText('仓库已补发').waitFor()
})

test('several are claimed at once and given back', async () => {
  const page = await console.open('/cases?whose=none')
  const grid = page.getByRole('grid')
  await grid.getByText('SO-3').or(grid.getByText('SO-2')).first().waitFor()
  const before = await grid.getByRole('row').count()
  assert.ok(before >= 3, 'a head and two rows')
  await page.keyboard.press('j')
  await page.keyboard.press('Control+a')
  await page.getByRole('toolbar').getByRole('button', { name: '认领' }).click()
  await page
    .getByText(/已认领/)
    .first()
    .waitFor()
  await page.getByText('没有符合的工单').waitFor()
  await page.keyboard.press('z')
  await grid.getByRole('row').nth(1).waitFor()
})

for (const look of LOOKS) {
  test(`inbox and case: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/cases?state=active', look)
    await page.getByRole('grid').getByText('SO-2').waitFor()
    await shoot(page, `inbox-${look.language}-${look.theme}`)
    await assertAccessible(page, 'the inbox')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await shoot(page, `case-${look.language}-${look.theme}`)
    await assertAccessible(page, 'a case')
  })
}
