import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { event, placed } from '../http/api.ts'
import { until } from '../pipeline/world.ts'
import { followed } from '../support/followed.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

/** What is kept of people, as whoever answers for it sees it: shown in plain, taken out, erased, backed up, and for how long. */
const console = await openConsole()
const { api } = console

const HER = { id: 'C-17', name: '李小芳', phone: '13812345678', email: 'li.fang@example.com' }
const HOSTILE = '<img src=x onerror=alert(1)> =1+1'
const order = (orderNo: string): object => placed(orderNo, { customer: HER, note: '请放门口' })
const cancelled = (orderNo: string): object => event('order.cancelled', { ref: { orderNo }, reason: 'customer' })
await api.tell(order('P-1'), cancelled('P-1'), order('P-2'), cancelled('P-2'), order('P-3'))
api.pipeline.projector.poke()
await followed(api.db)
const { body: found } = await api.get<{ items: { id: string }[] }>('/v1/orders?q=P-1')
const id = found.items[0]?.id ?? ''

test('an order shows its customer masked; in plain for a reason, which the trail keeps', async () => {
  const page = await console.open(`/orders/${id}`)
  const pane = page.getByRole('region', { name: '客户' })
  await pane.getByText('李*芳').waitFor()
  assert.equal(await page.getByText(HER.phone).count(), 0)
  await pane.getByRole('button', { name: '查看明文' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('姓名').check()
  const reveal = dialog.getByRole('button', { name: '查看明文' })
  assert.equal(await reveal.getAttribute('aria-disabled'), 'true', 'not without a reason')
  await dialog.getByLabel(/原因/).fill('承运商询问')
  await assertAccessible(page, 'the question why')
  await page.keyboard.press('Enter')
  await dialog.getByText(HER.phone).waitFor()
  await dialog.getByText(HER.name).waitFor()
  assert.equal(await dialog.getByText(HER.email).count(), 0, 'nobody asked for it')
  await shoot(page, 'order-revealed-zh-CN-light')
  await page.keyboard.press('Escape')
  assert.equal(await page.getByText(HER.phone).count(), 0, 'it goes with the dialog')
  const { body } = await api.get<{ items: { after: { reason: string } }[] }>('/v1/audit?source=trail&verb=order.reveal')
  assert.equal(body.items[0]?.after.reason, '承运商询问')
})

test('a person is found, taken out in plain, and erased when their orders are counted back', async () => {
  const page = await console.open('/personal-data')
  await page.getByText('还没有删除过').waitFor()
  await page.getByLabel('手机号').fill('138 1234 5678')
  await page.keyboard.press('Enter')
  await page.getByText('3 个订单含有这些信息，其中 1 个尚未结束').waitFor()
  assert.doesNotMatch(page.url(), /138/, 'the number does not stay in the address')
  await page.getByLabel('原因').fill(HOSTILE)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '导出全部信息' }).click(),
  ])
  const document = JSON.parse(readFileSync(await download.path(), 'utf8'))
  assert.equal(document.orders.length, 3)
  assert.match(JSON.stringify(document), /李小芳/)
  await page.getByRole('region', { name: '导出记录' }).getByText(HOSTILE).waitFor()
  await page.getByRole('button', { name: /^删除个人信息/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/输入订单数/).fill('2')
  await page.keyboard.press('Enter')
  assert.equal(await dialog.getByRole('button', { name: '永久删除' }).getAttribute('aria-disabled'), 'true')
  await shoot(page, 'erase-zh-CN-light')
  await assertAccessible(page, 'the question before an erasure')
  await dialog.getByLabel(/输入订单数/).fill('3')
  await page.keyboard.press('Enter')
  await dialog.getByText('已删除 2 项，1 个订单等待结束').waitFor()
  await dialog.getByRole('button', { name: '返回' }).click()
  const register = page.getByRole('region', { name: '删除登记' })
  await register.getByText('等待订单结束').waitFor()
  await page.getByText('1 个订单含有这些信息，其中 1 个尚未结束').waitFor()
  await page.goto(`${console.url}/orders/${id}`)
  await page.getByRole('region', { name: '客户' }).getByText('个人信息已删除').waitFor()
})

test('a backup that failed is told on every page, with its reason', async () => {
  // Its data directory is not there.
  const page = await console.open('/backups')
  await page.getByText('文件夹里还没有备份').waitFor()
  await page.getByRole('button', { name: '立即备份' }).click()
  await page.getByText('已开始').waitFor()
  await until(async () => {
    const { body } = await api.get<{ lastFailure: object | null }>('/v1/backups')
    return body.lastFailure !== null
  })
  await page.goto(`${console.url}/orders`)
  await page.getByRole('navigation').getByText('备份有问题').click()
  await page.getByText(/上次备份失败：.*There is no Andon/).waitFor()
})

test('how long a kind of data is kept is changed within its bounds', async () => {
  const page = await console.open('/backups')
  await page.getByRole('button', { name: '隔离区' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('天数').fill('3')
  await dialog.getByText('7 至 400 天').waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByLabel('天数').fill('60')
  await dialog.getByRole('button', { name: '修改' }).click()
  await page.getByRole('cell', { name: '60', exact: true }).waitFor()
})

for (const look of LOOKS) {
  test(`personal data and backups: ${look.language} ${look.theme}`, async () => {
    for (const path of ['/personal-data', '/backups']) {
      const page = await console.open(path, look)
      await page.getByRole('main').waitFor()
      await page.locator('.bars').first().waitFor({ state: 'detached' })
      if (path === '/personal-data') {
        await page.getByLabel(/^(手机号|Phone)$/).fill('13812345678')
        await page.keyboard.press('Enter')
        await page.getByLabel(/^(原因|Reason)$/).waitFor()
      }
      await shoot(page, `access${path.replaceAll('/', '-')}-${look.language}-${look.theme}`)
      await assertAccessible(page, path)
      await page.context().close()
    }
  })
}
