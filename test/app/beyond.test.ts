import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { urlWhenServing } from '../faults/cluster.ts'
import { type Andon, andon, endedIn, eventually, scratchDir } from '../support/process.ts'

/** Whoever reaches an Andon without an administrator first could make themselves one. */
const PATIENCE = 60_000

async function stop(run: Andon): Promise<void> {
  run.signal('SIGINT')
  assert.deepEqual(await endedIn(PATIENCE, run), { code: 0, signal: null }, run.err)
}

test('nobody else is let near it until there is an administrator', async t => {
  const data = join(scratchDir(t), 'data')
  const start = (...more: string[]): Andon => andon(['start', '--data', data, '--port', '0', ...more])
  for (const host of ['0.0.0.0', '::']) {
    const run = start('--host', host)
    const ended = await endedIn(PATIENCE, run)
    assert.notEqual(ended.code, 0, host)
    assert.match(run.err, /no administrator yet: start without --host/, host)
    assert.doesNotMatch(run.out, /Andon runs at|setup#token/, host)
  }
  const inEnvironment = andon(['start', '--data', data, '--port', '0'], { env: { ANDON_HOST: '0.0.0.0' } })
  assert.notEqual((await endedIn(PATIENCE, inEnvironment)).code, 0)

  const alone = start('--host', '127.0.0.1')
  await urlWhenServing(alone)
  await eventually(() => /setup#token=\S+/.test(alone.out), 'the link of the first run is told')
  const { origin, hash } = new URL(/http\S+setup#token=\S+/.exec(alone.out)?.[0] ?? '')
  const person = { name: 'Ada', mail: 'ada@example.com', password: 'wooden lamp vexing otter' }
  const answer = await fetch(`${origin}/v1/auth/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ ...person, token: hash.replace('#token=', '') }),
  })
  assert.equal(answer.status, 200, await answer.text())
  await stop(alone)

  const open = start('--host', '0.0.0.0')
  const url = new URL(await urlWhenServing(open))
  assert.equal((await fetch(`http://127.0.0.1:${url.port}/healthz`)).status, 200)
  assert.doesNotMatch(open.out, /setup#token/, 'and there is no link any more')
  await stop(open)
})
