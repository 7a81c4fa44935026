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
const stuck = (orderNo: string): object[] => [
  of(orderNo, 'order.placed', 34, { currency: 'CNY', lines }),
  of(orderNo, 'payment.received', 33, { amount: 129900, currency: 'CNY', method: 'wallet' }),
  of(orderNo, 'order.approved', 33),
]
for (const orderNo of ['SO-1', 'SO-2', 'SO-3', 'SO-4', 'SO-5', 'SO-6']) await api.tell(...stuck(orderNo))

const rows = '[role=grid] .r'

test('a case is found, claimed, read and closed by keyboard alone', async () => {
  const page = await console.open('/cases')
  await page.locator(rows).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('e')
  await page.getByText(/已认领 1 单/).waitFor()
  // Beside the list first: it follows the row, and gives the keys back.
  await page.keyboard.press('Space')
  const drawer = page.getByRole('complementary', { name: '工单' })
  await drawer.getByRole('region', { name: '证据' }).getByRole('listitem').first().waitFor()
  await shoot(page, 'inbox-drawer')
  assert.match(page.url(), /open=c-/)
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('region', { name: '证据' }).getByRole('listitem').first().waitFor()
  await page.keyboard.press('c')
  await page.keyboard.type('已联系仓库')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('region', { name: '时间线' }).getByText('已联系仓库').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+R')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('原因').selectOption('warehouse')
  await dialog.getByLabel('做了什么，结果如何').fill('仓库已补发')
  await dialog.locator('[type=submit]').click()
  // It still holds: the domain asks why, and the dialog shows what it says.
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel(/仍要关闭/).fill('客户已同意等')
  await dialog.locator('[type=submit]').click()
  await page.getByText('异常仍在，仍要关闭：客户已同意等').waitFor()
  await page.getByRole('button', { name: '重新打开…' }).waitFor()
  await page.getByRole('region', { name: '时间线' }).getByText('仓库已补发').waitFor()
})

test('several are claimed at once and given back', async () => {
  const page = await console.open('/cases?owner=none')
  await page.locator(rows).nth(1).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Control+a')
  await page.getByRole('toolbar').getByRole('button', { name: '认领' }).click()
  // It stays while the pointer rests on it, however long the list takes.
  await page.locator('.toast', { hasText: /已认领/ }).hover()
  await page.getByText('没有符合的工单').waitFor()
  await page.keyboard.press('z')
  await page.locator(rows).nth(1).waitFor()
})

test('nobody gets a case by accident: who hands it over has to choose', async () => {
  const page = await console.open('/cases')
  await page.locator(rows).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio').first().waitFor()
  assert.equal(await dialog.getByRole('radio', { checked: true }).count(), 0)
  await dialog.getByRole('textbox').last().fill('请处理')
  await dialog.getByRole('button', { name: /转交/ }).click({ force: true })
  assert.equal(await dialog.getByRole('radio', { checked: true }).count(), 0)
  await dialog.getByRole('radio').first().check()
  await dialog.getByRole('button', { name: /转交/ }).click()
  await page.locator('.toast').waitFor()
  await dialog.waitFor({ state: 'detached' })
})

test('a case is escalated by key: the next severity, somebody else, and why', async () => {
  const page = await console.open('/cases?severity=P1')
  await page.locator(rows).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const steps = page.getByRole('region', { name: '下一步' })
  await steps.locator('[aria-current=step]').waitFor()
  await page.keyboard.press('Shift+E')
  const dialog = page.getByRole('dialog')
  const severity = dialog.getByLabel('改为')
  assert.equal(await severity.evaluate(field => field === document.activeElement), true)
  assert.equal(await severity.inputValue(), 'P0')
  await dialog.getByRole('radio').first().check()
  await dialog.getByLabel('为什么升级').fill('客户周五要用')
  await shoot(page, 'case-escalate')
  await assertAccessible(page, 'the dialog that escalates')
  await dialog.locator('[type=submit]').click()
  await dialog.waitFor({ state: 'detached' })
  await page.locator('.case-h').getByText('P0').waitFor()
  await page.getByRole('region', { name: '时间线' }).getByText('客户周五要用').first().waitFor()
})

