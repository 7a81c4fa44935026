import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Of } from '../http/api.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'
import { tellWorld } from './world.ts'

const console = await openConsole()
const { api } = console
await tellWorld(api)

test('a decision table is filled in by keyboard, pasted into, checked, saved and made live', async () => {
  const page = await console.open('/rules/tables')
  await page.getByRole('link', { name: '工单分派' }).click()
  const cell = (row: number, column: string) => page.getByRole('textbox', { name: `第 ${row} 行，${column}` })
  await cell(1, '级别').waitFor()
  await cell(1, '团队').fill('first_line')
  await cell(1, '团队').press('ArrowDown')
  await page.keyboard.type('second_line')
  assert.equal(await cell(2, '团队').inputValue(), 'second_line')
  // What no cell may hold is marked where it is, and says why.
  await cell(1, '级别').fill('P9')
  await page.locator('input[aria-invalid]').waitFor()
  await page
    .getByText(/第 1 行：/)
    .first()
    .waitFor()
  await shoot(page, 'table-refused')
  await cell(1, '级别').fill('P0')
  await page.locator('input[aria-invalid]').waitFor({ state: 'detached' })
  // A block of a spreadsheet goes into the cells from where it is pasted.
  await cell(3, '团队').evaluate(element => {
    const data = new DataTransfer()
    data.setData('text/plain', 'third_line\tP3\nfourth_line\tP3\n')
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  assert.equal(await cell(4, '团队').inputValue(), 'fourth_line')
  for (const [verb, tag] of [
    ['保存草稿', '版本 1'],
    ['启用', '版本 1 启用中'],
  ] as const) {
    await page.getByRole('button', { name: verb, exact: true }).click()
    const dialog = page.getByRole('dialog', { name: verb })
    await dialog.getByRole('textbox').fill('第一版')
    await dialog.getByRole('button', { name: verb }).click()
    await page.getByText(tag, { exact: true }).first().waitFor()
  }
  const { versions, turns } = (await api.get<Of<'getTable'>>('/v1/tables/triage')).body
  assert.equal(turns[0]?.version, 1)
  assert.deepEqual(
    versions[0]?.text.rows.slice(0, 4).map(row => row.give[0]),
    ['first_line', 'second_line', 'third_line', 'fourth_line'],
  )
})

test('a cell says what its codes are called, and a code that has no name stays what it is', async () => {
  const { items } = (await api.get<Of<'listRuleNames'>>('/v1/rules/names')).body
  const rule = items.find(({ type }) => items.filter(one => one.type === type).length === 1)!
  for (const language of ['zh-CN', 'en'] as const) {
    const page = await console.open('/rules/tables/triage', { language })
    const cell = (name: string) => page.getByRole('textbox', { name })
    const zh = language === 'zh-CN'
    await cell(zh ? '第 1 行，异常类型' : 'Row 1, Type').fill(`!${rule.type}, own_type`)
    const words = `!${zh ? rule.name.zh : rule.name.en} · own_type`
    await page.getByText(words, { exact: true }).waitFor()
    const by = await cell(zh ? '第 1 行，异常类型' : 'Row 1, Type').getAttribute('aria-describedby')
    assert.equal(await page.locator(`[id="${by}"]`).textContent(), words)
    await cell(zh ? '第 1 行，团队' : 'Row 1, Team').fill('logistics')
    await page
      .locator('.dt td p')
      .getByText(zh ? '物流' : 'Logistics', { exact: true })
      .waitFor()
    // What it would decide is said by the same names: now of every case.
    await cell(zh ? '第 1 行，异常类型' : 'Row 1, Type').fill('')
    const trial = page.getByRole('region', { name: zh ? '试一试' : 'Try it' })
    await trial
      .getByRole('cell', { name: zh ? '物流' : 'Logistics', exact: true })
      .first()
      .waitFor()
    await shoot(page, `table-words-${language}`)
  }
})

test('the verbs of a row, which stay in sight, never stand on the cell that has the keyboard', async () => {
  const page = await console.open('/rules/tables/approval', { width: 1280 })
  const reason = page.getByRole('textbox', { name: '第 1 行，理由' })
  await reason.fill('客户的地址与上次不同，请先打电话问清楚，再决定是否放行，并把结果写在订单里')
  const box = page.locator('.dt')
  assert.ok(await box.evaluate(e => e.scrollWidth > e.clientWidth + 40), 'the table is wider than its box')
  await box.evaluate(e => e.scrollTo({ left: 0 }))
  const verbs = page.locator('.dt tbody tr:first-child > td:last-child')
  const cells = page.locator('.dt tbody tr:first-child input')
  const count = await cells.count()
  await cells.first().focus()
  for (let column = 0; column < count; column++) {
    if (column > 0) await page.keyboard.press('Tab')
    const cell = cells.nth(column)
    assert.ok(await cell.evaluate(e => e === document.activeElement), `column ${column} has the keyboard`)
    const [seen, over] = [await cell.boundingBox(), await verbs.boundingBox()]
    assert.ok(seen !== null && over !== null)
    assert.ok(seen.x + seen.width <= over.x + 0.5, `column ${column}: ${JSON.stringify({ seen, over })}`)
  }
})

for (const look of LOOKS) {
  test(`the approval table on a narrow screen: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/rules/tables/approval', { ...look, width: 1280 })
    const last = page.getByRole('button', { name: /^(删除第 1 行|Remove row 1)$/ })
    await last.waitFor()
    const box = await last.boundingBox()
    assert.ok(box !== null && box.x + box.width <= 1280, `the last verb of a row is in sight: ${JSON.stringify(box)}`)
    // What a cell says can be read: it stands in it whole, or in its title.
    const reason = page.getByRole('textbox', { name: /^(第 1 行，理由|Row 1, Reason)$/ })
    assert.equal(await reason.getAttribute('title'), await reason.inputValue())
    await page.getByText(/最多列 50 个|at most 50/).waitFor()
    await shoot(page, `table-approval-1280-${look.language}-${look.theme}`)
    await assertAccessible(page, 'the approval table')
  })

  test(`tables and baselines: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/rules/tables/triage', look)
    await page.locator('[data-cell="0 0"]').waitFor()
    await page.getByRole('table').nth(1).waitFor()
    await shoot(page, `table-${look.language}-${look.theme}`)
    await assertAccessible(page, 'a decision table')
    await page.goto(`${console.url}/rules/baselines`)
    await page.getByRole('button', { name: /现在学习|Learn now/ }).waitFor()
    await assertAccessible(page, 'the baselines')
    await page.goto(`${console.url}/rules/findings`)
    await page.locator('.finds li, .said').first().waitFor()
    await shoot(page, `findings-${look.language}-${look.theme}`)
    await assertAccessible(page, 'the findings')
    await page.goto(`${console.url}/rules/changes`)
    await page.getByRole('table').waitFor()
    await assertAccessible(page, 'the changes')
    await page.goto(`${console.url}/rules/handover_late/versions`)
    await page.getByRole('link', { name: /版本 1|Version 1/ }).waitFor()
    await assertAccessible(page, 'the versions')
  })
}

// The last: what is saved here is what the pages above would show.
test('what is odd about a table shows an order on which it shows', async () => {
  const { starter } = (await api.get<Of<'getTable'>>('/v1/tables/approval')).body
  const { otherwise: _, ...rest } = starter
  const inputs = [{ id: 'allocated', label: { zh: '分仓', en: 'Allocated' }, expr: 'order.allocatedAt' }]
  const text = { ...rest, inputs, rows: [{ when: ['*'], give: ['approve', ''] }] }
  const saved = await api.post('/v1/tables/approval/draft', { text, reason: 'after allocation', seen: null })
  assert.equal(saved.status, 200, JSON.stringify(saved.body))
  const page = await console.open('/rules/tables/approval')
  const odd = page.locator('.finds-s li').first()
  await odd.locator('summary', { hasText: '能看出问题的一张订单' }).focus()
  await page.keyboard.press('Enter')
  const example = odd.locator('pre')
  await example.waitFor()
  const shown: unknown = JSON.parse((await example.textContent()) ?? '')
  assert.ok(typeof shown === 'object' && shown !== null && 'facts' in shown, JSON.stringify(shown))
  await shoot(page, 'table-odd')
  await assertAccessible(page, 'what is odd about a table')
})
