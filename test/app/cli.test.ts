import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { OLIST_SAMPLE } from '../../src/modules/channels/olist/fixtures.ts'
import { connect } from '../../src/platform/database.ts'
import { attachPostgres, startPostgres } from '../../src/platform/postgres/index.ts'

const MAIN = join(import.meta.dirname, '../../src/app/main.ts')
const scratch = mkdtempSync(join(tmpdir(), 'andon cli '))
chmodSync(scratch, 0o755)
const children = new Set<ChildProcess>()
after(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
})

const olist = join(scratch, 'olist')
mkdirSync(olist)
for (const [file, text] of Object.entries(OLIST_SAMPLE)) writeFileSync(join(olist, file), text)
const live = join(scratch, 'live data')
const played = join(scratch, 'played')

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** The last line of the output, when it is JSON. */
  readonly json: Readonly<Record<string, unknown>>
}

function launch(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env }, cwd: scratch })
  children.add(child)
  return child
}

async function andon(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = launch(args, env)
  let out = ''
  let err = ''
  child.stdout?.on('data', data => (out += data))
  child.stderr?.on('data', data => (err += data))
  const [code] = await once(child, 'close')
  children.delete(child)
  const last = out.trim().split('\n').at(-1) ?? ''
  return { code, out, err, json: last.startsWith('{') ? JSON.parse(last) : {} }
}

/** Starts Andon and resolves with its URL. */
async function started(args: readonly string[]): Promise<{ url: string; stop(): Promise<number> }> {
  const child = launch(['start', ...args])
  let err = ''
  child.stderr?.on('data', data => (err += data))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', data => {
      const found = /Andon runs at (http\S+)/.exec(String(data))
      if (found) resolve(found[1]!)
    })
    child.once('exit', code => reject(new Error(`andon start ended with ${code}: ${err}`)))
  })
  const stop = async () => {
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    children.delete(child)
    return code
  }
  return { url, stop }
}

const sentence = (text: string): string => text.trim().split('\n').at(-1) ?? ''

test('help tells every verb; what cannot be used is said in one sentence', async () => {
  const help = await andon(['--help'])
  assert.equal(help.code, 0)
  const verbs = [
    'start',
    'import',
    'replay',
    'export',
    'rebuild',
    'verify-ledger',
    'anchor',
    'sign-in-link',
    'key',
    'doctor',
  ]
  for (const verb of verbs) assert.match(help.out, new RegExp(`^ +${verb} `, 'm'))
  for (const own of await Promise.all(verbs.map(verb => andon([verb, '--help'])))) {
    assert.deepEqual([own.code, own.err], [0, ''])
    assert.match(own.out, /--data <dir>/)
  }
  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['fly'], /There is no verb "fly"/],
    [['start', '--colour', 'red'], /Unknown option '--colour'/],
    [['start', '--lanes', '0'], /number of lanes must be a whole number from 1 to 32/],
    [['start', '--port', '99999'], /port must be a whole number from 0 to 65535/],
    [['import'], /Name a folder/],
    [['export', scratch], /andon export takes no "/],
    [['replay', 'olist', olist], /Name a data directory for the replay/],
    [['replay', 'olist', olist, '--data', played, '--until', 'later'], /--until takes an ISO 8601 instant/],
  ]
  const answers = await Promise.all(mistakes.map(([args]) => andon(args)))
  answers.forEach(({ code, err }, i) => {
    assert.equal(code, 2, mistakes[i]![0].join(' '))
    assert.match(sentence(err), mistakes[i]![1])
  })
  assert.ok(!existsSync(live) && !existsSync(played), 'a mistake leaves nothing behind')
})

test('a path that the system refuses is said in one sentence', async () => {
  const file = join(scratch, 'a file')
  writeFileSync(file, '')
  const [seen, begun] = await Promise.all([
    andon(['doctor', '--data', file]),
    andon(['start', '--data', join(file, 'below')]),
  ])
  assert.match(seen.out, /fail +data +\S.* is no directory: /)
  assert.deepEqual([begun.code, begun.err.includes('    at ')], [1, false], begun.err)
})

test('a data directory that nobody used is not made by looking at it', async () => {
  for (const verb of ['verify-ledger', 'export', 'rebuild']) {
    const ran = await andon([verb, '--data', live])
    assert.equal(ran.code, 2)
    assert.match(sentence(ran.err), /^There is no Andon in /)
  }
  const seen = await andon(['doctor', '--data', live, '--json'])
  assert.deepEqual([seen.code, seen.json.failed], [0, 0], seen.out)
  assert.ok(!existsSync(live))
})

