import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedClock } from './clock.ts'
import { createLog, type LogOptions } from './log.ts'

function capture(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const clock = simulatedClock(1_800_000_000_000)
  return { lines, log: createLog({ clock, write: line => lines.push(line), ...options }) }
}

test('a line is one JSON object with time, level, message and fields', () => {
  const { lines, log } = capture()
  log.with({ node: 'n1' }).info('step done', { rows: 3 })
  assert.deepEqual(
    lines.map(line => JSON.parse(line)),
    [{ node: 'n1', rows: 3, time: '2027-01-15T08:00:00.000Z', level: 'info', message: 'step done' }],
  )
  assert.ok(lines[0]?.endsWith('}\n'))
})

test('lines below the level are not written', () => {
  const { lines, log } = capture({ level: 'warn' })
  log.debug('a')
  log.info('b')
  log.warn('c')
  log.error('d')
  assert.equal(lines.length, 2)
})

test('personal data and secrets are not written, however deep and however spelled', () => {
  const { lines, log } = capture()
  const person = { Name: 'PII-1', phone_number: 'PII-2', 'ship-to': { address: 'PII-3' }, list: [{ EMAIL: 'PII-4' }] }
  log.info('x', {
    person,
    headers: { authorization: 'PII-5', 'set-cookie': 'PII-6' },
    password: 'PII-7',
    body: { a: 'PII-8' },
  })
  assert.doesNotMatch(lines.join(), /PII/)
  assert.match(lines.join(), /redacted/)
})

test('an error keeps code, message and stack, and loses the row values of a database error', () => {
  const { lines, log } = capture()
  log.error('x', {
    error: Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(PII)', where: 'PII' }),
  })
  const { error } = JSON.parse(lines[0] ?? '')
  assert.deepEqual([error.code, error.message, error.type], ['23505', 'duplicate key', 'Error'])
  assert.doesNotMatch(lines.join(), /PII/)
})

test('a field cannot pretend to be another line', () => {
  const { lines, log } = capture()
  log.info('real', { message: 'forged', level: 'error', source: 'a\n{"level":"error"}' })
  assert.equal(lines.join('').split('\n').length, 2)
  assert.equal(JSON.parse(lines[0] ?? '').message, 'real')
})

test('a terminal gets plain text', () => {
  const { lines, log } = capture({ format: 'text' })
  log.warn('slow', { ms: 12 })
  assert.deepEqual(lines, ['08:00:00 WARN slow ms=12\n'])
})

test('what cannot be JSON does not break the caller', () => {
  const { lines, log } = capture()
  const loop: Record<string, unknown> = { big: 1n, bytes: new Uint8Array(3) }
  loop.self = loop
  log.info('x', loop)
  assert.equal(lines.length, 1)
})

test('a secret is told by any name that says so, and by its form inside of a text', () => {
  for (const format of ['json', 'text'] as const) {
    const { lines, log } = capture({ format })
    log.info('x', {
      clientSecret: 'S~1',
      smtp_password: 'S~2',
      'x-auth-token': 'S~3',
      Cookies: 'S~4',
      masterKeyHex: 'S~5',
    })
    log.error('could not connect to postgres://andon:S~6@db:5432/andon', {
      error: new Error('GET https://user:S~7@host/path failed', {
        cause: new Error('Authorization: Bearer S~8abcdefgh'),
      }),
      note2: 'redis://:S~9@cache',
      // The forms are unlike any folder's name: the stack of an error names folders.
      tried: ['whsec_Sxyzzy10', 'Basic UzExOlMxMQ=='],
    })
    assert.doesNotMatch(lines.join(), /S~\d|Sxyzzy|UzExOlMxMQ/)
    assert.match(lines.join(), /postgres:\/\/\[redacted\]@db:5432\/andon/)
    assert.match(lines.join(), /@host\/path failed/)
  }
})

test('a mail address inside of a text is not written, whatever the text is', () => {
  const { lines, log } = capture()
  log.warn('no mail to li.fang+x@example.com.cn', { error: new Error('550 <ana@b.co> unknown'), list: ['a_b@c.de,'] })
  assert.doesNotMatch(lines[0] ?? '', /fang|ana@|a_b/)
  log.warn('x', { where: 'file:///app/node_modules/@fastify/static/index.js:12', host: 'user@host' })
  assert.match(lines[1] ?? '', /@fastify\/static/)
  assert.match(lines[1] ?? '', /user@host/)
})

test('a line of text stays one line, and says nothing to the terminal', () => {
  const { lines, log } = capture({ format: 'text' })
  log.warn('a\n10:00:00 ERROR forged\r\u001b[2Jb\u009bc\u2028d', { host: 'x\r\nfoo\u001b[31m\u009b31m' })
  assert.equal(lines.length, 1)
  assert.doesNotMatch((lines[0] ?? '').trimEnd(), /\p{Cc}/u)
})
