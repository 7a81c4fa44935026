import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PracticeHost } from '../../src/app/practice/host.ts'
import { HOUR, isoOf } from '../../src/kernel/instant.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { event, type Of } from '../http/api.ts'
import { eventually } from '../support/process.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

/** The guided tour from the cockpit to a closed case; the test takes the place of the shop and of its customer. */

let host: PracticeHost | null = null
after(() => host?.close())
const console = await openConsole({
  practice: async (db, pipeline) => {
    host = await PracticeHost.open({
      ...{ db, wallClock: systemClock, seed: 7, settled: () => pipeline().drained(), restart: () => {} },
    })
    return { host, offer: null }
  },
})
const { api } = console

const shop = (await api.get<Of<'getPractice'>>('/v1/practice')).body.shop!
await api.post('/v1/practice/clock', { until: shop.opensAt })
const opened = Date.parse(shop.opensAt)
const of = (no: string, type: string, hours: number, data: object): object =>
  event(type, { ref: { orderNo: no }, ...data }, { time: isoOf(opened - hours * HOUR) })
const paid = (no: string, id: string, hours: number, amount: number, sequence: number): object =>
  of(no, 'payment.received', hours, {
    ref: { orderNo: no, paymentId: id },
    ...{ amount, currency: 'CNY', method: 'wallet', sequence },
  })

/** An order that was paid short two hours ago. */
const SHORT = 'SHORT-1'
await api.tell(
  of(SHORT, 'order.placed', 3, { currency: 'CNY', lines: [{ sku: 'A', name: 'Kettle', qty: 1, price: 12900 }] }),
  paid(SHORT, 'P-1', 2, 10000, 1),
)
const caseNow = async () => (await api.get<Of<'listCases'>>('/v1/cases?type=amount_mismatch')).body.items[0]
await eventually(async () => (await caseNow()) !== undefined, 'the case is there')

test('from the cockpit to a closed case, by keyboard, left and gone on with', async () => {
  const page = await console.open('/')
  await page.getByRole('button', { name: /^导览/ }).press('Enter')
  const tour = page.getByRole('complementary', { name: '导览' })
  await tour.getByRole('heading', { name: '先看全局' }).waitFor()
  await tour.getByRole('button', { name: '下一步' }).press('Enter')
  await tour.getByRole('heading', { name: '挑一张工单' }).waitFor()
  await tour.getByRole('button', { name: '下一步' }).press('Enter')
  await page.waitForURL(/\/cases\/c-/)
  await tour.getByRole('heading', { name: '为什么有这张工单' }).waitFor()
  await page.locator('.ev li').first().waitFor()
  await shoot(page, 'tour-evidence')
  // Left on the way, it waits in the strip, also after the page was loaded again.
  await tour.press('Escape')
  await tour.waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('button', { name: '继续导览 3/7' }).press('Enter')
  await tour.getByRole('button', { name: '下一步' }).press('Enter')
  await tour.getByRole('heading', { name: '认领并开始处理' }).waitFor()
  await page.keyboard.press('e')
  await page
    .locator('.case-h')
    .getByRole('button', { name: /^开始处理/ })
    .press('Enter')
  await tour.getByText('做到了').waitFor()
  await tour.getByRole('button', { name: '下一步' }).press('Enter')
  await tour.getByRole('button', { name: '快进到 60 倍' }).press('Enter')
  await eventually(
    async () => (await api.get<Of<'getPractice'>>('/v1/practice')).body.shop!.speed === 60,
    'time goes faster',
  )
  await api.tell(paid(SHORT, 'P-2', 0, 2900, 2))
  await tour.getByText('做到了').waitFor()
  await tour.getByRole('button', { name: '下一步' }).press('Enter')
  await tour.getByRole('heading', { name: '关闭，并写下原因' }).waitFor()
  await page.keyboard.press('Shift+R')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox').selectOption({ label: '客户' })
  await dialog.getByRole('textbox').fill('已补足')
  await dialog.locator('[type=submit]').press('Enter')
  await tour.getByText('做到了').waitFor()
  await tour.getByRole('button', { name: '下一步' }).press('Enter')
  await page.waitForURL(url => url.pathname === '/')
  await tour.getByRole('heading', { name: '看见效果' }).waitFor()
  await tour.getByRole('button', { name: '完成' }).press('Enter')
  await tour.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^导览：/ }).waitFor()
})

for (const look of LOOKS)
  test(`it can be read by everybody: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/', look)
    await page.getByRole('button', { name: look.language === 'en' ? /^Tour/ : /^导览/ }).click()
    await page.locator('.kpi').first().waitFor()
    await page.locator('.tour-ring').waitFor()
    await assertAccessible(page, 'the tour')
    await shoot(page, `tour-${look.language}-${look.theme}`)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `${wide} px too wide`)
  })
