import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PracticeOffer } from '../../src/app/practice/offer.ts'
import { isEmptyWorld } from '../../src/pipeline/queries/world.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { assertAccessible, LOOKS, openConsole, shoot } from './console.ts'

/** The offer of an empty live world. The start itself, with a process of its own, is in test/app/practice.test.ts. */

const starts: (number | undefined)[] = []
let fails = true

class Offer extends PracticeOffer {
  override async start(seed?: number): Promise<string> {
    starts.push(seed)
    if (fails) throw new Error('planted')
    this.url = `${console.url}/orders`
    return this.url
  }
}

const console = await openConsole({
  practice: async db => {
    const log = createLog({ clock: systemClock, write: () => {} })
    const empty = () => isEmptyWorld(db)
    return { host: null, offer: new Offer({ dataDir: '/nowhere', host: '127.0.0.1', clock: systemClock, log, empty }) }
  },
})

for (const look of LOOKS)
  test(`an empty console offers a practice shop: ${look.language} ${look.theme}`, async () => {
    const page = await console.open('/', look)
    const name = look.language === 'en' ? 'Start the practice shop' : '启动演练商店'
    await page.getByRole('button', { name }).waitFor()
    // The page around it is there, too.
    await page.waitForFunction(() => document.title.includes('·'))
    await page.locator('.bars').first().waitFor({ state: 'detached' })
    await assertAccessible(page, 'the offer')
    await shoot(page, `practice-offer-${look.language}-${look.theme}`)
  })

test('put away, it is not offered again', async () => {
  const page = await console.open('/')
  await page.getByRole('button', { name: '不再提示' }).click()
  const asked = page.waitForResponse(/v1\/practice$/)
  await page.reload()
  await asked
  await page.waitForFunction(() => document.title === '驾驶舱 · Andon')
  await page.evaluate(() => new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted))))
  assert.equal(await page.getByRole('button', { name: '启动演练商店' }).count(), 0)
})

test('a start that fails says so and can be tried again; one that works leads there', async () => {
  console.expectFault(/status of 503/)
  const page = await console.open('/')
  await page.getByRole('button', { name: '启动演练商店' }).click()
  await page.getByText('没有执行').waitFor()
  fails = false
  await page.getByRole('button', { name: '启动演练商店' }).click()
  await page.waitForURL('**/orders')
  assert.equal(starts.length, 2)
  await page.getByRole('link', { name: '打开演练商店' }).waitFor()
})
