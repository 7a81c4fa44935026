import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { OLIST_SAMPLE } from '../../src/modules/channels/olist/fixtures.ts'

const MAIN = join(import.meta.dirname, '../../src/app/main.ts')
const scratch = mkdtempSync(join(tmpdir(), 'andon packs '))
chmodSync(scratch, 0o755)
after(() => rmSync(scratch, { recursive: true, force: true }))
const olist = join(scratch, 'olist')
mkdirSync(olist)
for (const [file, text] of Object.entries(OLIST_SAMPLE)) writeFileSync(join(olist, file), text)
const data = join(scratch, 'data')
const file = join(scratch, 'core.yaml')

interface Told {
  readonly [key: string]: unknown
}

async function andon(...args: string[]): Promise<{ code: number | null; out: string; err: string; json: Told }> {
  const child = spawn(process.execPath, [MAIN, ...args, '--json'], { cwd: scratch })
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => (out += chunk))
  child.stderr.on('data', chunk => (err += chunk))
  const [code] = await once(child, 'close')
  const last = out.trim().split('\n').at(-1) ?? ''
  return { code, out, err, json: last.startsWith('{') ? JSON.parse(last) : {} }
}

test('the packs that ship pass; one with a wrong example does not, and says which', async () => {
  const good = await andon('packs', 'test')
  assert.deepEqual([good.code, good.json.failed], [0, []])
  assert.ok(Number(good.json.rules) >= 40)
  const dir = join(scratch, 'bad')
  mkdirSync(dir)
  const text = readFileSync(join(import.meta.dirname, '../../packs/core.yaml'), 'utf8')
  writeFileSync(join(dir, 'core.yaml'), text.replace('holds: true', 'holds: false'))
  const bad = await andon('packs', 'test', dir)
  assert.equal(bad.code, 1)
  assert.match(bad.out, /example \d+ does not come out as it says/)
  assert.equal((bad.json.failed as string[]).length, 1)
  // A calendar of one's own that cannot be read is told, and not silently that of the release.
  mkdirSync(join(dir, 'calendars'))
  writeFileSync(join(dir, 'calendars', 'mine.yaml'), 'calendar: mine\nzone: Nowhere/At-All\n')
  assert.match((await andon('packs', 'test', dir)).err, /mine\.yaml: /)
})

test('a pack goes out, is compared and comes in as drafts', async () => {
  assert.equal((await andon('import', 'olist', olist, '--data', data)).code, 0)
  const out = await andon('packs', 'export', 'core', '--out', file, '--data', data)
  assert.deepEqual([out.code, out.json.rules], [0, 10], out.err)
  const same = await andon('packs', 'diff', file, '--data', data)
  assert.deepEqual([same.code, same.json.differing], [0, []], same.out)

  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('severity: P2', 'severity: P1'))
  const diff = await andon('packs', 'diff', file, '--data', data)
  const [changed, ...more] = diff.json.differing as { rule: string; what: string; differences: { path: string }[] }[]
  assert.deepEqual(
    [diff.code, more, changed?.what, changed?.differences.map(d => d.path)],
    [1, [], 'changed', ['severity']],
  )
  const into = await andon('packs', 'import', file, '--data', data)
  assert.deepEqual([into.code, into.json.drafts], [0, [{ rule: changed?.rule, version: 2 }]], into.err)
  const again = await andon('packs', 'import', file, '--data', data)
  assert.equal(again.code, 0)
  assert.match(again.out, /says so already[\s\S]*0 drafts saved/)
  // Drafts do not run: what stands here is as it was.
  assert.equal((await andon('packs', 'diff', file, '--data', data)).code, 1)
})

test('mistakes are one sentence and exit code 2', async () => {
  for (const [args, said] of [
    [['packs'], /Say which: andon packs test/],
    [['packs', 'fly', 'x'], /There is no andon packs fly/],
    [['packs', 'export', 'nothing', '--data', data], /No rule of a pack nothing stands here/],
    [['packs', 'diff', 'nowhere.yaml', '--data', data], /There is no file nowhere\.yaml/],
  ] as const) {
    const ran = await andon(...args)
    assert.equal(ran.code, 2, args.join(' '))
    assert.match(ran.err, said)
  }
})
