import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { firstRunLink } from '../../src/modules/access/index.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { ADMIN, tokenOf, totpCode } from '../http/company.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

const console = await openConsole()
const { api } = console
// What a page asks before anybody is signed in is refused, and what was typed wrong as well.
console.expectFault(/status of 40[13]|status of 410|status of 422/)

const field = (page: Page, name: string | RegExp) => page.getByLabel(name, { exact: typeof name === 'string' })

async function signIn(page: Page, mail: string, password: string): Promise<void> {
  await field(page, '邮箱').fill(mail)
  await field(page, '密码').fill(password)
  await page.keyboard.press('Enter')
}

let ada: BrowserContext

test('first run: the link of the start makes the administrator, by keyboard; a weak password is told why', async () => {
  const link = (await firstRunLink(api.access)) ?? ''
  const page = await console.open(`/setup#token=${tokenOf(link)}`, { signedOut: true })
  await page.getByRole('heading', { name: '创建第一位管理员' }).waitFor()
  assert.doesNotMatch(page.url(), /token/, 'the token does not stay in the address')
  await page.keyboard.type(ADMIN.name)
  await field(page, '邮箱').fill(ADMIN.mail)
  await field(page, '新密码').fill('Password1234')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('密码主要由常见词语').waitFor()
  await shoot(page, 'setup-zh-CN-light')
  await assertAccessible(page, 'the first run')
  await field(page, '新密码').fill(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').getByText('Ada').waitFor()
  ada = page.context()
})

test('a link opens in a browser that speaks English, whose texts come after the page', async () => {
  const inviter = await ada.newPage()
  await inviter.goto(`${console.url}/people`)
  const path = await inviter.evaluate(async () => {
    const body = JSON.stringify({ name: 'Olga', mail: 'olga@example.com', roles: [{ role: 'auditor' }], teams: [] })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch('/v1/people', { method: 'POST', headers, body })
    return ((await answer.json()) as { invitation: { link: string } }).invitation.link
  })
  const page = await console.open(`/join#token=${tokenOf(path)}`, { signedOut: true, language: 'en', theme: 'dark' })
  await field(page, 'New password').fill('quiet harbour brass kettle')
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').getByText('Olga').waitFor()
})

test('who is not signed in comes to the sign-in and from there to where they wanted to go', async () => {
  const page = await console.open('/people?q=ada', { signedOut: true })
  await page.waitForURL(/sign-in\?next=/)
  await signIn(page, ADMIN.mail, 'not the password')
  await page.getByText('邮箱或密码不对').waitFor()
  await signIn(page, ADMIN.mail, ADMIN.password)
  await page.waitForURL(/people\?q=ada/)
  await page.getByRole('cell', { name: ADMIN.mail }).waitFor()
  await page.goto(`${console.url}/sign-in?next=//evil.example`)
  await signIn(page, ADMIN.mail, ADMIN.password)
  await page.waitForURL(`${console.url}/`)
})

test('password managers find their fields', async () => {
  const page = await console.open('/sign-in', { signedOut: true })
  assert.equal(await field(page, '邮箱').getAttribute('autocomplete'), 'username')
  assert.equal(await field(page, '密码').getAttribute('autocomplete'), 'current-password')
  assert.equal(await field(page, '密码').getAttribute('type'), 'password')
  await page.getByRole('button', { name: '显示密码' }).click()
  assert.equal(await field(page, '密码').getAttribute('type'), 'text')
})

test('an invited person joins with what their role gives, and sees no more than that', async () => {
  const page = await ada.newPage()
  await page.goto(`${console.url}/people`)
  await page.getByRole('button', { name: '邀请' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('姓名').fill('陈小客')
  await dialog.getByLabel('邮箱').fill('chen@example.com')
  await dialog.getByRole('button', { name: '加一个角色' }).click()
  await dialog.getByLabel('角色', { exact: true }).selectOption({ label: '客服' })
  await dialog.getByLabel(/店铺/).fill('web, pos')
  await dialog.getByRole('button', { name: '发出邀请' }).click()
  const link = await dialog.locator('code').textContent()
  await shoot(page, 'invited-zh-CN-light')
  const chen = await console.open('/forgot', { signedOut: true })
  console.expectFault(/status of 503/)
  await chen.route(
    '**/v1/auth/link',
    route => route.fulfill({ status: 503, contentType: 'text/plain', body: 'away' }),
    {
      times: 1,
    },
  )
  await chen.goto(`${console.url}/join#token=${tokenOf(link ?? '')}`)
  // Nothing is lost by a server that is away for a moment, not even the token, which no address has any more.
  await chen.getByRole('alert').getByText('链接没有取到').waitFor()
  await chen.getByRole('button', { name: '重试' }).click()
  await field(chen, '新密码').fill('quiet harbour brass kettle')
  await chen.keyboard.press('Enter')
  const places = chen.getByRole('navigation')
  await places.getByText('陈小客').waitFor()
  await places.getByText('订单').waitFor()
  assert.equal(await places.getByText('审计').count(), 0)
  await chen.goto(`${console.url}/people`)
  // Until it is known who asks, nothing is refused.
  const invite = chen.locator('button[aria-disabled=true]', { hasText: '邀请' })
  await invite.waitFor()
  assert.match((await invite.getAttribute('title')) ?? '', /管理人员/)
})

test('an authenticator is set up, asked for, and can be lost', async () => {
  const page = await ada.newPage()
  await page.goto(`${console.url}/account`)
  const pane = page.getByRole('region', { name: '两步验证' })
  await pane.getByLabel('现在的密码').fill(ADMIN.password)
  await pane.getByRole('button', { name: '开始设置' }).click()
  await pane.getByRole('img').waitFor()
  const secret = (await pane.locator('code').textContent()) ?? ''
  const code = () => totpCode(`otpauth://totp/Andon?secret=${secret}`, systemClock.now())
  await shoot(page, 'totp-zh-CN-light')
  await assertAccessible(page, 'the set-up of an authenticator')
  await pane.getByLabel('验证码').fill(code())
  await pane.getByRole('button', { name: '确认并开启' }).click()
  const recovery = await pane.locator('.codes li').first().textContent()
  const other = await console.open('/sign-in', { signedOut: true })
  await signIn(other, ADMIN.mail, ADMIN.password)
  await other.getByRole('heading', { name: '两步验证' }).waitFor()
  await other.getByRole('button', { name: '改用恢复码' }).click()
  await other.getByLabel('恢复码').fill(recovery ?? '')
  await other.keyboard.press('Enter')
  await other.getByRole('navigation').getByText('Ada').waitFor()
  await page.reload()
  await page.getByRole('button', { name: '结束其他登录' }).click()
  await page.getByRole('region', { name: '登录中的设备' }).getByText('当前').waitFor()
  await other.reload()
  await other.waitForURL(/sign-in/)
})

test('a key is made, shown once, and opens what it may', async () => {
  const page = await ada.newPage()
  await page.goto(`${console.url}/keys`)
  await page.getByRole('button', { name: '新建密钥' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('名称').fill('网店对接')
  await dialog.getByLabel('代号').fill('shop-sync')
  await dialog.getByRole('button', { name: '新建', exact: true }).click()
  const secret = (await dialog.locator('code.secret').textContent()) ?? ''
  assert.match(secret, /^andon_/)
  const box = await dialog.locator('code.secret').boundingBox()
  assert.ok(box && box.y > 0 && box.y < 860, 'what is shown this once is in view, however long the form below is')
  const answer = await fetch(`${console.url}/v1/orders`, { headers: { authorization: `Bearer ${secret}` } })
  assert.equal(answer.status, 403)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '网店对接' }).click()
  assert.equal(await dialog.locator('code.secret').count(), 0)
  await dialog.getByRole('button', { name: '作废' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('cell', { name: '已作废' }).waitFor()
})

test('a role of one’s own is made and shows in the table', async () => {
  const page = await ada.newPage()
  await page.goto(`${console.url}/roles`)
  await page.getByRole('button', { name: '新建角色' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('标识').fill('night_shift')
  await dialog.getByLabel('中文名').fill('夜班')
  await dialog.getByLabel('英文名').fill('Night shift')
  await dialog.getByLabel('查看订单', { exact: true }).selectOption('all')
  await dialog.getByLabel('处理工单', { exact: true }).selectOption('team')
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByRole('columnheader', { name: '夜班' }).waitFor()
})

test('the audit tells who did what, with before and after', async () => {
  const page = await ada.newPage()
  await page.goto(`${console.url}/audit`)
  const table = page.getByRole('table')
  await table.getByText('人员 Ada').first().waitFor()
  await table.getByText('邀请人员').first().waitFor()
  await shoot(page, 'audit-zh-CN-light')
  await table.getByRole('button', { name: '邀请人员' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('结果').waitFor()
  await dialog.getByRole('link', { name: '人员 Ada' }).waitFor()
  await dialog.getByRole('cell', { name: '角色', exact: true }).waitFor()
  await shoot(page, 'audit-entry-zh-CN-light')
  await assertAccessible(page, 'an entry of the audit')
  await page.keyboard.press('Escape')
  await page.getByLabel('查找').fill('陈小客')
  await page.waitForURL(/q=/)
  await table.getByText('人员 陈小客').first().waitFor()
  await page.getByLabel('查找').fill('邀请人员')
  await table.getByText('邀请人员').first().waitFor()
  await page.getByLabel('查找').fill('')
  await page.getByLabel('动作', { exact: true }).selectOption({ label: '邀请人员' })
  await page.waitForURL(/verb=person.invite/)
  await page.getByLabel('动作', { exact: true }).selectOption('')
  await page.getByLabel('谁', { exact: true }).selectOption({ label: '陈小客' })
  await page.waitForURL(/actor=user/)
  await table.getByText('人员 陈小客').first().waitFor()
  await page.getByLabel('谁', { exact: true }).selectOption('')
  await page.getByLabel('结果', { exact: true }).selectOption('refused')
  await page.waitForURL(/outcome=refused/)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '导出 CSV' }).click(),
  ])
  assert.match(download.suggestedFilename(), /csv$/)
})

for (const look of LOOKS) {
  test(`pages of access: ${look.language} ${look.theme}`, async () => {
    for (const path of ['/sign-in', '/forgot', '/account', '/people', '/roles', '/keys', '/audit']) {
      const page = await console.open('/sign-in', { ...look, signedOut: true })
      if (path !== '/sign-in' && path !== '/forgot') await page.context().addCookies(await ada.cookies())
      await page.goto(console.url + path)
      await page.getByRole('main').waitFor()
      await page.locator('.bars').first().waitFor({ state: 'detached' })
      await shoot(page, `access${path.replaceAll('/', '-')}-${look.language}-${look.theme}`)
      await assertAccessible(page, path)
      await page.context().close()
    }
  })
}
