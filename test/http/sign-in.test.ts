import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { test } from 'node:test'
import { firstRunLink, personByHandle, signInLink } from '../../src/modules/access/index.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { assertProblem, type Of, openApi } from './api.ts'
import { ADMIN, type Browser, join, openBrowser, openCompany, tokenOf, totpCode } from './company.ts'

const company = await openCompany()
const { api, ada } = company
const me = (who: Browser) => who.get<Of<'getMe'>>('/v1/me')
const signIn = (who: Browser, mail: string, password: string) =>
  who.post<Of<'signIn'>>('/v1/auth/sign-in', { mail, password })

test('first run: the link of the start makes one administrator, once, with a password of their own', async () => {
  const fresh = await openApi()
  const browser = openBrowser(fresh)
  assert.equal((await browser.get<Of<'getSignInOptions'>>('/v1/auth/options')).body.setUp, true)
  assertProblem(await browser.get('/v1/orders'), 401, 'not_signed_in')
  const first = tokenOf((await firstRunLink(fresh.access))!)
  const token = tokenOf((await firstRunLink(fresh.access))!)
  assertProblem(await browser.post('/v1/auth/setup', { ...ADMIN, token: first }), 410, 'link_invalid')
  const look = await browser.post<Of<'lookAtLink'>>('/v1/auth/link', { token })
  assert.deepEqual([look.body.kind, look.body.mail], ['first_run', null])
  const weak = await browser.post('/v1/auth/setup', { ...ADMIN, token, password: 'Password1234' })
  assert.equal((assertProblem(weak, 422, 'password_refused').more as { flaw: string }).flaw, 'too_common')
  assert.equal((await browser.post('/v1/auth/setup', { ...ADMIN, token })).status, 200)
  assert.deepEqual((await me(browser)).body.roles, ['administrator'])
  assert.equal((await me(browser)).body.actor, 'user:ada')
  assertProblem(await browser.post('/v1/auth/setup', { ...ADMIN, mail: 'eve@example.com', token }), 410, 'link_invalid')
  assert.equal(await firstRunLink(fresh.access), null)
  assert.equal((await browser.get<Of<'getSignInOptions'>>('/v1/auth/options')).body.setUp, false)
})

test('the cookie is for this host only, not for scripts, and not sent from other sites', async () => {
  const browser = openBrowser(api)
  await signIn(browser, ADMIN.mail, ADMIN.password)
  assert.equal(browser.setCookies.length, 1)
  assert.match(browser.setCookies[0]!, /^andon_session=[^;]+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/)
})

