import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { event, type Of, placed } from '../http/api.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

const console = await openConsole()
const { api } = console

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
const HOSTILE = `<script>alert(1)</script> ${'x'.repeat(120)}`

await api.tell(
  placed('SO-1', {}, { source: '/channels/plaza', time: ago(3) }),
  placed('SO-2', {}, { source: `/channels/${'long-name-'.repeat(6)}`, time: ago(900) }),
  event('parcel.in_transit', { ref: { trackingNo: 'YX20261199' } }, { source: '/carriers/yunlu', time: ago(1) }),
)
for (const type of ['order.plced', `مرحبا ${HOSTILE}`.slice(0, 90)]) {
  const refused = await api.post('/v1/events', placed('SO-3', { note: HOSTILE }, { type }))
  assert.equal(refused.status, 422)
}

const PAGES = {
  feeds: { zh: '数据源', en: 'Feeds' },
  waiting: { zh: '隔离与等待', en: 'Quarantine and waiting' },
  jobs: { zh: '后台任务', en: 'Long jobs' },
  figures: { zh: '运行指标', en: 'Figures' },
  about: { zh: '关于', en: 'About' },
}

for (const look of LOOKS)
  for (const [name, words] of Object.entries(PAGES))
    test(`${name}: ${look.language} ${look.theme}`, async () => {
      const page = await console.open(`/system/${name}`, look)
      await page.getByRole('heading', { level: 1, name: look.language === 'en' ? words.en : words.zh }).waitFor()
      await settled(page)
      await assertAccessible(page, `/system/${name}`)
      await shoot(page, `system-${name}-${look.language}-${look.theme}`)
    })

/** Until no region is loading. */
const settled = async (page: Page): Promise<void> => {
  await page.locator('section.pane').first().waitFor()
  await page.locator('.bars').first().waitFor({ state: 'detached' })
}

test('feeds: how long their messages take, and what waits leads to its list', async () => {
  const page = await console.open('/system', { width: 1180, height: 800 })
  await page.waitForURL('**/system/feeds')
  const row = page.getByRole('row').filter({ hasText: 'plaza' })
  await row.getByText('3 m').first().waitFor()
  await page.getByRole('row').filter({ hasText: 'yunlu' }).getByRole('link', { name: '1' }).click()
  await page.waitForURL('**/system/waiting')
  await page.getByText('运单号 YX20261199').waitFor()
})

test('feeds: their rhythm, when they count as silent, and what a silence keeps back', async () => {
  const page = await console.open('/system', { language: 'en' })
  const [base] = (await api.get<Of<'listFeeds'>>('/v1/feeds')).body.items
  const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
  const known = { heardAt: at(-1), beats: 900, usual: 60_000, slow: 300_000, learned: true, keptBack: 0, types: [] }
  const told = { silentSince: null, silentAt: at(1), keepsUntil: at(13), ...known }
  const feeds = [
    { ...base, name: 'awake', rhythm: told },
    { ...base, name: 'young', rhythm: { ...told, learned: false, beats: 12, silentAt: null, keepsUntil: null } },
    { ...base, name: 'dead', rhythm: { ...told, silentSince: at(-1), keepsUntil: at(11), keptBack: 2104 } },
    { ...base, name: 'gone', rhythm: { ...told, silentSince: at(-90), keepsUntil: at(-18), keptBack: 3 } },
  ]
  await page.route('**/v1/feeds', route => route.fulfill({ json: { items: feeds } }))
  await page.goto(`${console.url}/system/feeds`)
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await row('awake').getByText('as usual').waitFor()
  await row('awake').getByText('1 m / 5 m').waitFor()
  await row('young').getByText('learning, 12 beats').waitFor()
  await row('dead').getByText('silent', { exact: true }).waitFor()
  await row('dead').getByText('2,104 orders, at most until').waitFor()
  await row('gone').getByText('no longer').waitFor()
  await shoot(page, 'system-feeds-silent')
  await assertAccessible(page, 'feeds that are silent')
})

test('quarantine: what was refused, why, and another try whose refusal stands in the row', async () => {
  console.expectFault(/status of 409/)
  const page = await console.open('/system/waiting')
  const row = page.getByRole('row').filter({ hasText: 'order.plced' })
  await row.locator('summary').getByText('/type：没有这种事件类型').waitFor()
  await row.locator('summary').click()
  await row.locator('pre').getByText('"problems"').waitFor()
  await row.getByRole('button', { name: '重放' }).press('Enter')
  await row.getByText('仍被拒绝：/type：没有这种事件类型').waitFor()
  // As after an upgrade that knows the type.
  await api.db.query(`update quarantine set status = 'replayed' where type = 'order.plced'`)
  await page.getByRole('radio', { name: '已重放' }).press('Space')
  await page.waitForURL('**status=replayed')
  await page.getByRole('row').filter({ hasText: 'order.plced' }).getByText('已重放').waitFor()
})

test('all that is shown is replayed one by one, with a result for each', async () => {
  const page = await console.open('/system/waiting', { language: 'en' })
  await page.getByRole('button', { name: 'Replay all that is shown' }).click()
  await page.getByText('0 replayed, 1 still refused').waitFor()
})

test('jobs: a check of the ledger is begun, told, and filtered', async () => {
  const page = await console.open('/system/jobs')
  await page.getByText('还没有后台任务').waitFor()
  await page.getByRole('button', { name: '校验流水账' }).click()
  const row = page.getByRole('row').filter({ hasText: '流水账校验' })
  await row.getByText('完成').waitFor()
  await page.getByRole('radio', { name: '失败' }).press('Space')
  await page.getByText('还没有后台任务').waitFor()
  await page.goBack()
})

test('about: packages are found by name and licence', async () => {
  const page = await console.open('/system/about', { language: 'en' })
  await page.getByRole('searchbox').fill('fastify')
  await page.getByRole('cell', { name: 'fastify', exact: true }).waitFor()
  await page.getByRole('searchbox').fill('no such thing')
  await page.getByText('No such package').waitFor()
})

test('a page that cannot be had says so and is tried again; nothing at all is said in an empty world', async () => {
  console.expectFault(/status of 503|status of 500/)
  const page = await console.open('/orders')
  await page.route('**/v1/system', route => route.fulfill({ status: 503, contentType: 'text/plain', body: 'away' }))
  await page.goto(`${console.url}/system/figures`)
  await page.getByRole('alert').getByText('运行指标').waitFor()
  await assertAccessible(page, 'a page that cannot be had')
  await page.unroute('**/v1/system')
  await page.getByRole('button', { name: '重试' }).click()
  await page.getByRole('heading', { name: '此刻在等待' }).waitFor()
  await page.route('**/v1/feeds', route => route.fulfill({ json: { items: [] } }))
  await page.goto(`${console.url}/system/feeds`)
  await page.getByText('还没有收到任何消息').waitFor()
  await shoot(page, 'system-feeds-empty')
})

test('narrow, nothing is cut off that cannot be reached', async () => {
  const page = await console.open('/system/waiting', { width: 720, height: 900 })
  await settled(page)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
  assert.equal(wide, false, 'only regions scroll sideways, not the page')
  await shoot(page, 'system-waiting-narrow')
})

test('quarantine: what is refused while somebody looks at it comes by itself', async () => {
  const page = await console.open('/system/waiting')
  await settled(page)
  await api.post('/v1/events', event('order.arived', { ref: { orderNo: 'LATER' } }))
  await page
    .getByRole('cell', { name: /order\.arived/ })
    .first()
    .waitFor()
})
