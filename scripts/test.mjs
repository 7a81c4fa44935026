// npm test: installs what is missing, chooses the runtime, runs the suites, two at a time.
//   npm test -- store http        only these suites
//   npm test -- --full            all rows and many rounds (ANDON_FULL=1 in the tests)
//   npm test -- --test-name-pattern=lease   anything else that starts with -- goes to node --test
// A few files that failed are run once more when the machine has nothing else to do. What passes then is counted as
// passed and named in the end: such a test, or what it tests, is unsteady and wants mending.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ensureConsole } from './console.mjs'
import { fail, finishLine, prepare, progress, root } from './runtime.mjs'

const AT_ONCE = 2
const HAS_GROUPS = process.platform !== 'win32'
/** What hangs is a failure with a name, not a run without an end: of one test, and of a suite that says nothing (ms). */
const LIMITS = { usual: { test: 300_000, silence: 600_000 }, full: { test: 5_400_000, silence: 5_700_000 } }
const KNOWN = ['verify', 'store', 'http', 'pipeline', 'platform', 'faults', 'upgrade', 'e2e']
/** More files than these have not failed by chance. */
const AGAIN_AT_MOST = 3

/** The suites in their order: pure first, then the known folders of test/, then any other that has tests. */
function findSuites() {
  const folders = readdirSync(join(root, 'test'), { withFileTypes: true }).filter(entry => entry.isDirectory())
  const others = folders.map(entry => entry.name).filter(name => !KNOWN.includes(name) && name !== 'support')
  const suites = [...KNOWN, ...others.sort()].map(name => ({ name, files: testsIn(join(root, 'test', name)) }))
  // Pure tests share one process: they are many, small, and touch nothing outside of themselves.
  const pure = {
    name: 'pure',
    files: ['src', 'web/src', 'examples'].flatMap(dir => testsIn(join(root, ...dir.split('/')))),
    flags: ['--test-isolation=none'],
  }
  return [pure, ...suites].filter(suite => suite.files.length > 0)
}

function testsIn(dir) {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { withFileTypes: true })
    .flatMap(entry => {
      const path = join(dir, entry.name)
      if (entry.isDirectory()) return testsIn(path)
      return /\.test\.(ts|mjs)$/.test(entry.name) ? [path] : []
    })
    .sort()
}

/** Runs one suite to its end; never rejects. */
function runSuite(node, suite, options) {
  const counts = join(options.scratch, `${suite.name}.json`)
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'scripts', 'test-counts.mjs')}`,
    `--test-reporter-destination=${counts}`,
  ]
  const limits = options.full ? LIMITS.full : LIMITS.usual
  const flags = [`--test-timeout=${limits.test}`, ...(suite.flags ?? ['--test-concurrency=1'])]
  const started = performance.now()
  return new Promise(resolve => {
    const child = spawn(node, ['--test', ...flags, ...reporters, ...options.flags, ...suite.files], {
      cwd: root,
      env: { ...process.env, ...(options.full ? { ANDON_FULL: '1' } : {}) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that it can be ended with all that it started.
      detached: HAS_GROUPS,
    })
    options.children.add(child)
    let output = ''
    const stalled = setTimeout(() => {
      output += `\nThe suite said nothing for ${limits.silence / 60_000} minutes and was ended: a test file does not end.\n`
      endGroup(child, 'SIGKILL')
    }, limits.silence)
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', data => {
        output += data
        stalled.refresh()
      })
    child.once('error', error => (output += error.message))
    child.once('close', code => {
      clearTimeout(stalled)
      options.children.delete(child)
      const seconds = (performance.now() - started) / 1000
      resolve({ name: suite.name, seconds, output, ...countsOf(counts, code) })
    })
  })
}

function endGroup(child, signal) {
  if (!HAS_GROUPS) {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** A runner that died without its counts is one failure. */
function countsOf(file, code) {
  const none = { passed: 0, failed: 0, skipped: 0, files: [] }
  const counts = existsSync(file) ? { ...none, ...JSON.parse(readFileSync(file, 'utf8') || '{}') } : none
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

function report(result) {
  finishLine()
  if (result.failed > 0) console.log(result.output.trimEnd())
  const counts = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`
  console.log(`suite ${result.name.padEnd(10)} ${result.seconds.toFixed(1).padStart(6)} s   ${counts}`)
}

async function runAll(node, suites, options) {
  const results = []
  const running = new Set()
  const waiting = [...suites]
  const worker = async () => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift()) {
      running.add(suite.name)
      if (process.stderr.isTTY) progress(`Testing: ${[...running].join(', ')}`)
      const result = await runSuite(node, suite, options)
      running.delete(suite.name)
      results.push(result)
      report(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, cpus().length) }, worker))
  return results
}

/**
 * What failed once more, one suite after another. Without names of files (the runner died, or was ended) the whole suite.
 * @returns the results with what came of it, and the files that passed now
 */
async function runAgain(node, suites, { results, options }) {
  const failed = results.filter(result => result.failed > 0)
  if (failed.flatMap(result => (result.files.length > 0 ? result.files : [result.name])).length > AGAIN_AT_MOST)
    return { results, unsteady: [] }
  const unsteady = []
  const after = new Map(results.map(result => [result.name, result]))
  for (const first of failed) {
    const suite = suites.find(({ name }) => name === first.name)
    const files = first.files.length > 0 ? first.files : suite.files
    const second = await runSuite(node, { ...suite, name: `${suite.name}-again`, files }, options)
    report(second)
    if (second.failed > 0) continue
    unsteady.push(...(first.files.length > 0 ? files.map(file => relative(root, file)) : [`suite ${suite.name}`]))
    const passed = first.files.length > 0 ? first.passed + first.failed : second.passed
    after.set(first.name, { ...first, passed, failed: 0 })
  }
  return { results: [...after.values()], unsteady }
}

async function main() {
  const args = process.argv.slice(2)
  const names = args.filter(arg => !arg.startsWith('-'))
  const flags = args.filter(arg => arg.startsWith('-') && arg !== '--full')
  const node = await prepare()
  const all = findSuites()
  const unknown = names.filter(name => !all.some(suite => suite.name === name))
  if (unknown.length > 0)
    fail(`There is no suite ${unknown.join(', ')}: choose from ${all.map(s => s.name).join(', ')}.`)
  const suites = names.length > 0 ? all.filter(suite => names.includes(suite.name)) : all
  if (suites.some(suite => suite.name === 'e2e')) await ensureConsole(node, { must: true })
  const scratch = mkdtempSync(join(tmpdir(), 'andon-test-'))
  const children = new Set()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      for (const child of children) endGroup(child, name)
      process.exit(130)
    })
  }
  const started = performance.now()
  const options = { flags, full: args.includes('--full'), scratch, children }
  const first = await runAll(node, suites, options)
  const { results, unsteady } = await runAgain(node, suites, { results: first, options })
  rmSync(scratch, { recursive: true, force: true })
  const sum = key => results.reduce((total, result) => total + result[key], 0)
  finishLine()
  for (const file of unsteady) console.log(`unsteady: ${file} failed, and passed when it was run again`)
  console.log(`all suites ${((performance.now() - started) / 1000).toFixed(1)} s`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  process.exitCode = sum('failed') === 0 ? 0 : 1
}

await main()
