import { test } from 'node:test'
import { HOUR, isoOf } from '../../src/kernel/instant.ts'
import { event } from '../http/api.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

const console = await openConsole({
  names: {
    channel: { web: { zh: '官网商城', en: 'Web shop' }, odd: { zh: '<b>怪</b>名', en: '<b>odd</b> name' } },
    warehouse: { w1: { zh: '嘉兴一号仓', en: 'Jiaxing one' } },
    carrier: { yl: { zh: '云鹿快运', en: 'Yunlu Express' } },
  },
})
const { api } = console

const AT = { source: '/channels/web', time: isoOf(Date.now() - 2 * HOUR) }
const of = (orderNo: string, type: string, data: object = {}, at: object = AT): object =>
  event(type, { ref: { orderNo }, ...data }, at)
const parcel = { ref: { orderNo: 'N-1', trackingNo: 'YL-77', carrier: 'yl' } }
const lines = [{ sku: 'AF-50', qty: 1, price: 9900 }]
const ODD = { ...AT, source: '/channels/odd' }
await api.tell(
  of('N-1', 'order.placed', { currency: 'CNY', lines }),
  of('N-1', 'order.allocated', { warehouse: 'w1' }),
  event('parcel.handed_over', parcel, AT),
  // Without items there is a case.
  of('N-2', 'order.placed', { currency: 'CNY', lines: [] }),
  of('N-3', 'order.placed', { currency: 'CNY', lines }, ODD),
  of('N-4', 'order.placed', { currency: 'CNY', lines }, { ...AT, source: '/channels/kiosk' }),
)
const { body: found } = await api.get<{ items: { id: string }[] }>('/v1/orders?q=N-1')
const id = found.items[0]!.id

for (const look of LOOKS) {
  const word = (zh: string, en: string): string => (look.language === 'en' ? en : zh)
  test(`channels, carriers and warehouses by their names: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/orders', look)
    const named = page.getByTitle(`${word('官网商城', 'Web shop')} · web`)
    await named.first().waitFor()
    await page.getByText('kiosk').waitFor()
    await page.getByText(word('<b>怪</b>名', '<b>odd</b> name')).waitFor()
    await shoot(page, `names-orders-${look.language}-${look.theme}`)
    await page.goto(`${console.url}/orders/${id}`)
    await named.waitFor()
    await page.getByText(word('仓库 嘉兴一号仓', 'Warehouse Jiaxing one')).waitFor()
    await page.getByTitle(`${word('云鹿快运', 'Yunlu Express')} · yl`).waitFor()
    await shoot(page, `names-order-${look.language}-${look.theme}`)
    await assertAccessible(page, 'an order of named places')
    await page.goto(`${console.url}/cases?channel=web`)
    await page
      .locator('.chip')
      .filter({ hasText: word('官网商城', 'Web shop') })
      .waitFor()
    // Not the name alone: since when it waits.
    await page
      .locator('.what')
      .filter({ hasText: word('已等', 'waits for') })
      .waitFor()
    await shoot(page, `names-cases-${look.language}-${look.theme}`)
  })
}

test('orders are found by the name of a channel, as by its code', async () => {
  const page = await console.open('/orders')
  for (const typed of ['官网商城', 'web shop', 'web']) {
    await page.getByText('N-3').waitFor()
    await page.keyboard.press('f')
    await page.getByRole('dialog').getByLabel('渠道').fill(typed)
    await page.getByRole('button', { name: '应用' }).click()
    await page.locator('.chip').filter({ hasText: '官网商城' }).waitFor()
    await page.getByText('N-3').waitFor({ state: 'detached' })
    await page.getByText('N-1').waitFor()
    await page.getByRole('button', { name: '清除' }).click()
  }
})