test('over TLS the cookie is bound to the host and never sent in plain', async () => {
  const door = { url: 'https://orders.example.com', hosts: new Set<string>(), proxies: [], tls: false }
  const { ada: there } = await openCompany({ door })
  assert.match(
    there.setCookies[0]!,
    /^__Host-andon_session=[^;]+; Max-Age=86400; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  assert.equal((await me(there)).status, 200)
})

test('a wrong password, an unknown address and a person who may not come in are answered alike', async () => {
  const gone = await join(company, [{ role: 'auditor' }])
  assert.equal((await ada.post(`/v1/people/${gone.id}/disable`)).status, 200)
  assertProblem(await gone.get('/v1/me'), 401, 'not_signed_in')
  const answers = []
  for (const [mail, password] of [
    [ADMIN.mail, 'not the password'],
    ['nobody@example.com', 'not the password'],
    [gone.mail, gone.password],
  ] as const) {
    const answer = await signIn(openBrowser(api), mail, password)
    const { instance: _, ...body } = assertProblem(answer, 401, 'sign_in_refused')
    answers.push(body)
  }
  assert.deepEqual(answers[0], answers[1])
  assert.deepEqual(answers[0], answers[2])
})

const OF_SIGN_IN = /\b(throttle|person|account|session|two_factor|verification|used_code)\b/

test('an unknown address costs the same hash as a wrong password, and as many questions to the database', async () => {
  let hashes = 0
  const hook = createHook({ init: (_id, type) => void (type === 'SCRYPTREQUEST' && hashes++) }).enable()
  // The trail is sealed and kept meanwhile, on the same connections.
  const stop = api.access.db.onQuery(text => OF_SIGN_IN.test(text) && asked.push(text))
  let asked: string[] = []
  const work: (readonly [number, readonly string[]])[] = []
  // Each once before: what is read the first time is known afterwards.
  for (const mail of ['nobody2@example.com', ADMIN.mail, 'nobody3@example.com', ADMIN.mail]) {
    hashes = 0
    asked = []
    await signIn(openBrowser(api, '10.4.0.1'), mail, 'not the password')
    work.push([hashes, asked])
  }
  stop()
  hook.disable()
  assert.deepEqual(
    work.map(([n]) => n),
    [1, 1, 1, 1],
  )
  const [unknown, known] = [work[2]![1], work[3]![1]]
  // The library reads the accounts of a person who is there: the one question more, beside the hash of a tenth of a second.
  assert.ok(unknown.length > 0)
  assert.ok(known.length - unknown.length <= 1, `${unknown.join('\n')}\nand\n${known.join('\n')}`)
})

test('a sign-in makes a new session: one that was known before is worth nothing', async () => {
  const victim = openBrowser(api)
  await signIn(victim, ADMIN.mail, ADMIN.password)
  const planted = new Map(victim.cookies)
  await signIn(victim, ADMIN.mail, ADMIN.password)
  assert.notEqual(victim.cookies.get('andon_session'), planted.get('andon_session'))
  const attacker = openBrowser(api)
  for (const [name, value] of planted) attacker.cookies.set(name, value)
  assertProblem(await attacker.get('/v1/me'), 401, 'not_signed_in')
  assert.equal((await me(victim)).status, 200)
})

test('a cookie counts with our signature only', async () => {
  const browser = openBrowser(api)
  await signIn(browser, ADMIN.mail, ADMIN.password)
  const good = browser.cookies.get('andon_session')!
  const [token, signature] = decodeURIComponent(good).split('.') as [string, string]
  const { rows } = await api.db.query<{ token: string }>('select token from session where token = $1', [token])
  assert.equal(rows.length, 1, 'what stands in the database is not enough to come in')
  for (const bad of [token, `${token}.`, `${token}.${'A'.repeat(43)}=`, `x${token}.${signature}`, '%', 'a.b'])
    assertProblem(
      await browser.get('/v1/me', { cookie: `andon_session=${encodeURIComponent(bad)}` }),
      401,
      'not_signed_in',
    )
})

test('signing out ends the session at once, also for who copied the cookie', async () => {
  const browser = openBrowser(api)
  await signIn(browser, ADMIN.mail, ADMIN.password)
  const copy = openBrowser(api)
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  assert.equal((await me(copy)).status, 200)
  assert.equal((await browser.post('/v1/auth/sign-out')).status, 204)
  assertProblem(await copy.get('/v1/me'), 401, 'not_signed_in')
})

test('guessing is slowed down by account, whether there is such a person or not', async () => {
  const slow = await openCompany()
  for (const mail of [ADMIN.mail, 'nobody@example.com']) {
    const browser = openBrowser(slow.api, '10.0.0.9')
    for (let i = 0; i < 5; i++) assertProblem(await signIn(browser, mail, `wrong ${i}`), 401, 'sign_in_refused')
    const stopped = await signIn(browser, mail, ADMIN.password)
    assertProblem(stopped, 429, 'too_many_tries')
    assert.ok(Number(stopped.headers['retry-after']) >= 29, String(stopped.headers['retry-after']))
    // Many at once are not let through either.
    const many = await Promise.all(Array.from({ length: 8 }, () => signIn(browser, mail, 'x')))
    assert.ok(many.every(answer => answer.status === 429))
  }
  assert.equal((await me(slow.ada)).status, 200, 'who is in stays in')
})

test('tries that fail at once count one by one', async () => {
  const slow = await openCompany()
  const browser = openBrowser(slow.api, '10.0.0.6')
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => signIn(browser, ADMIN.mail, `wrong ${i}`)))
  assert.equal(all.filter(answer => answer.status === 401).length, 5)
})

