import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { mayReach, PUBLIC_ONLY } from '../../src/platform/outbound/addresses.ts'
import { outbound, type Resolve, Unreachable } from '../../src/platform/outbound/request.ts'

const reached: string[] = []
const inner = createServer((request, response) => {
  reached.push(String(request.url))
  if (request.url === '/redirect') response.writeHead(302, { location: '/secret' })
  if (request.url === '/endless') {
    const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more)))
    return more()
  }
  response.end('inner')
}).listen(0, '127.0.0.1')
await once(inner, 'listening')
after(() => {
  inner.closeAllConnections()
  inner.close()
})
const { port } = inner.address() as AddressInfo

const FORBIDDEN = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:53aa::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'ff02::1',
  'not an address',
  '',
]
for (const address of FORBIDDEN)
  test(`no request leaves for ${address || 'nothing'}`, () => assert.ok(!mayReach(address, PUBLIC_ONLY)))

test('public addresses are reached, and private ones that are listed', () => {
  for (const address of ['1.1.1.1', '203.119.25.1', '2606:4700:4700::1111']) assert.ok(mayReach(address, PUBLIC_ONLY))
  const reach = { allowed: ['10.1.0.0/16', '127.0.0.1', 'fd00::/8'] }
  for (const address of ['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', 'fd00::7'])
    assert.ok(mayReach(address, reach), address)
  for (const address of ['10.2.0.1', '127.0.0.2', 'fe80::1']) assert.ok(!mayReach(address, reach), address)
})

const outgoing = (url: string, signal = AbortSignal.timeout(30_000)) => ({ url, headers: {}, body: '{}', signal })

const LITERALS = [
  `http://127.0.0.1:${port}/secret`,
  `http://2130706433:${port}/secret`,
  `http://0x7f.1:${port}/secret`,
  `http://0177.0.0.1:${port}/secret`,
  `http://127.1:${port}/secret`,
  `http://[::1]:${port}/secret`,
  `http://[::ffff:127.0.0.1]:${port}/secret`,
  `http://0:${port}/secret`,
  `http://127.0.0.1.:${port}/secret`,
  `http://localhost:${port}/secret`,
  `http://localhost.:${port}/secret`,
  `http://①②⑦.⓪.⓪.①:${port}/secret`,
  'file:///etc/passwd',
]
for (const url of LITERALS) {
  test(`however it is written: ${url.replace(String(port), 'port')}`, async () => {
    await assert.rejects(outbound(PUBLIC_ONLY)(outgoing(url)), (error: NodeJS.ErrnoException) => {
      // Whether a name with a dot at its end resolves is up to the machine.
      return error instanceof Unreachable || error.code === 'ENOTFOUND'
    })
    assert.deepEqual(reached, [])
  })
}

const answers =
  (...rounds: readonly (readonly string[])[]): Resolve =>
  (_name, done) => {
    const addresses = rounds[Math.min(asked++, rounds.length - 1)] ?? []
    done(
      null,
      addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
let asked = 0

test('a name that also stands for a private address is not reached', async () => {
  asked = 0
  const post = outbound(PUBLIC_ONLY, answers(['1.1.1.1', '127.0.0.1']))
  await assert.rejects(post(outgoing(`http://two.example:${port}/secret`)), Unreachable)
  assert.deepEqual(reached, [])
})

test('a name is resolved once: what it stands for a moment later is not asked again', async () => {
  asked = 0
  // The first answer is allowed and checked; a second look would find another address.
  const post = outbound({ allowed: ['127.0.0.1'] }, answers(['127.0.0.1'], ['10.0.0.1']))
  assert.deepEqual(await post(outgoing(`http://rebind.example:${port}/first`)), { status: 200 })
  assert.equal(asked, 1)
  assert.deepEqual(reached.splice(0), ['/first'])
})

test('a redirect is an answer and not an order', async () => {
  const post = outbound({ allowed: ['127.0.0.1'] })
  assert.deepEqual(await post(outgoing(`http://127.0.0.1:${port}/redirect`)), { status: 302 })
  assert.deepEqual(reached.splice(0), ['/redirect'])
})

test('an answer without an end is cut off', async () => {
  const post = outbound({ allowed: ['127.0.0.1'] })
  assert.deepEqual(await post(outgoing(`http://127.0.0.1:${port}/endless`)), { status: 200 })
  reached.splice(0)
})

test('what was refused tells the host and not the address', async () => {
  const post = outbound(PUBLIC_ONLY, answers(['10.20.30.40']))
  await assert.rejects(post(outgoing('https://inner.example/')), (error: Error) => {
    assert.match(error.message, /inner\.example is not a public address/)
    return !error.message.includes('10.20')
  })
})
