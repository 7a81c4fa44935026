import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placed } from '../http/api.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

const console = await openConsole()
await console.api.tell(placed('SO-1', { lines: [] }), placed('SO-2'))

test('the console is served with its styles and texts, in the language of the browser', async () => {
  const page = await console.open('/')
  await page.getByRole('heading', { name: '最急' }).waitFor()
  await page.getByText('SO-1').first().waitFor()
  await page.waitForFunction(() => document.title === '驾驶舱 · Andon')
  const loaded = await page.evaluate(async () => {
    await document.fonts.ready
    return [...document.fonts].filter(font => font.status === 'loaded').map(font => font.family.replaceAll('"', ''))
  })
  assert.deepEqual(new Set(loaded), new Set(['Inter Variable', 'Noto Sans SC Variable']), 'the machine has no fonts')
})

test('the language changes without a reload', async () => {
  const page = await console.open('/')
  await page.getByText('SO-1').first().waitFor()
  await page.evaluate(() => document.body.setAttribute('data-kept', 'yes'))
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('English')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Cockpit' }).waitFor()
  assert.equal(await page.getAttribute('body', 'data-kept'), 'yes')
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
})

test('the command menu finds an order by its number and opens it', async () => {
  const page = await console.open('/')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('SO-2')
  await page.getByRole('option', { name: /SO-2/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/orders\/o-/)
})

test('theme and density are kept, and are on the page before it is drawn', async () => {
  const page = await console.open('/', { theme: 'light' })
  await page.getByRole('button', { name: '显示设置' }).click()
  await page.getByRole('radio', { name: '深色' }).check()
  await page.getByRole('radio', { name: '宽松' }).check()
  const look = (): Promise<unknown> => page.evaluate(() => ({ ...document.documentElement.dataset }))
  assert.deepEqual(await look(), { theme: 'dark', density: 'comfortable' })
  // Without the console's own script only what runs before the first paint can have set it.
  await page.route(/assets\/index-.*\.js$/, route => route.fulfill({ contentType: 'text/javascript', body: '' }))
  await page.reload()
  assert.deepEqual(await look(), { theme: 'dark', density: 'comfortable' })
})

test('a piece of the frame whose file does not come is left out, and the rest is there', async () => {
  console.expectFault(/ERR_FAILED|dynamically imported/)
  const page = await console.open('/orders')
  await page.route(/assets\/(strip|alarm)-[^/]*\.js$/, route => route.abort())
  const failed = ['strip', 'alarm'].map(file =>
    page.waitForEvent('console', message => message.text().includes(`module: ${console.url}/assets/${file}-`)),
  )
  await page.goto(console.url)
  await Promise.all(failed)
  await page.getByText('SO-1').first().waitFor()
  await page.getByRole('navigation').getByRole('link', { name: '订单' }).click()
  await page.getByRole('heading', { level: 1, name: '订单' }).waitFor()
})

test('an address that leads nowhere says so and leads back', async () => {
  const page = await console.open('/nowhere')
  await page.getByRole('link', { name: '去驾驶舱' }).click()
  await page.getByText('SO-1').first().waitFor()
})

test('keys lead from page to page, and do nothing while one types', async () => {
  const page = await console.open('/orders')
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.getByText('SO-1').first().waitFor()
  assert.equal(new URL(page.url()).pathname, '/')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').pressSequentially('go')
  assert.equal(new URL(page.url()).pathname, '/')
})

test('long work is seen in one place', async () => {
  const page = await console.open('/')
  await page.getByText('SO-1').first().waitFor()
  const started = await console.api.post('/v1/jobs/verify', {})
  assert.equal(started.status, 202)
  await page.keyboard.press('g')
  await page.keyboard.press('j')
  await page.getByRole('dialog').getByText('流水账校验').waitFor()
  await page.getByRole('dialog').getByText('已完成').waitFor()
})

for (const look of LOOKS) {
  test(`no violation of accessibility: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/', look)
    await page.getByText('SO-1').first().waitFor()
    await assertAccessible(page, '/')
    await shoot(page, `shell-${look.language}-${look.theme}`)
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page, 'the list of keys')
    await shoot(page, `keys-${look.language}-${look.theme}`)
  })
}
