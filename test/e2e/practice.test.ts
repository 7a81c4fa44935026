import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PracticeHost } from '../../src/app/practice/host.ts'
import type { PracticeShop } from '../../src/contract/api/index.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Of } from '../http/api.ts'
import { eventually } from '../support/process.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

/** The strip of a practice world; the test takes the place of the shop. */

const restarts: number[] = []
let host: PracticeHost | null = null
// Before the database goes.
after(() => host?.close())
const console = await openConsole({
  practice: async (db, pipeline) => {
    const settled = () => pipeline().drained()
    const restart = (seed: number) => void restarts.push(seed)
    host = await PracticeHost.open({ db, wallClock: systemClock, seed: 7, settled, restart })
    return { host, offer: null }
  },
})
const { api } = console

const shopNow = async (): Promise<PracticeShop> => (await api.get<Of<'getPractice'>>('/v1/practice')).body.shop!
const advance = (until: string): Promise<unknown> => api.post('/v1/practice/clock', { until })

// What is pressed is its label; the field itself has no size.
const THERE = { state: 'attached' } as const

const WORDS = {
  'zh-CN': { strip: '演练环境', trouble: '制造意外', incidents: '演练事件', history: '正在重演' },
  en: { strip: 'Practice', trouble: 'Make trouble', incidents: 'Incidents', history: 'Playing' },
}

test('before the opening it shows how far its history is', async () => {
  const shop = await shopNow()
  const half = (Date.parse(shop.startsAt) + Date.parse(shop.opensAt)) / 2
  await advance(new Date(half).toISOString())
  const page = await console.open('/')
  const strip = page.getByRole('region', { name: '演练环境' })
  await strip.getByText('正在重演').waitFor()
  await strip.getByText('50 %').waitFor()
  // What was heard last is told by the clock of the world, not of the machine.
  const time = await page.evaluate(at => new Date(at).toTimeString().slice(0, 8), half)
  await page.locator('output.live').getByText(time).waitFor()
  await assertAccessible(page, 'the history of a practice world')
  await advance(shop.opensAt)
  await strip.getByRole('radio', { name: '60×' }).waitFor(THERE)
})

for (const { language, theme } of LOOKS)
  test(`its controls and incidents: ${language} ${theme}`, async () => {
    const words = WORDS[language]
    const page = await console.open('/', { language, theme })
    const strip = page.getByRole('region', { name: words.strip, exact: true })
    await strip.getByRole('radio', { name: '1000×' }).waitFor(THERE)
    await assertAccessible(page, 'the strip')
    await shoot(page, `practice-${language}-${theme}`)
    await strip.getByRole('button', { name: words.trouble }).click()
    await page.getByRole('dialog', { name: words.incidents }).waitFor()
    await assertAccessible(page, 'the incidents')
    await shoot(page, `practice-incidents-${language}-${theme}`)
  })

test('speed, pause and staff are set, by keys alone, and shown as the server has them', async () => {
  const page = await console.open('/')
  const strip = page.getByRole('region', { name: '演练环境' })
  await strip.getByRole('radio', { name: '1×', exact: true }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await eventually(async () => (await shopNow()).speed === 60, 'the speed is set')
  await strip.getByRole('button', { name: '暂停' }).press('Enter')
  await strip.getByRole('button', { name: '继续' }).waitFor()
  assert.equal((await shopNow()).paused, true)
  await strip.getByRole('button', { name: '继续' }).press('Enter')
  await strip.getByRole('radio', { name: '团队和我' }).focus()
  await page.keyboard.press('ArrowRight')
  await eventually(async () => (await shopNow()).staff === 'me', 'the team goes home')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('10 倍速')
  await page.keyboard.press('Enter')
  await eventually(async () => (await shopNow()).speed === 10, 'the same by the command menu')
})

test('an incident is triggered, listed with who did it, and ended', async () => {
  const page = await console.open('/')
  await page.getByRole('button', { name: '制造意外' }).click()
  const dialog = page.getByRole('dialog', { name: '演练事件' })
  await dialog.getByText('现在没有人为的意外').waitFor()
  await dialog.getByRole('combobox', { name: '仓库罢工: 地点' }).selectOption('wuhan')
  await dialog.getByRole('combobox', { name: '仓库罢工: 持续' }).selectOption('3')
  await dialog.getByRole('listitem').filter({ hasText: '该仓停止拣货' }).getByRole('button', { name: '发生' }).click()
  const going = dialog.getByRole('listitem').filter({ hasText: '仓库罢工 · 武汉仓' })
  await going.getByText('由 local').waitFor()
  const [incident] = (await shopNow()).incidents
  assert.deepEqual([incident?.kind, incident?.target], ['warehouse_strike', 'wuhan'])
  assert.equal(Date.parse(incident!.until) - Date.parse(incident!.from), 3 * 3_600_000)
  await going.getByRole('button', { name: '结束' }).click()
  await dialog.getByText('现在没有人为的意外').waitFor()
})

test('the time of the console is that of its world', async () => {
  await api.post('/v1/practice', { speed: 1000 })
  const before = await shopNow()
  await advance(new Date(Date.parse(before.now) + 20 * 60_000).toISOString())
  const page = await console.open('/')
  const time = page.getByRole('region', { name: '演练环境' }).locator('time')
  await time.waitFor()
  await eventually(
    async () => Date.parse((await time.getAttribute('datetime'))!) > Date.now() + 10 * 60_000,
    'far ahead',
  )
})

test('starting over says what is lost, and asks for another seed', async () => {
  const page = await console.open('/', { language: 'en' })
  await page.getByRole('button', { name: 'Start over' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('All data of this practice world is deleted').waitFor()
  await assertAccessible(page, 'starting over')
  await dialog.getByLabel('Story number').fill('12')
  await dialog.getByRole('button', { name: 'Delete and start over' }).click()
  await dialog.getByText('Starting over').waitFor()
  assert.deepEqual(restarts, [12])
})
