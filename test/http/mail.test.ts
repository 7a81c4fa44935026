import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { until } from '../pipeline/world.ts'
import { assertProblem, type Of, openApi } from './api.ts'
import { ADMIN, openBrowser, openCompany, tokenOf } from './company.ts'

interface Letter {
  readonly from: string
  readonly to: readonly string[]
  /** Headers and text, with soft line ends joined and codes undone. */
  readonly text: string
}

const letters: Letter[] = []
let refuse = false
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onAuth: ({ username, password }, _session, done) =>
    username === 'andon' && password === 'letmein' ? done(null, { user: 'andon' }) : done(new Error('no')),
  onData(stream, session, done) {
    const chunks: Buffer[] = []
    stream.on('data', chunk => chunks.push(chunk))
    stream.on('end', () => {
      if (refuse) return done(new Error('mailbox full'))
      const { mailFrom, rcptTo } = session.envelope
      letters.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(rcpt => rcpt.address),
        text: readable(Buffer.concat(chunks).toString('utf8')),
      })
      done()
    })
  },
})
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
after(() => new Promise<void>(resolve => server.close(() => resolve())))
const { port } = server.server.address() as { port: number }

const mail = { url: `smtp://andon:letmein@127.0.0.1:${port}`, from: 'Andon <andon@example.com>' }
const { api, ada } = await openCompany({ access: { mail } })

/** Undoes quoted-printable and base64, which the library chooses by what is in the text. */
function readable(raw: string): string {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  if (/transfer-encoding: base64/i.test(head)) return `${head}\n\n${Buffer.from(body, 'base64').toString('utf8')}`
  if (!/transfer-encoding: quoted-printable/i.test(head)) return raw
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return `${head}\n\n${Buffer.from(bytes, 'latin1').toString('utf8')}`
}

const linkIn = ({ text }: Letter): string => /http:\/\/localhost:4680\/\w+#token=[\w-]{43}/.exec(text)?.[0] ?? ''

test('an invitation is mailed to the one who is invited, and not shown to who invites', async () => {
  const given = { name: '王小明', mail: 'xiaoming@example.com', language: 'zh-CN', roles: [{ role: 'warehouse' }] }
  const invited = await ada.post<{ invitation: object }>('/v1/people', given)
  assert.deepEqual(invited.body.invitation, { sent: true, link: null })
  const letter = letters.at(-1)!
  assert.deepEqual([letter.from, letter.to], ['andon@example.com', ['xiaoming@example.com']])
  assert.match(letter.text, /王小明，您好/)
  const password = 'seven copper moths recite'
  const joined = await openBrowser(api).post('/v1/auth/join', { token: tokenOf(linkIn(letter)), password })
  assert.equal(joined.status, 200)
})

test('whose language is not known gets both', async () => {
  await ada.post('/v1/people', { name: 'Berta', mail: 'berta@example.com', roles: [] })
  assert.match(letters.at(-1)!.text, /Berta，您好[\s\S]*Hello Berta/)
})

test('a forgotten password: the same answer for everybody, a mail for who is there', async () => {
  const browser = openBrowser(api)
  assert.equal((await browser.get<Of<'getSignInOptions'>>('/v1/auth/options')).body.reset, true)
  const before = letters.length
  const [known, unknown] = [
    await browser.post('/v1/auth/forgot', { mail: ADMIN.mail }),
    await browser.post('/v1/auth/forgot', { mail: 'nobody@example.com' }),
  ]
  assert.deepEqual([known.status, known.body], [unknown.status, unknown.body])
  await until(() => letters.length > before)
  const token = tokenOf(linkIn(letters.at(-1)!))
  const look = await browser.post<Of<'lookAtLink'>>('/v1/auth/link', { token })
  assert.deepEqual([look.body.kind, look.body.mail], ['reset', ADMIN.mail])
  assertProblem(await browser.post('/v1/auth/reset', { token, password: 'ada@example.com' }), 422, 'password_refused')
  const password = 'eleven tin lanterns swaying'
  assert.equal((await browser.post('/v1/auth/reset', { token, password })).status, 204)
  assertProblem(await browser.post('/v1/auth/reset', { token, password }), 410, 'link_invalid')
  assertProblem(await ada.get('/v1/me'), 401, 'not_signed_in')
  assertProblem(await browser.get('/v1/me'), 401, 'not_signed_in')
  assert.equal((await ada.post('/v1/auth/sign-in', { mail: ADMIN.mail, password })).status, 200)
  assert.equal(letters.length, before + 1, 'nobody else got one')
})

test('mails cannot be asked for without end', async () => {
  const browser = openBrowser(api, '10.6.0.1')
  const statuses = []
  for (let i = 0; i < 7; i++)
    statuses.push((await browser.post('/v1/auth/forgot', { mail: 'many@example.com' })).status)
  assert.deepEqual(statuses, [202, 202, 202, 202, 202, 429, 429])
})

test('an address cannot smuggle in another one, or a header', async () => {
  const before = letters.length
  for (const address of [
    'a@example.com\r\nBcc: eve@example.com',
    'a@example.com,eve@example.com',
    '"a"<eve@example.com>',
    'a b@example.com',
  ])
    assertProblem(await ada.post('/v1/people', { name: 'X', mail: address, roles: [] }), 400, 'invalid_request')
  assertProblem(
    await ada.post('/v1/people', { name: 'X\r\nBcc: eve@example.com', mail: 'x@example.com', roles: [] }),
    400,
    'invalid_request',
  )
  assert.equal(letters.length, before)
})

test('a mail server that refuses is told to who invites, and the link can be had again', async () => {
  refuse = true
  const failed = await ada.post<{ invitation: { sent: boolean } }>('/v1/people', {
    name: 'C',
    mail: 'carl@example.com',
    roles: [],
  })
  assert.equal(failed.status, 502)
  assertProblem(failed, 502, 'mail_not_sent')
  refuse = false
  const { items } = (await ada.get<Of<'listPeople'>>('/v1/people?q=carl')).body
  assert.equal(items[0]?.status, 'invited', 'the person is there')
  assert.deepEqual((await ada.post(`/v1/people/${items[0]!.id}/link`)).body, { sent: true, link: null })
  assert.deepEqual(letters.at(-1)!.to, ['carl@example.com'])
  assert.ok(!api.log().includes('letmein'))
})

test('without a mail server forgotten passwords are a matter for the administrator', async () => {
  const plain = await openApi()
  const browser = openBrowser(plain)
  assert.equal((await browser.get<Of<'getSignInOptions'>>('/v1/auth/options')).body.reset, false)
  assertProblem(await browser.post('/v1/auth/forgot', { mail: ADMIN.mail }), 409, 'mail_not_set_up')
})
