import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { advisoriesOf, judge } from '../../scripts/advisory-rules.ts'

const TODAY = '2026-11-22'
const advisory = { name: 'minimist', title: 'Prototype Pollution', severity: 'critical' }
// As npm 7 and later write it: the package itself, and one that uses it.
const REPORT = {
  auditReportVersion: 2,
  vulnerabilities: {
    minimist: {
      name: 'minimist',
      severity: 'critical',
      via: [
        { source: 1097678, ...advisory, url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h', range: '<1.2.6' },
      ],
      effects: ['mkdirp'],
    },
    mkdirp: { name: 'mkdirp', severity: 'critical', via: ['minimist'], effects: [] },
  },
  metadata: { vulnerabilities: { critical: 2, total: 2 } },
}
const FOUND = [{ id: 'GHSA-xvch-5gv4-984h', ...advisory }]

test('each advisory is found once, however many packages it reaches', () => {
  assert.deepEqual(advisoriesOf(REPORT), FOUND)
  assert.deepEqual(advisoriesOf({ auditReportVersion: 2, vulnerabilities: {} }), [])
})

test('what is no report is no answer', () => {
  for (const given of [null, 'x', {}, { message: '405 Method Not Allowed', error: { summary: '' } }])
    assert.equal(advisoriesOf(given), null)
})

test('a serious one fails; with a reason it is let through until its day', () => {
  const entry = { id: 'GHSA-xvch-5gv4-984h', reason: 'never parses what strangers send', until: TODAY }
  assert.match(judge(FOUND, [], TODAY).problems.join(), /minimist: Prototype Pollution \(critical.*update it/)
  assert.deepEqual(judge(FOUND, [entry], TODAY).problems, [])
  assert.match(judge(FOUND, [{ ...entry, until: '2026-11-21' }], TODAY).problems.join(), /look again/)
  assert.deepEqual(judge([{ ...FOUND[0]!, severity: 'low' }], [], TODAY).problems, [])
})

test('what is let through and is gone has to go as well', () => {
  const entry = { id: 'GHSA-aaaa-bbbb-cccc', reason: 'x', until: '2030-01-01' }
  assert.match(judge([], [entry], TODAY).problems.join(), /concerns nothing any more/)
})

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'advisories.ts')
const PACKAGE = { name: 'shop', version: '1.0.0', dependencies: { minimist: '1.2.0' } }
const LOCK = {
  ...{ name: 'shop', version: '1.0.0', lockfileVersion: 3, requires: true },
  packages: {
    '': PACKAGE,
    'node_modules/minimist': { version: '1.2.0', resolved: 'https://registry.npmjs.org/minimist/-/minimist-1.2.0.tgz' },
  },
}
const KNOWN = {
  minimist: [
    {
      ...{ id: 1097678, url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h', title: 'Prototype Pollution' },
      ...{ severity: 'critical', vulnerable_versions: '<1.2.6', cwe: [], cvss: { score: 9.8, vectorString: null } },
    },
  ],
}
const PACKUMENT = { name: 'minimist', versions: { '1.2.0': { name: 'minimist', version: '1.2.0' } } }

/** Runs the script in a project of one package, against a registry of our own. */
async function checked(t: TestContext, advisories: object | null): Promise<{ code: number | null; out: string }> {
  const server = createServer((request, response) => {
    request.resume()
    const isBulk = request.url === '/-/npm/v1/security/advisories/bulk'
    response.statusCode = isBulk && advisories === null ? 405 : 200
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isBulk ? (advisories ?? { message: 'not here' }) : PACKUMENT))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const root = mkdtempSync(join(tmpdir(), 'andon-advisories-'))
  t.after(() => {
    server.close()
    rmSync(root, { recursive: true, force: true })
  })
  mkdirSync(join(root, 'scripts'))
  const files = { 'package.json': PACKAGE, 'package-lock.json': LOCK, 'scripts/advisories-allowed.json': [] }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), JSON.stringify(content))
  const { port } = server.address() as AddressInfo
  const own = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(root, 'cache') }
  const child = spawn(process.execPath, [SCRIPT], { cwd: root, env: { ...process.env, ...own } })
  let out = ''
  child.stdout.on('data', data => (out += data))
  const [code] = await once(child, 'close')
  return { code, out }
}

test('where the registry answers, a known weakness fails the check', async t => {
  const { code, out } = await checked(t, KNOWN)
  assert.match(out, /minimist: Prototype Pollution \(critical/)
  assert.equal(code, 1)
})

test('where it answers that there is none, that is said', async t => {
  const { code, out } = await checked(t, {})
  assert.match(out, /no known weakness/)
  assert.equal(code, 0)
})

test('where it does not answer, nobody is told that all is well', async t => {
  const { code, out } = await checked(t, null)
  assert.match(out, /^NOT CHECKED for known weaknesses: /)
  assert.doesNotMatch(out, /no known weakness in/)
  assert.equal(code, 0)
})
