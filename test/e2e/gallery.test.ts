import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, LOOKS, type Look, openConsole, shoot } from './console.ts'

const console = await openConsole()

async function gallery(look?: Look): Promise<Page> {
  const page = await console.open('/dev/gallery', { height: 2300, ...look })
  await page.locator('.pane svg path').first().waitFor()
  await page.getByRole('grid').waitFor()
  // The chart is a part of its own.
  await page.getByRole('img', { name: /控制图|Control chart/ }).waitFor()
  return page
}

for (const look of LOOKS) {
  test(`every part of the kit is accessible: ${look.language} ${look.theme}`, async () => {
    const page = await gallery(look)
    await shoot(page, `gallery-${look.language}-${look.theme}`)
    await assertAccessible(page, 'the gallery')
  })
}

test('a list of 100,000 rows holds a few in the page, and is moved through and selected from by keys', async () => {
  const page = await gallery({ height: 900 })
  const grid = page.getByRole('grid')
  assert.equal(await grid.getAttribute('aria-rowcount'), '100001')
  assert.ok((await page.getByRole('row').count()) < 60)
  for (const key of ['j', 'j', 'j', 'x', 'Shift+J', 'Shift+J']) await page.keyboard.press(key)
  await page.getByText('已选 3 单').waitFor()
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await page.locator('.bulk').getByText('r3').waitFor()
  const active = await grid.getAttribute('aria-activedescendant')
  assert.match(active ?? '', /-r3$/)
  await page.keyboard.press('Escape')
  assert.equal(await page.locator('.bulk').count(), 0)
  await grid.focus()
  await page.keyboard.press('End')
  await page.getByText('出库超时 99999').waitFor()
})

test('columns are made wider by hand and stay so', async () => {
  const page = await gallery({ height: 900 })
  const head = page.getByRole('columnheader', { name: '异常与证据' })
  const before = (await head.boundingBox())?.width ?? 0
  await head.getByRole('button').focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.reload()
  await page.getByRole('grid').waitFor()
  assert.equal(Math.round((await head.boundingBox())?.width ?? 0), Math.round(before - 32))
})

test('what was done is told, and Z takes it back', async () => {
  const page = await gallery({ height: 900 })
  await page.getByRole('button', { name: '认领' }).last().click()
  await page.getByText('已认领 3 单').waitFor()
  await page.keyboard.press('z')
  await page.getByText('已认领 3 单').waitFor({ state: 'detached' })
})

test('script in a text is a text', async () => {
  const page = await gallery({ height: 900 })
  await page.getByText('<script>alert(1)</script>').first().waitFor()
})
