// One command, seconds, no database: everything that can be known about this tree without running it.
// Plain JavaScript, because it also has to start where only some Node and git are installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { finishLine, prepare, root } from './runtime.mjs'

const tool = (...path) => join(root, 'node_modules', ...path)
const script = name => join(root, 'scripts', name)

/** Checks types; what did not change since the last time in this place is not looked at again. */
function types(dir) {
  const place = createHash('sha256').update(`${root} ${dir} ${process.getuid?.()}`).digest('hex').slice(0, 16)
  const known = join(tmpdir(), `andon-types-${place}.json`)
  return [
    tool('typescript', 'bin', 'tsc'),
    '-p',
    join(root, dir),
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    known,
  ]
}

/** The parts, each a name and what node runs for it. */
function partsOf() {
  const generators = readdirSync(join(root, 'scripts')).filter(
    name => /^docs-.*\.ts$/.test(name) && !name.includes('.test.'),
  )
  return [
    ['types', ...types('.')],
    // Code that runs in a browser knows a browser's names.
    ...['web', 'test/e2e'].map(dir => [`types: ${dir}`, ...types(dir)]),
    ['texts of the console', script('texts.ts')],
    [
      'format and lint',
      tool('@biomejs', 'biome', 'bin', 'biome'),
      'check',
      '--no-errors-on-unmatched',
      '--colors=off',
      '.',
    ],
    ['floors', script('floors.ts')],
    ['budgets', script('budgets.ts')],
    ['doc references', script('check-docs.ts')],
    ['packages and licences', script('licences.ts')],
    ['known weaknesses', script('advisories.ts')],
    ...generators.map(name => [`generated: ${name}`, script(name), '--check']),
  ]
}

/** Runs one part; never rejects. */
function run(node, [name, ...args]) {
  const started = performance.now()
  return new Promise(resolve => {
    const child = spawn(node, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = chunk => {
      output += chunk
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    child.on('error', error => finish(false, String(error)))
    child.on('close', code => finish(code === 0, output))
    const finish = (ok, text) => resolve({ name, ok, text, seconds: (performance.now() - started) / 1000 })
  })
}

const LINES_SHOWN = 60

/** Parts that say something although all is well. */
const TELLING = new Set(['budgets', 'known weaknesses'])

function print({ name, ok, text, seconds }) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${seconds.toFixed(1).padStart(5)} s  ${name}`)
  if (ok && !TELLING.has(name)) return
  const lines = text.trimEnd().split('\n')
  for (const line of lines.slice(0, LINES_SHOWN)) console.log(`     ${line}`)
  if (lines.length > LINES_SHOWN) console.log(`     and ${lines.length - LINES_SHOWN} lines more`)
}

async function main() {
  const node = await prepare()
  finishLine()
  const started = performance.now()
  const results = []
  const waiting = partsOf()
  // As many at once as there are processors: more only wait for one another, and take memory.
  const worker = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const result = await run(node, part)
      print(result)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, worker))
  const failed = results.filter(r => !r.ok).map(r => r.name)
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`
  console.log(
    failed.length === 0
      ? `verify: all ${results.length} parts passed in ${time}`
      : `verify: failed in ${time}: ${failed.join(', ')}`,
  )
  process.exitCode = failed.length === 0 ? 0 : 1
}

await main()