test('a taken port, a wrong DATABASE_URL and a missing folder are said in one sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const ran = await andon(['start', '--data', live, '--port', String(port)])
  taken.close()
  assert.deepEqual(
    [ran.code, sentence(ran.err)],
    [1, `Port ${port} of 127.0.0.1 is taken: choose another with --port.`],
  )
  for (const [url, said] of [
    ['mysql://x', /must look like postgres:\/\//],
    ['postgres://u:secret@127.0.0.1:1/x', /No database answers at 127.0.0.1:1/],
  ] as const) {
    const wrong = await andon(['doctor', '--json'], { DATABASE_URL: url })
    assert.equal(wrong.code, 1)
    assert.match(wrong.out, said)
    assert.ok(!`${wrong.out}${wrong.err}`.includes('secret'), 'the password is never printed')
  }
  const missing = await andon(['import', 'olist', join(scratch, 'nowhere'), '--data', live, '--json'])
  assert.equal(missing.code, 1)
  assert.match(sentence(missing.err), /cannot be listed/)
  assert.deepEqual([missing.json.ok, missing.json.error], [false, 'folder_unreadable'])
})

test('start; beside it import, verify-ledger and doctor; then Ctrl-C', async () => {
  const { url, stop } = await started(['--data', live, '--port', '0'])
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  if (process.platform !== 'win32') assert.equal(statSync(join(live, 'secret.key')).mode & 0o777, 0o600)
  const second = await andon(['start', '--data', live, '--port', '0'])
  assert.equal(second.code, 1)
  assert.match(sentence(second.err), /^Another Andon \(pid \d+\) is using/)
  const imported = await andon(['import', 'olist', olist, '--data', live, '--json'])
  assert.equal(imported.code, 0, imported.err)
  const { rows, used, reported, events, accepted, quarantined } = imported.json
  assert.deepEqual(
    { rows, used, reported, events, accepted, quarantined },
    {
      ...{ rows: 38, used: 33, reported: 5, events: 35, accepted: 35, quarantined: 0 },
    },
  )
  assert.equal(readFileSync(String(imported.json.report), 'utf8').trim().split('\n').length > 0, true)
  const made = await andon(['key', 'look', '--rights', 'order.read', '--data', live, '--json'])
  assert.equal(made.code, 0, made.err)
  const headers = { authorization: `Bearer ${made.json.key}` }
  assert.equal((await fetch(`${url}/v1/orders`)).status, 401)
  const orders = await (await fetch(`${url}/v1/orders?channel=olist`, { headers })).json()
  assert.equal((orders as { total: { count: number } }).total.count, 7)
  assert.equal((await andon(['verify-ledger', '--data', live])).code, 0)
  const seen = await andon(['doctor', '--data', live])
  assert.equal(seen.code, 0, seen.out)
  assert.match(seen.out, /^ok +running +32 of 32 groups/m)
  const refused = await andon(['rebuild', '--data', live])
  assert.equal(refused.code, 1)
  assert.match(sentence(refused.err), /is using/)
  assert.equal(await stop(), 0)
})

test('importing twice changes nothing, and a live world is no place for a replay', async () => {
  const again = await andon(['import', 'olist', olist, '--data', live, '--json'])
  assert.equal(again.code, 0, again.err)
  assert.deepEqual([again.json.accepted, again.json.duplicates], [0, 35])
  const replay = await andon(['replay', 'olist', olist, '--data', live])
  assert.equal(replay.code, 2)
  assert.match(sentence(replay.err), /is live: choose another with --data/)
})

test('export and rebuild', async () => {
  const before = await andon(['export', '--data', live, '--out', join(scratch, 'before'), '--json'])
  assert.deepEqual([before.code, before.json.orders], [0, 7])
  const rebuilt = await andon(['rebuild', '--data', live, '--json'])
  assert.deepEqual([rebuilt.code, rebuilt.json.orders], [0, 7], rebuilt.err)
  const next = await andon(['export', '--data', live, '--out', join(scratch, 'after'), '--json'])
  assert.equal(next.json.facts, before.json.facts)
  for (const name of ['orders', 'cases', 'ledger'])
    assert.equal(
      readFileSync(join(scratch, 'after', `${name}.jsonl`), 'utf8'),
      readFileSync(join(scratch, 'before', `${name}.jsonl`), 'utf8'),
      name,
    )
})

