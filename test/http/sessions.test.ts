import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/kernel/instant.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { assertProblem, type Of } from './api.ts'
import { ADMIN, type Browser, openBrowser, openCompany } from './company.ts'

let ahead = 0
const now = (): number => systemClock.now() + ahead
const { api, ada } = await openCompany({ accessNow: now, access: { idle: HOUR, longest: 8 * HOUR } })
const signedIn = async (): Promise<Browser> => {
  const browser = openBrowser(api)
  assert.equal((await browser.post('/v1/auth/sign-in', ADMIN)).status, 400, 'a name is not asked for')
  const { mail, password } = ADMIN
  assert.equal((await browser.post('/v1/auth/sign-in', { mail, password })).status, 200)
  return browser
}
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/v1/me')).status === 200

test('a session ends when it is not used, and use keeps it', async () => {
  const [used, idle] = [await signedIn(), await signedIn()]
  for (let i = 0; i < 5; i++) {
    ahead += 50 * MINUTE
    assert.equal(await isIn(used), true, `${i}`)
  }
  assert.equal(await isIn(idle), false)
  ahead += 61 * MINUTE
  assertProblem(await used.get('/v1/me'), 401, 'not_signed_in')
})

test('a session ends in any case', async () => {
  const browser = await signedIn()
  for (let i = 0; i < 9; i++) {
    ahead += 50 * MINUTE
    assert.equal(await isIn(browser), true, `${(i + 1) * 50} minutes`)
  }
  ahead += 31 * MINUTE
  assert.equal(await isIn(browser), false, 'eight hours are over')
})

test('what another process ended is over here within seconds', async () => {
  const browser = await signedIn()
  assert.equal(await isIn(browser), true)
  await api.db.query('delete from session')
  ahead += 3 * SECOND
  assert.equal(await isIn(browser), false)
})

test('requests in a row ask the database once in seconds, and write nothing for a minute', async () => {
  const browser = await signedIn()
  await isIn(browser)
  const asked: string[] = []
  const stop = api.access.db.onQuery(text => asked.push(text))
  for (let i = 0; i < 10; i++) await browser.get('/v1/rights')
  stop()
  assert.deepEqual(
    asked.filter(text => /session|person/.test(text)),
    [],
  )
})

test('what has run out is removed', async () => {
  await signedIn()
  ahead += 2 * DAY
  const { tidySignIns } = await import('../../src/modules/access/index.ts')
  await tidySignIns(api.access.db, now())
  for (const table of ['session', 'verification', 'ticket', 'used_code', 'throttle'])
    assert.equal(await api.count(table), 0, table)
  assertProblem(await ada.get('/v1/me'), 401, 'not_signed_in')
})

test('the person’s rights in a session are those of now', async () => {
  const browser = await signedIn()
  const { id } = (await browser.get<Of<'getMe'>>('/v1/me')).body
  await api.db.query('delete from assignment where person = $1', [id])
  assert.equal((await browser.get('/v1/people')).status, 200, 'known for some seconds')
  ahead += 3 * SECOND
  assertProblem(await browser.get('/v1/people'), 403, 'not_allowed')
})