test('some are selected as a range and wait for the carrier; what was refused says why and is tried again', async () => {
  const page = await console.open('/cases')
  await page.locator(rows).nth(2).waitFor()
  const before = await page.locator(rows).count()
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+j')
  await page.keyboard.press('Shift+j')
  await page.getByRole('toolbar').getByText('已选 3 单').waitFor()
  await page.keyboard.press('w')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('等谁').selectOption('party:carrier')
  await dialog.getByLabel('直到').last().fill('2020-01-01T09:00')
  await dialog.locator('[type=submit]').click()
  await dialog.getByText('被拒绝 3').waitFor()
  await shoot(page, 'inbox-refused')
  await assertAccessible(page, 'what was refused')
  await dialog.getByRole('button', { name: '4 小时后' }).click()
  await dialog.locator('[type=submit]').click()
  await page.getByText('3 单等待中').waitFor()
  assert.equal(await page.locator(rows).count(), before)
  await page
    .getByText(/等 承运商/)
    .first()
    .waitFor()
})

test('a filter is kept as a view, found again as a tab, and removed', async () => {
  const page = await console.open('/cases')
  await page.locator(rows).first().waitFor()
  await page.keyboard.press('f')
  const popup = page.getByRole('dialog', { name: '筛选' })
  await popup.getByRole('group', { name: '级别' }).getByRole('checkbox').first().check()
  await page.waitForURL(/severity=/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '保存为新视图' }).click()
  await page.getByLabel('名称').fill('我最急的')
  await page.getByLabel(/先看它/).check()
  await page.getByRole('button', { name: '保存', exact: true }).click()
  const tab = page.getByRole('navigation', { name: '视图' }).getByRole('link', { name: /我最急的/ })
  await tab.waitFor()
  await page.goto(`${console.url}/cases`)
  await page.waitForURL(/severity=/)
  assert.equal(await tab.getAttribute('aria-current'), 'page')
  await page.getByRole('button', { name: '编辑视图' }).click()
  await page.getByRole('button', { name: '删除' }).click()
  await tab.waitFor({ state: 'detached' })
})

test('a new case waits behind a line until the list is read again', async () => {
  const page = await console.open('/cases?q=&state=active')
  await page.locator(rows).first().waitFor()
  const first = await page.locator(rows).first().innerText()
  await api.tell(...stuck('SO-NEW'))
  await page.getByText(/条新工单/).waitFor()
  assert.equal(await page.locator(rows).first().innerText(), first)
  const before = await page.locator(rows).count()
  await page.getByRole('button', { name: '更新列表' }).click()
  await page.getByText(/条新工单/).waitFor({ state: 'detached' })
  assert.ok((await page.locator(rows).count()) > before)
})

test('the list is grouped by type and by owner, and from a case one goes on to the next', async () => {
  const page = await console.open('/cases')
  await page.locator(rows).first().waitFor()
  await page.locator('[role=grid] .g').first().waitFor()
  for (const by of ['类型', '负责人']) {
    await page.getByRole('button', { name: /分组/ }).click()
    await page.getByRole('radio', { name: new RegExp(by) }).check()
    await page.waitForURL(/sort=(type|owner)/)
    await page.keyboard.press('Escape')
    await page.locator('[role=grid] .g').first().waitFor()
  }
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByText(/^1 \/ \d+/).waitFor()
  const first = page.url()
  await page.keyboard.press('j')
  await page.getByText(/^2 \/ \d+/).waitFor()
  assert.notEqual(page.url(), first)
  await page.keyboard.press('k')
  await page.getByText(/^1 \/ \d+/).waitFor()
  await page.keyboard.press('Escape')
  await page.waitForURL(/sort=owner/)
})

for (const look of LOOKS) {
  test(`inbox and case: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/cases?state=active', look)
    await page.locator(rows).first().waitFor()
    await assertAccessible(page, 'the inbox')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('Space')
    await page.getByRole('complementary').getByRole('listitem').first().waitFor()
    await shoot(page, `inbox-${look.language}-${look.theme}`)
    await assertAccessible(page, 'the inbox with a drawer and a selection')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1 }).waitFor()
    const evidence = page.getByRole('region', { name: look.language === 'en' ? 'Evidence' : '证据' })
    await evidence.getByRole('listitem').first().waitFor()
    await shoot(page, `case-${look.language}-${look.theme}`)
    await assertAccessible(page, 'a case')
  })
}