test('a rebuild that was broken off is told of, until one comes to its end', async () => {
  const altered = async (text: string): Promise<void> => {
    const server = await startPostgres({ dataDir: live })
    const db = await connect({ connection: server.connection })
    await db.query(text)
    await db.close()
    await server.stop()
  }
  await altered('alter table finding_row rename to finding_row_away')
  assert.equal((await andon(['rebuild', '--data', live])).code, 1)
  await altered('alter table finding_row_away rename to finding_row')
  const refused = await andon(['import', 'olist', olist, '--data', live])
  assert.equal(refused.code, 2)
  assert.match(sentence(refused.err), /^A rebuild was broken off/)
  const exported = await andon(['export', '--data', live, '--out', join(scratch, 'half')])
  assert.equal(exported.code, 2)
  assert.match(sentence(exported.err), /^A rebuild was broken off/)
  assert.equal((await andon(['rebuild', '--data', live])).code, 0)
  assert.equal((await andon(['import', 'olist', olist, '--data', live])).code, 0)
})

test('a replay is a world of its own: resumable, with the same end, and not for start', async () => {
  const half = await andon(['replay', 'olist', olist, '--data', played, '--until', '2018-01-01', '--json'])
  assert.equal(half.code, 0, half.err)
  assert.equal(half.json.clock, '2018-01-01T00:00:00.000Z')
  const whole = await andon(['replay', 'olist', olist, '--data', played, '--json', '--lanes', '1'])
  assert.deepEqual([whole.code, whole.json.events, whole.json.quarantined], [0, 35, 0], whole.err)
  const other = join(scratch, 'other')
  const direct = await andon(['replay', 'olist', olist, '--data', other, '--json', '--lanes', '4'])
  assert.deepEqual([direct.json.cases, direct.json.clock], [whole.json.cases, whole.json.clock])
  const start = await andon(['start', '--data', played, '--port', '0'])
  assert.equal(start.code, 2)
  assert.match(sentence(start.err), /holds a replay/)
})

test('a key that is not that of the database is refused, and none is left in its place', async () => {
  const key = join(live, 'secret.key')
  renameSync(key, `${key}.away`)
  const ran = await andon(['verify-ledger', '--data', live])
  assert.equal(ran.code, 2)
  assert.match(sentence(ran.err), /The master key is not the one/)
  assert.ok(!existsSync(key))
  renameSync(`${key}.away`, key)
})

test('the trail tells of every verb; an anchor that is kept proves later what it says, and only of its own world', async () => {
  const kept = join(scratch, 'anchors.jsonl')
  const printed = await andon(['anchor', '--data', live])
  assert.equal(JSON.parse(printed.out).links.length, 33)
  for (let i = 0; i < 2; i++) assert.equal((await andon(['anchor', '--data', live, '--out', kept])).code, 0)
  const held = await andon(['verify-ledger', '--data', live, '--anchor', kept])
  assert.equal(held.code, 0, held.out)
  assert.match(held.out, /against 2 anchors: the chains hold/)
  const strange = await andon(['verify-ledger', '--data', played, '--anchor', kept])
  assert.equal(strange.code, 2)
  assert.match(sentence(strange.err), /another Andon, or of another master key/)
  const none = await andon(['verify-ledger', '--data', live, '--anchor', join(scratch, 'nothing')])
  assert.equal(none.code, 2)
  const { stop } = await started(['--data', live, '--port', '0'])
  const connection = await attachPostgres(live)
  const db = await connect({ connection: connection!, poolSize: 1 })
  const { rows } = await db.query<{ verb: string; actor: string; agent: string; pos: number | null }>(
    `select verb, actor, agent, pos from audit where bucket = 0 and verb like 'cli.%' order by id`,
  )
  await db.close()
  for (const verb of ['start', 'import', 'key', 'export', 'rebuild', 'verify-ledger', 'anchor'])
    assert.ok(
      rows.some(r => r.verb === `cli.${verb}` && r.actor === 'system:cli' && r.agent.includes('@')),
      verb,
    )
  assert.ok(
    rows.slice(0, -1).every(r => r.pos !== null),
    'sealed by the verb itself where no server runs',
  )
  assert.equal(await stop(), 0)
})

test('verify-ledger names what was tampered with', async () => {
  const { stop } = await started(['--data', live, '--port', '0'])
  const connection = await attachPostgres(live)
  assert.ok(connection)
  const db = await connect({ connection, poolSize: 1 })
  const { rows } = await db.query<{ stream: string }>(
    `update ledger set body = replace(body::text, '"BRL"', '"USD"')::json where seq = 1 and type = 'order.placed' returning stream`,
  )
  await db.close()
  const ran = await andon(['verify-ledger', '--data', live, '--json'])
  assert.equal(ran.code, 1)
  assert.ok(rows.some(r => ran.out.includes(r.stream)))
  assert.ok(Array.isArray(ran.json.problems) && ran.json.problems.length > 0)
  assert.equal(await stop(), 0)
})
