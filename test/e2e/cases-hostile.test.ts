import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { HOUR, isoOf } from '../../src/kernel/instant.ts'
import { event } from '../http/api.ts'
import { assertAccessible, openConsole, shoot } from './console.ts'

const console = await openConsole()
const { api } = console

const NOW = Date.now()
const SCRIPT = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
const RTL = 'مرحبا بالعالم '.repeat(8).trim()
const LONG = '很长的名字'.repeat(40)
const at = (hours: number): object => ({ time: isoOf(NOW - hours * HOUR) })

/** Late for its hand-over, with everything in it that a source can think of. */
const hostile = (orderNo: string, price: number, qty: number, source: string): object[] => {
  const lines = Array.from({ length: qty }, (_, i) => ({
    ...{ sku: `${i % 2 ? RTL : SCRIPT}-${i}`.slice(0, 60), qty: 1, price, shipBy: isoOf(NOW - 16 * HOUR) },
  }))
  return [
    event(
      'order.placed',
      {
        ...{ ref: { orderNo }, currency: 'CNY', lines, customer: { name: LONG.slice(0, 60), tier: 'gold' } },
        shipTo: { region: SCRIPT.slice(0, 40), city: RTL.slice(0, 40), country: 'CN' },
        promise: { grain: 'instant', to: isoOf(NOW + 2 * HOUR), zone: 'Asia/Shanghai' },
      },
      { ...at(34), source },
    ),
    event(
      'payment.received',
      { ref: { orderNo }, amount: price * qty, currency: 'CNY', method: 'wallet' },
      { ...at(33), source },
    ),
    event('order.approved', { ref: { orderNo } }, { ...at(33), source }),
  ]
}
await api.tell(...hostile(`${SCRIPT.slice(0, 30)}`, 100_000_000_000, 1, '/channels/web'))
await api.tell(...hostile(`RTL ${RTL.slice(0, 40)}`, 0, 1, '/channels/web'))
await api.tell(...hostile('MANY', 12_345, 500, '/channels/web'))
const { body } = await api.get<{ items: { id: string; orderNo: string }[] }>('/v1/cases?state=active&limit=50')
const many = body.items.find(one => one.orderNo === 'MANY')!.id
for (let i = 0; i < 120; i++)
  await api.post(`/v1/cases/${many}/note`, { text: i === 119 ? SCRIPT : i === 118 ? LONG : `${RTL} ${i}` })

const rows = '[role=grid] .r'

/** Nothing ran, nothing sticks out of the window. */
async function assertCalm(page: Page): Promise<void> {
  assert.equal(await page.evaluate(() => 'hacked' in window), false)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.ok(wide <= 0, `${wide} px wider than the window`)
}

for (const width of [1440, 768]) {
  test(`script, right-to-left, 0 and 10^9, 500 lines and 120 notes at ${width} px`, async () => {
    const page = await console.open('/cases', { width })
    await page.locator(rows).nth(2).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Control+a')
    await page.getByRole('toolbar').waitFor()
    await shoot(page, `inbox-hostile-${width}`)
    await assertCalm(page)
    await page.keyboard.press('Escape')
    for (const { id } of body.items.slice(0, 3)) {
      await page.goto(`${console.url}/cases?open=${id}`)
      await page.getByRole('complementary', { name: '工单' }).getByRole('listitem').first().waitFor()
      await assertCalm(page)
      await page.goto(`${console.url}/cases/${id}`)
      await page.getByRole('region', { name: '证据' }).getByRole('listitem').first().waitFor()
      await page
        .getByRole('region', { name: '订单', exact: true })
        .getByText('CN')
        .or(page.getByText('订单号'))
        .first()
        .waitFor()
      await shoot(page, `case-hostile-${width}-${id === many ? 'many' : 'one'}`)
      await assertCalm(page)
    }
    await page.goto(`${console.url}/cases/${many}`)
    const timeline = page.getByRole('region', { name: '时间线' })
    await timeline.getByText(SCRIPT).waitFor()
    for (const least of [100, 120]) {
      await timeline.getByRole('button', { name: '更早' }).click()
      await page.waitForFunction(n => document.querySelectorAll('.tl li').length >= n, least)
    }
    await assertCalm(page)
    await assertAccessible(page, 'a case with 120 notes')
    await timeline.getByText('规则', { exact: true }).click()
    await page.waitForFunction(() => document.querySelectorAll('.tl li').length < 10)
  })
}

test('a view of a name that is long and hostile stays a name', async () => {
  const page = await console.open('/cases?severity=P1')
  await page.locator(rows).first().waitFor()
  await page.getByRole('button', { name: '保存为新视图' }).click()
  await page.getByLabel('名称').fill(SCRIPT.slice(0, 60))
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByRole('navigation', { name: '视图' }).getByText(SCRIPT.slice(0, 60)).waitFor()
  await assertCalm(page)
})

test('the four states of the inbox and of a case', async () => {
  console.expectFault(/status of 50[03]|status of 404/)
  const page = await console.open('/cases?q=nothing-of-this-kind')
  await page.getByText('没有符合的工单').waitFor()
  await page.getByRole('button', { name: '清除筛选' }).click()
  await page.locator(rows).first().waitFor()
  const broken = await console.open('/gallery')
  let fails = true
  let holds = true
  const held: (() => void)[] = []
  await broken.route(/\/v1\/cases/, async route => {
    if (fails) await route.fulfill({ status: 503, contentType: 'application/problem+json', body: PROBLEM })
    else await route.continue()
  })
  await broken.goto(`${console.url}/cases`)
  await broken.getByText('异常工单没有取到').waitFor()
  await assertAccessible(broken, 'an inbox that could not be loaded')
  fails = false
  await broken.getByRole('button', { name: '重试' }).click()
  await broken.locator(rows).first().waitFor()
  fails = true
  await broken.goto(`${console.url}/cases/${many}`)
  await broken.getByText('工单没有取到').first().waitFor()
  fails = false
  await broken.getByRole('button', { name: '重试' }).first().click()
  await broken.getByRole('heading', { level: 1 }).waitFor()
  await broken.route(/\/v1\/cases\/summary/, async route => {
    if (holds) await new Promise<void>(resolve => held.push(resolve))
    await route.continue()
  })
  await broken.goto(`${console.url}/cases`)
  await broken.getByRole('status', { name: '正在加载' }).waitFor()
  holds = false
  for (const go of held) go()
  await broken.locator(rows).first().waitFor()
  await page.goto(`${console.url}/cases/c-${'0'.repeat(26)}`)
  await page.getByText('没有找到工单').waitFor()
})

const PROBLEM = JSON.stringify({
  ...{ type: 'about:blank', title: 'Overloaded', status: 503, code: 'overloaded', detail: 'Later.', instance: 'x' },
})
