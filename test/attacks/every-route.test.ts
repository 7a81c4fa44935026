import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Route, routes } from '../../src/contract/api/index.ts'
import { type Answer, openApi, placed } from '../http/api.ts'

/**
 * Every route of the contract, a new one included: hostile text in each of its parameters, and hostile bodies. None may
 * break, none may find more than an ordinary question, none may send the text back where a browser would run it.
 */
const api = await openApi()
await api.tell(...Array.from({ length: 5 }, (_, i) => placed(`ATTACK-${i}`, { customer: { name: `Bobby ${i}` } })))

const HOSTILE = [
  `' or '1'='1`,
  `'; drop table order_row; --`,
  `") or 1=1 --`,
  `\\'; select pg_sleep(60); --`,
  `1; select 1`,
  `$1`,
  `%`,
  `_____`,
  `%' union select null, version() --`,
  `{{7*7}}\${7*7}`,
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `javascript:alert(1)`,
  `../../../etc/passwd`,
  `a\r\nset-cookie: x=y`,
  `a\0b`,
  `\ud83d`,
  `\u202eabc`,
  `-1`,
  `99999999999999999999`,
  `NaN`,
  `1e309`,
  `[]`,
  `{"$gt":""}`,
  `x'.repeat(1)`,
  'x'.repeat(5_000),
] as const

// A lone surrogate cannot be written in an address; it goes as its three bytes, which are no UTF-8.
const encoded = (text: string): string => (text.isWellFormed() ? encodeURIComponent(text) : '%ed%a0%bd')

const all = Object.entries<Route>(routes)
/** Something in the place of each path parameter. */
const pathOf = ({ path }: Route, value = 'x'): string => path.replace(/\{\w+\}/g, encoded(value))
/** Answers of these have no end. */
const isStream = ({ replies }: Route): boolean => Object.values(replies).some(r => r.stream !== undefined)

const ALLOWED = [200, 201, 202, 204, 304, 400, 403, 404, 405, 409, 413, 414, 415, 422, 429]

/** No hostile text may break the server or come back in a form that anything would run. */
function assertHarmless(answer: Answer<unknown>, what: string): void {
  assert.ok(ALLOWED.includes(answer.status), `${what}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 300)}`)
  const type = String(answer.headers['content-type'] ?? '')
  assert.doesNotMatch(type, /html|javascript|xml/, `${what} is no page`)
  assert.equal(answer.headers['x-content-type-options'], 'nosniff', what)
  // Signing out takes cookies away; nothing else touches them.
  for (const cookie of [answer.headers['set-cookie'] ?? []].flat())
    assert.match(String(cookie), /^[\w.-]+=; Max-Age=0;/, what)
  assert.ok(!api.log().includes('a request broke'), `${what}: ${api.log().slice(-2000)}`)
}

interface Listed {
  readonly items?: readonly unknown[]
}

const itemsOf = (answer: Answer<unknown>): number => {
  const { items } = (answer.body ?? {}) as Listed
  return items?.length ?? 0
}

for (const [id, route] of all.filter(([, r]) => r.method === 'GET' && !isStream(r))) {
  const names = Object.keys(route.query?.shape ?? {})
  test(`${id}: hostile text in ${['the path', ...names].join(', ')}, and in a name that nobody knows`, async () => {
    const base = await api.get(pathOf(route))
    for (const text of HOSTILE) {
      for (const name of names) {
        const answer = await api.raw({ method: 'GET', url: `${pathOf(route)}?${name}=${encoded(text)}` })
        assertHarmless(answer, `${id} ${name}=${text}`)
        assert.ok(itemsOf(answer) <= itemsOf(base), `${id} ${name}=${text} finds no more`)
        const twice = await api.raw({ method: 'GET', url: `${pathOf(route)}?${name}=${encoded(text)}&${name}=1` })
        assertHarmless(twice, `${id} ${name} twice`)
      }
      assertHarmless(await api.raw({ method: 'GET', url: `${pathOf(route)}?${encoded(text)}=1` }), `${id} ${text}=1`)
      if (route.path.includes('{'))
        assertHarmless(await api.raw({ method: 'GET', url: pathOf(route, text) }), `${id} /${text}`)
    }
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** The example of a body with `text` in the place of every text of it. */
function poisoned(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text
  if (Array.isArray(value)) return value.map(item => poisoned(item, text))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poisoned(item, text)]))
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

const BODIES: readonly (readonly [string, string])[] = [
  ['too large', `{"a":"${'x'.repeat(13 * 1024 * 1024)}"}`],
  ['too deep', nested(100_000)],
  ['deep', nested(2_000)],
  ['deep lists', `${'['.repeat(2_000)}${']'.repeat(2_000)}`],
  ['the prototype', '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'],
  ['no JSON', '<xml/>'],
  ['a number', '1'],
  ['nothing', 'null'],
  ['many names', `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join()}}`],
  ['a name that repeats', `{${'"a":1,'.repeat(1_000)}"a":2}`],
]

for (const [id, route] of all.filter(([, r]) => r.method !== 'GET')) {
  test(`${id}: hostile bodies are refused, and nothing breaks`, async () => {
    const send = (payload: string): Promise<Answer<unknown>> =>
      api.raw({ method: route.method, url: pathOf(route), headers: JSON_TYPE, payload })
    for (const [name, payload] of BODIES) {
      const answer = await send(payload)
      assertHarmless(answer, `${id}: ${name}`)
      // Without a body all of it is left out, which some routes allow.
      const mayBeEmpty = name === 'nothing' && route.body?.safeParse({}).success
      if (route.body && !mayBeEmpty) assert.ok(answer.status >= 400, `${id} takes ${name}: ${answer.status}`)
    }
    for (const text of HOSTILE) {
      if (route.example) assertHarmless(await send(JSON.stringify(poisoned(route.example, text))), `${id}: ${text}`)
      if (route.path.includes('{'))
        assertHarmless(
          await api.raw({ method: route.method, url: pathOf(route, text), headers: JSON_TYPE, payload: '{}' }),
          `${id} /${text}`,
        )
    }
  })
}

test('packed bodies are refused unread, so that none unpacks to more', async () => {
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, identity', 'x']) {
    const answer = await api.raw({
      method: 'POST',
      url: '/v1/events',
      headers: { ...JSON_TYPE, 'content-encoding': encoding },
      payload: Buffer.alloc(100),
    })
    assert.equal(answer.status, 415)
  }
})

test('after all of that everything is still there, and nothing became what it was not', async () => {
  assert.equal(await api.count('order_row'), 5)
  assert.equal(({} as { admin?: boolean }).admin, undefined)
  assert.equal((await api.get('/healthz')).status, 200)
})