test('second factor: asked for after the password, each code once, recovery codes too', async () => {
  const person = await join(company, [{ role: 'customer_service' }])
  assertProblem(await person.post('/v1/me/totp', { password: 'wrong' }), 403, 'wrong_password')
  const begun = await person.post<Of<'startTotp'>>('/v1/me/totp', { password: person.password })
  const { uri, recoveryCodes } = begun.body
  assert.match(uri, /^otpauth:\/\/totp\/Andon:/)
  assert.equal(recoveryCodes.length, 10)
  const stored = (
    await api.db.query<{ secret: string }>('select secret from two_factor where person = $1', [person.id])
  ).rows
  assert.ok(!stored[0]!.secret.includes(new URL(uri).searchParams.get('secret')!), 'the secret is encrypted at rest')
  assert.equal((await signIn(openBrowser(api), person.mail, person.password)).body.step, 'signed_in', 'not yet')
  assertProblem(await person.post('/v1/me/totp/confirm', { code: '000000' }), 401, 'second_factor_refused')
  const before = person.cookies.get('andon_session')
  assert.equal((await person.post('/v1/me/totp/confirm', { code: totpCode(uri, systemClock.now()) })).status, 204)
  assert.notEqual(person.cookies.get('andon_session'), before)
  assert.equal((await me(person)).body.twoFactor, true)

  const browser = openBrowser(api)
  const first = await signIn(browser, person.mail, person.password)
  assert.deepEqual([first.status, first.body.step], [200, 'second_factor'])
  assertProblem(await browser.get('/v1/me'), 401, 'not_signed_in')
  const asked = new Map(browser.cookies)
  assertProblem(await browser.post('/v1/auth/second-factor', { code: '123456' }), 401, 'second_factor_refused')
  const code = totpCode(uri, systemClock.now())
  assert.equal((await browser.post('/v1/auth/second-factor', { code })).status, 200)
  assert.equal((await me(browser)).body.twoFactor, true)
  // The same step again, and the same code in a new sign-in: both replayed.
  const replay = openBrowser(api)
  for (const [name, value] of asked) replay.cookies.set(name, value)
  assertProblem(await replay.post('/v1/auth/second-factor', { code }), 401, 'second_factor_refused')
  await signIn(replay, person.mail, person.password)
  assertProblem(await replay.post('/v1/auth/second-factor', { code }), 401, 'second_factor_refused')
  assertProblem(await replay.get('/v1/me'), 401, 'not_signed_in')

  const [recovery = ''] = recoveryCodes
  await signIn(replay, person.mail, person.password)
  assert.equal((await replay.post('/v1/auth/second-factor', { code: recovery, kind: 'recovery' })).status, 200)
  const again = openBrowser(api)
  await signIn(again, person.mail, person.password)
  assertProblem(
    await again.post('/v1/auth/second-factor', { code: recovery, kind: 'recovery' }),
    401,
    'second_factor_refused',
  )
})

test('a second step is about who gave the password, also where somebody else is signed in', async () => {
  const person = await join(company, [{ role: 'customer_service' }])
  const { uri } = (await person.post<Of<'startTotp'>>('/v1/me/totp', { password: person.password })).body
  assert.equal((await person.post('/v1/me/totp/confirm', { code: totpCode(uri, systemClock.now()) })).status, 204)
  const shared = await join(company, [{ role: 'warehouse' }])
  const session = shared.cookies.get('andon_session')!
  assert.equal((await signIn(shared, person.mail, person.password)).body.step, 'second_factor')
  // Of the library the browser loses its session here; one that was planted, or kept, is sent all the same.
  shared.cookies.set('andon_session', session)
  const code = totpCode(uri, systemClock.now())
  assert.equal((await shared.post('/v1/auth/second-factor', { code })).status, 200)
  assert.equal((await me(shared)).body.id, person.id)
  assert.notEqual(shared.cookies.get('andon_session'), session)
})

test('codes cannot be tried out: a challenge ends after five, an account rests after ten', async () => {
  const person = await join(company, [{ role: 'finance' }])
  const { uri } = (await person.post<Of<'startTotp'>>('/v1/me/totp', { password: person.password })).body
  await person.post('/v1/me/totp/confirm', { code: totpCode(uri, systemClock.now()) })
  for (let round = 0; round < 3; round++) {
    const browser = openBrowser(api, `10.1.0.${round}`)
    await signIn(browser, person.mail, person.password)
    for (let i = 0; i < 4; i++) await browser.post('/v1/auth/second-factor', { code: `00000${i}` })
  }
  const browser = openBrowser(api, '10.1.0.9')
  await signIn(browser, person.mail, person.password)
  const right = totpCode(uri, systemClock.now() + 30_000)
  assertProblem(await browser.post('/v1/auth/second-factor', { code: right }), 429, 'too_many_tries')
})

test('a link that signs in: once, and only for who may come in', async () => {
  const person = (await personByHandle(api.db, 'ada'))!
  const link = await signInLink(api.access, { actor: 'system:cli' }, person)
  const browser = openBrowser(api)
  const path = new URL(link).pathname
  const answer = await browser.get(path)
  assert.deepEqual([answer.status, answer.headers.location], [303, '/'])
  assert.equal((await me(browser)).body.actor, 'user:ada')
  assertProblem(await openBrowser(api).get(path), 410, 'link_invalid')
  assertProblem(await openBrowser(api).get(`/v1/auth/link/${'A'.repeat(43)}`), 410, 'link_invalid')
})

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36'

