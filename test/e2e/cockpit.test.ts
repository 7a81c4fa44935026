import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Route } from 'playwright-core'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'
import { tellWorld } from './world.ts'

const console = await openConsole()

test('without anything to show the cockpit says why', async () => {
  const page = await console.open('/')
  await page.getByText('没有未关闭的异常工单').first().waitFor()
  await page.getByText('这段时间没有异常').waitFor()
  await assertAccessible(page, 'the empty cockpit')
  await shoot(page, 'cockpit-empty')
  await tellWorld(console.api)
})

for (const look of LOOKS) {
  test(`the cockpit shows how it goes: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/', look)
    await page.getByRole('img', { name: /控制图|Control chart/ }).waitFor()
    await page.getByRole('table', { name: /环节热力图|Stage heat map/ }).waitFor()
    await page.locator('.risk li').first().waitFor()
    await assertAccessible(page, 'the cockpit')
    await shoot(page, `cockpit-${look.language}-${look.theme}`)
  })
}

test('every number leads to its rows', async () => {
  const page = await console.open('/')
  const touchless = page.locator('.kpi', { hasText: '自动通过率' })
  await touchless.waitFor()
  const links = await page.locator('.kpi').evaluateAll(all => all.map(one => one.getAttribute('href') ?? ''))
  assert.equal(links.length, 6)
  assert.ok(
    links.every(href => /^\/(cases|orders)\?/.test(href)),
    links.join(' '),
  )
  await touchless.click()
  await page.waitForURL(/\/orders\?.*touched=true/)
  await page.getByText('经人手').waitFor()
})

test('range and measure are in the address, by hand and by key', async () => {
  const page = await console.open('/')
  await page.getByRole('radio', { name: '7 天' }).check()
  await page.waitForURL(/range=7d/)
  await page.getByText('与前 7 天相比').waitFor()
  await page.getByRole('radio', { name: '未关闭' }).check()
  await page.waitForURL(/by=open/)
  await page.locator('.opentypes li').first().waitFor()
  await page.keyboard.press('t')
  await page.waitForURL(/wall=true/)
  await page.getByRole('navigation').waitFor({ state: 'hidden' })
  await shoot(page, 'cockpit-wall')
  await page.keyboard.press('Escape')
  await page.getByRole('navigation').waitFor()
})

test('the chart can be read as a table', async () => {
  const page = await console.open('/')
  await page.getByRole('button', { name: '看表格' }).click()
  const rows = await page.getByRole('region', { name: '新开与关闭' }).getByRole('row').count()
  assert.ok(rows >= 2, `${rows} rows`)
  await assertAccessible(page, 'the chart as a table')
})

test('figures from before the last change are asked for again, though nothing tells of that change any more', async () => {
  const page = await console.open('/orders')
  // As a server answers that made its figures a second ago, when the stages had nothing yet.
  const early = async (route: Route): Promise<void> => {
    const body = await (await route.fetch()).json()
    await route.fulfill({ json: { ...body, stages: { ...body.stages, stages: [] }, settled: false } })
  }
  await page.route('**/v1/cockpit*', early, { times: 1 })
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.getByText('还没有订单走过这些环节').waitFor()
  await page.getByRole('table', { name: '环节热力图' }).waitFor()
})

test('a region that cannot be had says so, and comes back when tried again', async () => {
  console.expectFault(/500 \(/)
  const page = await console.open('/orders')
  const problem = { type: 'x', title: 'x', status: 500, code: 'internal', detail: '日志里有原因。', instance: 'urn:x' }
  await page.route('**/v1/cockpit*', route =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.getByRole('alert').getByText('日志里有原因。（internal）').waitFor()
  await assertAccessible(page, 'a region that failed')
  await page.unroute('**/v1/cockpit*')
  await page.getByRole('button', { name: '重试' }).click()
  await page.locator('.kpi').first().waitFor()
})
