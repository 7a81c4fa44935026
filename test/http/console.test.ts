import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { assertProblem, openApi } from './api.ts'

/** A console as the build leaves it, of one script. */
function built(): string {
  const folder = mkdtempSync(join(tmpdir(), 'andon-console-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'assets'), { recursive: true })
  const page = '<!doctype html><meta nonce="__CSP_NONCE__"><link nonce="__CSP_NONCE__" href="/assets/a-1.css">'
  writeFileSync(join(folder, 'index.html'), page)
  writeFileSync(join(folder, 'lamp.svg'), '<svg/>')
  writeFileSync(join(folder, 'assets', 'main-1.js'), 'let a = 1')
  writeFileSync(join(folder, 'assets', 'main-1.js.gz'), gzipSync('let a = 1'))
  return folder
}

const api = await openApi({ consoleFolder: built(), start: false })
const page = { accept: 'text/html,*/*' }

test('the page carries a nonce of its own, the same in its policy', async () => {
  const nonceOf = async (): Promise<string> => {
    const { status, headers, body } = await api.get<string>('/', page)
    assert.equal(status, 200)
    assert.match(String(headers['content-type']), /text\/html/)
    assert.equal(headers['cache-control'], 'no-cache')
    const nonces = new Set([...body.matchAll(/nonce="([^"]+)"/g)].map(m => m[1]))
    assert.equal(nonces.size, 1)
    const [nonce = ''] = nonces
    assert.ok(String(headers['content-security-policy']).includes(`style-src 'self' 'nonce-${nonce}'`))
    return nonce
  }
  assert.notEqual(await nonceOf(), await nonceOf())
})

test('an address that only the console knows is answered with its page', async () => {
  for (const path of ['/cases', '/cases/c-01?tab=1', '/sign-in', '/openapi.jsonx/y'])
    assert.equal((await api.get(path, page)).status, 200, path)
})

test('nothing of the API is ever answered with a page', async () => {
  for (const path of ['/v1/nothing', '/v1', '/v1/orders/x/nothing', '/assets/gone.js', '/favicon.ico'])
    assertProblem(await api.get(path, page), 404, 'route_not_found')
  assertProblem(await api.get('/cases', { accept: 'application/json' }), 404, 'route_not_found')
  assertProblem(await api.raw({ method: 'POST', url: '/cases', headers: page }), 404, 'route_not_found')
})

test('assets are kept for good, compressed as the browser takes them, and stay inside their folder', async () => {
  const { status, headers } = await api.get('/assets/main-1.js', { 'accept-encoding': 'gzip' })
  assert.equal(status, 200)
  assert.equal(headers['content-encoding'], 'gzip')
  assert.match(String(headers['content-type']), /javascript/)
  assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal((await api.get('/assets/main-1.js')).body, 'let a = 1')
  for (const path of ['/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/..%2findex.html'])
    assert.notEqual((await api.get(path)).status, 200, path)
})

test('without a built console the first page says how to build it', async () => {
  const bare = await openApi({ start: false })
  const { body } = await bare.get<string>('/', page)
  assert.match(body, /npm run build/)
  assertProblem(await bare.get('/cases', page), 404, 'route_not_found')
})
