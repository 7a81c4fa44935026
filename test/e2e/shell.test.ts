import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placed } from '../http/api.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

const console = await openConsole()
await console.api.tell(placed('SO-1', { lines: [] }), placed('SO-2'))

test('the console is served with its styles and texts, in the language of the browser', async () => {
  const page = await console.open('/')
  await page.getByRole('heading', { name: '未关闭的异常工单' }).waitFor()
  await page.getByText('SO-1').waitFor()
  await page.waitForFunction(() => document.title === '驾驶舱 · Andon')
  const loaded = await page.evaluate(async () => {
    await document.fonts.ready
    return [...document.fonts].filter(font => font.status === 'loaded').map(font => font.family.replaceAll('"', ''))
  })
  assert.deepEqual(new Set(loaded), new Set(['Inter Variable', 'Noto Sans SC Variable']), 'the machine has no fonts')
})

test('the language changes without a reload', async () => {
  const page = await console.open('/')
  await page.getByText('SO-1').waitFor()
  await page.evaluate(() => document.body.setAttribute('data-kept', 'yes'))
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('English')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Open cases' }).waitFor()
  assert.equal(await page.getAttribute('body', 'data-kept'), 'yes')
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
})

for (const look of LOOKS) {
  test(`no violation of accessibility: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/', look)
    await page.getByText('SO-1').waitFor()
    await assertAccessible(page, '/')
    await shoot(page, `shell-${look.language}-${look.theme}`)
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page, 'the list of keys')
    await shoot(page, `keys-${look.language}-${look.theme}`)
  })
}
