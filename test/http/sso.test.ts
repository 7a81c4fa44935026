import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { assertProblem, type Of } from './api.ts'
import { ADMIN, type Browser, join, openBrowser, openCompany } from './company.ts'
import { startProvider } from './provider.ts'

const provider = await startProvider('http://localhost:4680/v1/auth/callback/sso')
const { api, ada } = await openCompany({ access: { sso: [provider.config] } })
const invite = async (mail: string): Promise<string> => {
  const given = { name: mail, mail, roles: [{ role: 'auditor' }] }
  return (await ada.post<{ person: { id: string } }>('/v1/people', given)).body.person.id
}
const claims = (sub: string, email: string, more: object = {}) => ({
  ...{ sub, email, email_verified: true, name: sub },
  ...more,
})

/** From the button to where the browser ends up. */
async function signIn(browser: Browser): Promise<string> {
  const begun = await browser.get('/v1/auth/sso/sso')
  assert.equal(begun.status, 303, JSON.stringify(begun.body))
  const back = new URL(await provider.visit(String(begun.headers.location)))
  const ended = await browser.get(back.pathname + back.search)
  assert.equal(ended.status, 303)
  return String(ended.headers.location)
}
const FAILED = '/sign-in?problem=sso'
const actorOf = async (browser: Browser): Promise<string | null> => {
  const answer = await browser.get<Of<'getMe'>>('/v1/me')
  return answer.status === 200 ? answer.body.actor : null
}

test('an invited person comes in by the provider, is joined to it, and is the same one the next time', async () => {
  const id = await invite('nora@example.com')
  const { sso } = (await ada.get<Of<'getSignInOptions'>>('/v1/auth/options')).body
  assert.deepEqual(sso, [{ id: 'sso', name: 'Example', href: '/v1/auth/sso/sso' }])
  provider.as(claims('n-1', 'Nora@Example.com'))
  const nora = openBrowser(api)
  assert.equal(await signIn(nora), '/')
  assert.match(nora.setCookies.join(), /andon_session=[^;]+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax/)
  assert.equal(await actorOf(nora), 'user:nora')
  const me = (await nora.get<Of<'getMe'>>('/v1/me')).body
  assert.deepEqual([me.roles, me.hasPassword], [['auditor'], false])
  assert.equal((await ada.get<Of<'getPerson'>>(`/v1/people/${id}`)).body.status, 'active')
  // The provider knows people by their subject: another mail address later is still the same person.
  provider.as(claims('n-1', 'nora.married@example.com'))
  const again = openBrowser(api)
  assert.equal(await signIn(again), '/')
  assert.equal(await actorOf(again), 'user:nora')
})

test('an account at the provider lets nobody in who was not invited', async () => {
  provider.as(claims('x-1', 'stranger@example.com'))
  const stranger = openBrowser(api)
  assert.equal(await signIn(stranger), FAILED)
  assert.equal(await actorOf(stranger), null)
  assert.equal((await ada.get<Of<'listPeople'>>('/v1/people?q=stranger')).body.items.length, 0, 'nobody was made')
})

test('a mail address that the provider has not verified joins nobody', async () => {
  await invite('olga@example.com')
  provider.as(claims('o-1', 'olga@example.com', { email_verified: false }))
  const olga = openBrowser(api)
  assert.equal(await signIn(olga), FAILED)
  assert.equal(await actorOf(olga), null)
})

test('who is disabled does not come in by the provider either', async () => {
  const id = await invite('pia@example.com')
  provider.as(claims('p-1', 'pia@example.com'))
  assert.equal(await signIn(openBrowser(api)), '/')
  await ada.post(`/v1/people/${id}/disable`)
  const pia = openBrowser(api)
  assert.equal(await signIn(pia), FAILED)
  assert.equal(await actorOf(pia), null)
})

test('an answer of the provider counts once, and only in the browser that asked', async () => {
  await invite('quin@example.com')
  provider.as(claims('q-1', 'quin@example.com'))
  const quin = openBrowser(api)
  const begun = await quin.get('/v1/auth/sso/sso')
  const back = new URL(await provider.visit(String(begun.headers.location)))
  const thief = openBrowser(api)
  assert.equal((await thief.get(back.pathname + back.search)).headers.location, FAILED, 'a stolen answer')
  assert.equal(await actorOf(thief), null)
  const forged = new URL(back)
  forged.searchParams.set('state', 'x'.repeat(32))
  assert.equal((await quin.get(forged.pathname + forged.search)).headers.location, FAILED, 'a state of nobody')
  const fresh = await quin.get('/v1/auth/sso/sso')
  const good = new URL(await provider.visit(String(fresh.headers.location)))
  assert.equal((await quin.get(good.pathname + good.search)).headers.location, '/')
  const replay = openBrowser(api)
  for (const [name, value] of quin.cookies) if (name !== 'andon_session') replay.cookies.set(name, value)
  assert.equal((await replay.get(good.pathname + good.search)).headers.location, FAILED, 'the same answer again')
})

test('signing in by the provider makes a new session; a password goes on working beside it', async () => {
  const rosa = await join({ api, ada }, [{ role: 'finance' }])
  const before = rosa.cookies.get('andon_session')
  provider.as(claims('r-1', rosa.mail))
  assert.equal(await signIn(rosa), '/')
  assert.notEqual(rosa.cookies.get('andon_session'), before)
  const old = openBrowser(api)
  old.cookies.set('andon_session', before!)
  assertProblem(await old.get('/v1/me'), 401, 'not_signed_in')
  const { mail, password } = rosa
  assert.equal((await openBrowser(api).post('/v1/auth/sign-in', { mail, password })).status, 200)
})

test('refusals stand in the trail; tokens of the provider are not kept', async () => {
  await api.audit.flushRefusals(true)
  const { rows } = await api.db.query<{ code: string; detail: string }>(
    `select code, detail from audit where verb = 'session.sign_in' and outcome = 'refused'`,
  )
  assert.ok(rows.some(row => row.code === 'sso_refused'))
  const accounts = (await api.db.query<Record<string, unknown>>(`select * from account where provider = 'sso'`)).rows
  assert.ok(accounts.length > 0)
  for (const { access_token, refresh_token, id_token } of accounts)
    assert.deepEqual([access_token, refresh_token, id_token], [null, null, null])
  assertProblem(await ada.get('/v1/auth/sso/other'), 404, 'sso_not_found')
})

test('a provider that does not answer is told so, and holds up nobody else', async () => {
  const silent = createServer(() => {})
  // Left open by a failed test it would keep this file from ending.
  silent.unref()
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', () => resolve()))
  const { port } = silent.address() as { port: number }
  const company = await openCompany({ access: { sso: [{ ...provider.config, issuer: `http://127.0.0.1:${port}` }] } })
  const asked = company.ada.get('/v1/auth/sso/sso')
  assert.equal((await company.ada.post('/v1/auth/sign-in', { mail: ADMIN.mail, password: ADMIN.password })).status, 200)
  silent.close()
  silent.closeAllConnections()
  assertProblem(await asked, 404, 'sso_not_found')
})