test('sessions: listed, ended one by one or all but one; others cannot end them', async () => {
  const person = await join(company, [{ role: 'warehouse' }])
  const second = openBrowser(api, '10.2.0.2', CHROME)
  await signIn(second, person.mail, person.password)
  const list = async () => (await person.get<Of<'listMySessions'>>('/v1/me/sessions')).body.items
  const sessions = await list()
  assert.deepEqual(sessions.map(s => s.present).sort(), [false, true])
  assert.deepEqual(sessions.map(s => s.address).sort(), ['10.2.0.2', '127.0.0.1'])
  assert.deepEqual(sessions.map(s => [s.browser, s.system, s.present]).sort(), [
    [null, null, true],
    ['Chrome', 'Windows', false],
  ])
  const other = sessions.find(s => !s.present)!
  assertProblem(await ada.post(`/v1/me/sessions/${other.id}/end`), 404, 'session_not_found')
  assert.equal((await person.post(`/v1/me/sessions/${other.id}/end`)).status, 200)
  assertProblem(await second.get('/v1/me'), 401, 'not_signed_in')
  await signIn(second, person.mail, person.password)
  assert.equal((await person.post<Of<'endMyOtherSessions'>>('/v1/me/sessions/end-others')).body.ended, 1)
  assert.equal((await list()).length, 1)
})

test('a new password asks for the old one and ends the other sessions', async () => {
  const person = await join(company, [{ role: 'logistics' }])
  const second = openBrowser(api)
  await signIn(second, person.mail, person.password)
  const next = 'seven copper moths recite'
  assertProblem(await person.post('/v1/me/password', { present: 'wrong', next }), 403, 'wrong_password')
  assertProblem(
    await person.post('/v1/me/password', { present: person.password, next: 'short' }),
    422,
    'password_refused',
  )
  const changed = await person.post<Of<'changePassword'>>('/v1/me/password', { present: person.password, next })
  assert.equal(changed.body.ended, 1)
  assertProblem(await second.get('/v1/me'), 401, 'not_signed_in')
  assert.equal((await me(person)).status, 200)
  assertProblem(await signIn(openBrowser(api), person.mail, person.password), 401, 'sign_in_refused')
  assert.equal((await signIn(openBrowser(api), person.mail, next)).status, 200)
})

test('what one sends beyond the form is refused: nobody makes themselves something by a field', async () => {
  const person = await join(company, [{ role: 'warehouse' }])
  for (const extra of [{ roles: ['administrator'] }, { status: 'active' }, { twoFactor: false }, { id: 'x' }])
    assertProblem(await person.post('/v1/me', { name: 'P', ...extra }), 400, 'invalid_request')
  assertProblem(
    await person.post('/v1/auth/sign-in', { mail: person.mail, password: person.password, rememberMe: true }),
    400,
    'invalid_request',
  )
  assert.deepEqual((await me(person)).body.roles, ['warehouse'])
})

test('sign-ins, refusals and changes stand in the trail, without passwords and with masked mails', async () => {
  await signIn(openBrowser(api, '10.3.0.3'), 'mallory@example.com', 'S3CRET-GUESS-VALUE')
  await api.audit.flushRefusals(true)
  const text = JSON.stringify((await api.db.query('select * from audit')).rows)
  assert.ok(!text.includes('S3CRET-GUESS-VALUE') && !text.includes(ADMIN.password) && !text.includes('mallory@'))
  const verbs = new Set((await api.db.query<{ verb: string }>('select verb from audit')).rows.map(row => row.verb))
  for (const verb of [
    'person.set_up',
    'person.invite',
    'person.join',
    'session.sign_in',
    'session.sign_out',
    'session.password',
    'totp.start',
  ])
    assert.ok(verbs.has(verb), verb)
  const { rows } = await api.db.query<{ actor: string; code: string; address: string }>(
    `select actor, code, address from audit where verb = 'session.sign_in' and outcome = 'refused' and address = '10.3.0.3'`,
  )
  assert.deepEqual(rows, [{ actor: 'guest:nobody', code: 'sign_in_refused', address: '10.3.0.3' }])
  const half = await api.db.query(
    `select 1 from audit where verb = 'session.sign_in' and outcome = 'done' and actor = 'guest:nobody'`,
  )
  assert.equal(half.rows.length, 0, 'a right password is no sign-in while a code is asked for')
  assert.ok(!api.log().includes(ADMIN.password))
})
