import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls'
import { keepRenewing, readCertificate, renewal } from '../../src/app/certificate.ts'
import { dataConfig, serveConfig } from '../../src/app/config.ts'
import { LOCAL_DOOR } from '../../src/app/http/door.ts'
import { renewCertificate } from '../../src/app/http/listener.ts'
import { simulatedClock, systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { openApi } from '../http/api.ts'
import { scratchDir } from '../support/process.ts'

const OPENSSL = spawnSync('openssl', ['version']).status === 0
const options = OPENSSL ? {} : { skip: 'needs openssl to make certificates' }
const NO_FLAGS = { values: {}, words: [] }

/** A certificate that names `subject`, in files of its own. */
function certificateIn(dir: string, subject: string): { cert: string; key: string } {
  mkdirSync(dir, { recursive: true })
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
  const names = ['-subj', `/CN=${subject}`, '-addext', 'subjectAltName=DNS:localhost']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const made = spawnSync('openssl', ['req', '-x509', ...curve, ...names, '-keyout', files.key, '-out', files.cert])
  assert.equal(made.status, 0, String(made.stderr))
  return files
}

/** The certificate that the server shows to a new connection. */
async function shownAt(port: number, more: object = {}): Promise<{ peer: PeerCertificate; socket: TLSSocket }> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false, ...more })
  await once(socket, 'secureConnect')
  return { peer: socket.getPeerCertificate(), socket }
}

test(
  'over TLS of our own: answers carry HSTS, old protocols are refused, a renewed certificate is shown',
  options,
  async t => {
    const dir = scratchDir(t)
    const files = certificateIn(join(dir, 'first'), 'first')
    const lines: string[] = []
    const log = createLog({ clock: systemClock, write: line => void lines.push(line) })
    const api = await openApi({ start: false, certificate: readCertificate(files), door: { ...LOCAL_DOOR, tls: true } })
    const port = await api.listen()

    const first = await shownAt(port)
    assert.equal(first.peer.subject.CN, 'first')
    first.socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    let text = ''
    for await (const data of first.socket) text += data
    assert.match(text, /^HTTP\/1\.1 200 /)
    assert.match(text, /strict-transport-security: max-age=31536000/)
    await assert.rejects(shownAt(port, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }))

    const look = renewal(files, next => renewCertificate(api.app, next), log)
    look()
    const second = certificateIn(join(dir, 'second'), 'second')
    copyFileSync(second.cert, files.cert)
    look()
    const still = await shownAt(port)
    assert.equal(still.peer.subject.CN, 'first', 'the key is not there yet')
    still.socket.destroy()
    assert.match(lines.join(''), /the new certificate cannot be used/)
    copyFileSync(second.key, files.key)
    look()
    const renewed = await shownAt(port)
    assert.equal(renewed.peer.subject.CN, 'second')
    renewed.socket.destroy()
    assert.match(lines.join(''), /the certificate was renewed/)
  },
)

test('the files are looked at once a minute until the end', async () => {
  const clock = simulatedClock(0)
  const stop = new AbortController()
  let looks = 0
  const done = keepRenewing(() => void looks++, clock, stop.signal)
  for (const minute of [1, 2, 3]) {
    clock.advanceTo(minute * 60_000)
    await new Promise(setImmediate)
    assert.equal(looks, minute)
  }
  stop.abort()
  await done
  assert.equal(looks, 3)
})

test('files that are no certificate and its key are told at the start', options, t => {
  const dir = scratchDir(t)
  const one = certificateIn(join(dir, 'one'), 'one')
  const two = certificateIn(join(dir, 'two'), 'two')
  assert.throws(() => readCertificate({ cert: one.cert, key: two.key }), /does not belong to the certificate/)
  assert.throws(() => readCertificate({ cert: one.key, key: one.cert }), /must hold a certificate/)
  assert.throws(() => readCertificate({ cert: join(dir, 'none'), key: one.key }), /cannot be read/)
  assert.throws(() => serveConfig(NO_FLAGS, { ANDON_TLS_CERT: one.cert }), /belong together/)
})

test('the door is as configured, and what cannot be is told', () => {
  const door = (env: Record<string, string>) => serveConfig(NO_FLAGS, env).door
  assert.deepEqual(door({}), LOCAL_DOOR)
  assert.deepEqual(
    door({ ANDON_URL: 'https://Orders.Example.com/', ANDON_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::1' }),
    {
      url: 'https://orders.example.com',
      hosts: new Set(['orders.example.com']),
      proxies: ['loopback', '10.0.0.0/8', '2001:db8::1'],
      tls: false,
    },
  )
  assert.deepEqual(door({ ANDON_HOSTS: 'A.example, ::1' }).hosts, new Set(['a.example', '[::1]']))
  for (const bad of ['orders.example.com', 'ftp://x', 'https://x/path', 'https://user:pw@x', 'https://x/?a=b'])
    assert.throws(() => door({ ANDON_URL: bad }), /ANDON_URL must be/, bad)
  for (const bad of ['10.0.0.0/33', 'proxy.example', '10.0.0'])
    assert.throws(() => door({ ANDON_TRUSTED_PROXIES: bad }), /is no network/, bad)
  assert.throws(() => door({ ANDON_HOSTS: 'http://x' }), /takes host names/)
})

test('a secret may come from a file, but not from two places, and is never repeated', t => {
  const dir = scratchDir(t)
  const path = join(dir, 'secret')
  const hex = 'ab'.repeat(32)
  writeFileSync(path, `${hex}\n`)
  const key = (env: Record<string, string>) => dataConfig(NO_FLAGS, env).masterKey
  assert.deepEqual(key({ ANDON_MASTER_KEY_FILE: path }), Buffer.from(readFileSync(path, 'utf8').trim(), 'hex'))
  assert.throws(
    () => key({ ANDON_MASTER_KEY_FILE: path, ANDON_MASTER_KEY: hex }),
    (error: Error) => /both set/.test(error.message) && !error.message.includes(hex),
  )
  assert.throws(() => key({ ANDON_MASTER_KEY_FILE: join(dir, 'none') }), /cannot be read/)
  writeFileSync(path, '\n')
  assert.throws(() => key({ ANDON_MASTER_KEY_FILE: path }), /is empty/)
  writeFileSync(path, 'postgres://someone:else@db/andon')
  assert.equal(dataConfig(NO_FLAGS, { DATABASE_URL_FILE: path }).databaseUrl, 'postgres://someone:else@db/andon')
})
