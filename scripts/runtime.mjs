// What every script needs first: the dependencies and a Node that runs TypeScript. Plain JavaScript without any
// dependency, for Node 18 and newer, because nothing else is there on a fresh clone.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const nodeNote = join(modules, '.andon-node')
const OLDEST_NODE = 24
/** Fetched by npm when the Node at hand is older. */
const FETCHED_NODE = '24.21.0'

/** Installs what is missing and returns the path of a Node that can run src/. Exits with one sentence when it cannot. */
export async function prepare() {
  // In this order: npm leaves out optional packages that do not fit the Node it runs on.
  const node = await usableNode()
  await install(node)
  rememberNode(node)
  return node
}

/** Runs `node args` in the foreground until it ends; returns its exit code. Signals reach it, and it drains by itself. */
export function runNode(node, args) {
  return new Promise(resolve => {
    // The channel carries nothing: it closes when this process dies in any way, and the child then stops as well.
    const child = spawn(node, args, { cwd: process.cwd(), stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
    const forward = name => {
      // A terminal sends Ctrl-C to the whole group: the child has it already.
      if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name)
    }
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, forward)
    whenNpmDies(() => forward('SIGTERM'))
    child.once('error', error => fail(`Node could not be started (${error.message}).`))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

/** npm passes a SIGTERM only to the shell between us: that dies, we are handed to another parent, and nobody tells us. */
function whenNpmDies(stop) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, 1000)
  watch.unref()
}

/** One sentence on the error stream, exit code 1. */
export function fail(sentence) {
  finishLine()
  console.error(sentence)
  process.exit(1)
}

let openLine = false

/** Progress, on the error stream so that the output of a verb stays clean: one line rewritten in a terminal, else plain lines. */
export function progress(text) {
  if (!process.stderr.isTTY) return console.error(text)
  process.stderr.write(`\r\u001b[2K${text} ...`)
  openLine = true
}

export function finishLine() {
  if (openLine) process.stderr.write('\r\u001b[2K')
  openLine = false
}

// ---- dependencies ----

async function install(node) {
  if (isInstalled()) return
  const lock = await onlyOne()
  try {
    if (isInstalled()) return
    progress('Installing the dependencies (npm ci)')
    const { code, output } = await npm(['ci', '--include=optional', '--no-audit', '--no-fund'], node)
    finishLine()
    if (code !== 0) {
      console.error(output.trim().split('\n').slice(-15).join('\n'))
      fail('The dependencies could not be installed: see the lines above, check the network, then start again.')
    }
    writeStamp()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')

/** Our stamp names the lock file; without it, what npm wrote down about node_modules must agree with the lock file. */
function isInstalled() {
  if (!existsSync(modules)) return false
  if (read(join(modules, '.andon-installed')) === lockHash()) return true
  const wanted = packagesIn(join(root, 'package-lock.json'))
  const present = packagesIn(join(modules, '.package-lock.json'))
  if (wanted === null || present === null) return false
  const agrees = Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
  )
  if (agrees) writeStamp()
  return agrees
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

function writeStamp() {
  try {
    writeFileSync(join(modules, '.andon-installed'), lockHash())
  } catch {
    // Installed by another user: the slower check does.
  }
}

/** Two starts at once must not install into one another; returns the lock to remove. */
async function onlyOne() {
  const lock = join(tmpdir(), `andon-install-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`)
  for (;;) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      return lock
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const owner = Number(read(join(lock, 'pid')))
      if (owner > 0 && !isAlive(owner)) rmSync(lock, { recursive: true, force: true })
      await new Promise(resolve => setTimeout(resolve, 300))
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// ---- runtime ----

async function usableNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath
  const known = read(nodeNote)
  if (known && works(known)) return known
  progress(`Fetching Node ${FETCHED_NODE} (this one is ${process.versions.node})`)
  const print = ['-e', 'console.log(process.execPath)']
  const { output } = await npm(['exec', '--yes', `--package=node@${FETCHED_NODE}`, '--', 'node', ...print])
  finishLine()
  const path = lastPath(output)
  if (!path || !works(path))
    fail('Node 24 could not be fetched: install Node 24 or newer from https://nodejs.org, then start again.')
  return path
}

function rememberNode(node) {
  if (node === process.execPath || read(nodeNote) === node) return
  try {
    writeFileSync(nodeNote, node)
  } catch {
    // Not ours to write: it is looked up again next time.
  }
}

// npm may print notices first.
const lastPath = output =>
  output
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && existsSync(line))
    .pop()

function works(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return status === 0 && Number(stdout.slice(1).split('.')[0]) >= OLDEST_NODE
}

// ---- npm ----

/** Runs npm in the repository, on `node` where its script is found; never rejects. The output of a success is its stdout. */
function npm(args, node = process.execPath) {
  const [file, first] = npmCommand(node)
  return new Promise(resolve => {
    const child = spawn(file, [...first, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && first.length === 0,
    })
    let out = ''
    let err = ''
    child.stdout.on('data', data => (out += data))
    child.stderr.on('data', data => (err += data))
    child.once('error', error => resolve({ code: 1, output: error.message }))
    child.once('close', code => resolve({ code, output: code === 0 ? out : `${out}\n${err}` }))
  })
}

/** npm's own script where we can find it, since npm.cmd cannot be spawned without a shell. */
function npmCommand(node) {
  const beside = dirname(process.execPath)
  const candidates = [
    process.env.npm_execpath,
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find(path => path && /npm-cli\.js$/.test(path) && existsSync(path))
  return script ? [node, [script]] : ['npm', []]
}

function read(path) {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
