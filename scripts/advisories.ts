/**
 * Fails when a package that ships has a known weakness: `node scripts/advisories.ts`. Asks the registry once a day for each
 * state of the lock, and says plainly when it could not ask.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Advisory, type Allowed, advisoriesOf, judge } from './advisory-rules.ts'

interface Asked {
  readonly lock: string
  readonly at: number
  /** Null: nobody answered. */
  readonly advisories: readonly Advisory[] | null
  readonly why: string
}

const HOUR = 3_600_000
const root = process.cwd()
const cache = join(root, 'node_modules', '.cache', 'andon-advisories.json')
const allowed: readonly Allowed[] = JSON.parse(readFileSync(join(root, 'scripts', 'advisories-allowed.json'), 'utf8'))
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

const now = Date.now()
const { advisories, why } = remembered() ?? ask()
if (advisories === null) {
  console.log(
    `NOT CHECKED for known weaknesses: the package registry gave no answer (${why}). Run npm audit where it does.`,
  )
} else {
  const { problems } = judge(advisories, allowed, new Date(now).toISOString().slice(0, 10))
  for (const problem of problems) console.log(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`no known weakness in the packages that ship; ${allowed.length} let through`)
}

/** The answer of a day ago at most, or of an hour when there was none. */
function remembered(): Asked | null {
  try {
    const asked: Asked = JSON.parse(readFileSync(cache, 'utf8'))
    const age = now - asked.at
    return asked.lock === lock && age < (asked.advisories === null ? HOUR : 24 * HOUR) ? asked : null
  } catch {
    return null
  }
}

function ask(): Asked {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=8000']
  const windows = process.platform === 'win32'
  const { stdout, error } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', timeout: 20_000, shell: windows })
  const asked = { lock, at: now, ...answerIn(stdout ?? '', error) }
  mkdirSync(dirname(cache), { recursive: true })
  writeFileSync(cache, JSON.stringify(asked))
  return asked
}

function answerIn(stdout: string, error: Error | undefined): Pick<Asked, 'advisories' | 'why'> {
  try {
    const report: unknown = JSON.parse(stdout)
    const found = advisoriesOf(report)
    if (found !== null) return { advisories: found, why: '' }
    const message = /"message":\s*"([^"]*)"/.exec(stdout)?.[1]
    return { advisories: null, why: message ?? 'it said something else' }
  } catch {
    return { advisories: null, why: error?.message ?? 'npm said nothing' }
  }
}
