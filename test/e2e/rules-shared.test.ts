import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { AS, type Of, person } from '../http/api.ts'
import { assertAccessible, openConsole, shoot } from './console.ts'
import { tellWorld } from './world.ts'

const console = await openConsole()
const { api } = console
await tellWorld(api)
const anna = api.as(person('anna'))
const rita = person('rita', { 'rule.read': 'all', 'order.read': 'all', 'case.read': 'all' })
api.as(rita)

const SCRIPT = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
const RTL = 'مرحبا بالعالم '.repeat(8).trim()
const LONG = '很长的名字'.repeat(60)

const TEXT = {
  ...{ name: { zh: '城市', en: 'Cities' }, reason: { zh: '看看', en: 'Look' }, type: 'cities', severity: 'P2' },
  ...{ when: "has(order.city) && order.city in ['a']", clears: 'auto', constants: [], examples: [] },
}

type Saved = Of<'saveRuleDraft'>

async function save(rule: string, text: object, seen: string | null): Promise<Saved> {
  const { status, body } = await anna.post<Saved>(`/v1/rules/${rule}/draft`, { text, reason: `${SCRIPT} ${RTL}`, seen })
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

const nameBox = (page: Page) => page.getByRole('textbox', { name: '名称（中文）' })

test('what is written survives the save of a colleague, is refused by the lock, and is not lost without asking', async () => {
  console.expectFault(/409/)
  const first = await save('two_write', TEXT, null)
  const page = await console.open('/rules/two_write?version=1')
  await nameBox(page).fill('我写的')
  await save('two_write', { ...TEXT, name: { zh: '她写的', en: 'Hers' } }, first.hash)
  await page.getByRole('button', { name: /^保存草稿/ }).click()
  const dialog = page.getByRole('dialog', { name: '保存草稿' })
  await dialog.getByRole('textbox', { name: '改了什么，为什么' }).fill('试试')
  await dialog.getByRole('button', { name: '保存草稿' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByRole('button', { name: '取消' }).click()
  await page.getByText(/anna 刚才保存了 v1/).waitFor()
  assert.equal(await nameBox(page).inputValue(), '我写的')
  await page.getByRole('link', { name: /个版本$/ }).click()
  const ask = page.getByRole('dialog', { name: '有未保存的改动' })
  await shoot(page, 'rule-unsaved')
  await ask.getByRole('button', { name: '继续编辑' }).click()
  assert.equal(await nameBox(page).inputValue(), '我写的')
  await page.getByRole('button', { name: '放弃改动' }).click()
  await ask.getByRole('button', { name: '放弃改动' }).click()
  await page.getByRole('heading', { level: 1, name: '她写的' }).waitFor()
  assert.equal(await nameBox(page).inputValue(), '她写的')
  await page.getByRole('link', { name: /个版本$/ }).click()
  await page.getByRole('heading', { name: '版本', exact: true }).first().waitFor()
})

test('after a conflict mine is kept on top: saved as the newest draft, and theirs stays in the versions', async () => {
  console.expectFault(/409/)
  const first = await save('on_top', TEXT, null)
  const page = await console.open('/rules/on_top', { language: 'en' })
  const box = page.getByRole('textbox', { name: 'Name (Chinese)' })
  await box.fill('我写的')
  await save('on_top', { ...TEXT, name: { zh: '她写的', en: 'Hers' } }, first.hash)
  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('mine')
  await dialog.locator('[type=submit]').click()
  await dialog.getByRole('alert').waitFor()
  await shoot(page, 'rule-conflict')
  await dialog.getByRole('button', { name: 'Keep mine on top' }).click()
  await dialog.locator('[type=submit]').click()
  await dialog.waitFor({ state: 'detached' })
  const { versions } = (await anna.get<Of<'getRule'>>('/v1/rules/on_top')).body
  assert.equal(versions[0]?.text.name.zh, '我写的')
  assert.equal(await box.inputValue(), '我写的')
})

test('several values are typed with the commas of either language, without a jump of the caret', async () => {
  await save('typed_list', TEXT, null)
  const page = await console.open('/rules/typed_list')
  const box = page.getByRole('textbox', { name: '几个值' })
  await box.fill('')
  await box.pressSequentially('a，b，c')
  assert.equal(await box.inputValue(), 'a，b，c')
  await box.press('Home')
  await box.pressSequentially('x，')
  assert.equal(await box.inputValue(), 'x，a，b，c')
  await nameBox(page).focus()
  assert.equal(await box.inputValue(), 'x, a, b, c')
})

test('a rule with script, right-to-left and long names stays calm', async () => {
  const name = { zh: `${SCRIPT}${LONG}`, en: `${RTL}${SCRIPT}` }
  await save('hostile', { ...TEXT, name, reason: { zh: RTL, en: SCRIPT } }, null)
  for (const path of ['/rules', '/rules/hostile', '/rules/hostile/versions']) {
    const page = await console.open(path)
    await page
      .getByText(path === '/rules' ? LONG.slice(0, 20) : RTL.slice(0, 20))
      .first()
      .waitFor()
    assert.equal(await page.evaluate(() => 'hacked' in window), false)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(wide <= 0, `${path}: ${wide} px wider than the window`)
    await shoot(page, `rule-hostile-${path.split('/').length}`)
  }
})

test('who may only read sees a rule and a table, and every verb says why it is off', async () => {
  await save('only_read', { ...TEXT, examples: [{ holds: true, now: 0, facts: {} }] }, null)
  const page = await console.open('/rules')
  await page.context().setExtraHTTPHeaders({ [AS]: rita.id })
  await page.goto(`${console.url}/rules/only_read`)
  await nameBox(page).waitFor()
  assert.ok(await nameBox(page).isDisabled())
  assert.ok(await page.getByRole('combobox', { name: '应当' }).isDisabled())
  for (const verb of [/^保存草稿/, /^开始影子运行/, /^开始回测/])
    assert.equal(await page.getByRole('button', { name: verb }).getAttribute('aria-disabled'), 'true', String(verb))
  await assertAccessible(page, 'a rule that may only be read')
  await page.goto(`${console.url}/rules/tables/triage`)
  await page.locator('[data-cell="0 0"]').waitFor()
  assert.equal(await page.getByRole('button', { name: '保存草稿' }).getAttribute('aria-disabled'), 'true')
})
