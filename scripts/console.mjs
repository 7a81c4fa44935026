// Is the built console (web/dist) of these sources? If not, build it. Plain JavaScript, for the scripts that run first.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, finishLine, progress, root, runNode } from './runtime.mjs'

const dist = join(root, 'web', 'dist')
// All that the build reads. The lock file stands for the libraries.
const SOURCES = ['web', 'src/contract', 'src/kernel', 'package-lock.json', 'scripts/build-console.ts']
const SKIPPED = new Set(['dist', 'node_modules'])

function filesUnder(path) {
  if (!existsSync(join(root, path))) return []
  if (statSync(join(root, path)).isFile()) return [path]
  return readdirSync(join(root, path))
    .filter(name => !SKIPPED.has(name) && !name.startsWith('.'))
    .sort()
    .flatMap(name => filesUnder(`${path}/${name}`))
}

/** What stands for the sources of the console, wherever they are and whenever they were written. */
function sourcesHash() {
  const hash = createHash('sha256')
  for (const path of SOURCES.flatMap(filesUnder).filter(name => !/\.test\.tsx?$/.test(name)))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

export function isConsoleFresh() {
  try {
    return readFileSync(join(dist, '.stamp'), 'utf8') === sourcesHash()
  } catch {
    return false
  }
}

/** Builds the console when it is missing or older than its sources. @param must false: only warn when that fails */
export async function ensureConsole(node, { must }) {
  if (isConsoleFresh()) return
  if (!existsSync(join(root, 'node_modules', 'vite'))) {
    if (existsSync(dist)) return
    const sentence =
      'The console cannot be built, because the development packages are not installed: npm ci --include=dev.'
    return must ? fail(sentence) : console.error(sentence)
  }
  progress('Building the console')
  const code = await buildConsole(node, ['--quiet'])
  finishLine()
  if (code === 0) return
  const sentence = 'The console could not be built: see the lines above; npm run build shows more.'
  if (must) fail(sentence)
  console.error(sentence)
}

/** Builds it in any case; returns the exit code. */
export async function buildConsole(node, args) {
  // Before the build: what changes while it runs makes it stale again.
  const hash = sourcesHash()
  const code = await runNode(node, [join(root, 'scripts', 'build-console.ts'), ...args])
  if (code === 0) writeFileSync(join(dist, '.stamp'), hash)
  return code
}
