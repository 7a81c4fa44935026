import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlatformError } from '../error.ts'
import type { Native } from './binaries.ts'
import type { Account } from './run.ts'
import { run } from './run.ts'

/**
 * A directory of PostgreSQL binaries that `account` can run. Normally the one in node_modules; a copy when that one does
 * not start: npm cannot ship the soname links (its install script makes them, and may have been skipped), and an
 * account that root lends cannot enter root's home.
 * @throws PlatformError BINARIES_BROKEN
 */
export function runnableBinaries(
  native: Native,
  account: Account,
  options: { runtimeDir: string; onProgress?: (text: string) => void },
): string {
  if (starts(native.dir, account)) return native.dir
  let seen = ''
  for (const parent of [options.runtimeDir, '/var/lib/andon', join(tmpdir(), `andon-${process.getuid?.() ?? 0}`)]) {
    const dir = join(parent, `postgres-${native.version}`)
    try {
      mkdirSync(parent, { recursive: true, mode: 0o755 })
      if (!canEnter(account, parent)) continue
      if (!existsSync(dir)) {
        options.onProgress?.('Copying the PostgreSQL binaries to where they can run')
        copyNative(native.dir, dir)
      }
    } catch (error) {
      seen ||= String(error)
      continue
    }
    const probe = probeVersion(dir, account)
    if (probe.code === 0) return dir
    seen = probe.output || `exit code ${probe.code}`
  }
  throw new PlatformError(
    'BINARIES_BROKEN',
    `The built-in PostgreSQL does not start here (${lastLine(seen)}): set DATABASE_URL to a PostgreSQL 15 or newer.`,
  )
}

const probeVersion = (dir: string, account: Account) =>
  run({ account, file: join(dir, 'bin', 'postgres'), args: ['--version'] })

const canEnter = (account: Account, dir: string): boolean =>
  run({ account, file: '/bin/sh', args: ['-c', 'cd "$1"', 'sh', dir] }).code === 0

const starts = (dir: string, account: Account): boolean =>
  probeVersion(dir, account).code === 0 &&
  run({ account, file: join(dir, 'bin', 'initdb'), args: ['--version'] }).code === 0

/** Copies to a neighbour and renames, so that a half-made copy is never taken for a whole one. */
function copyNative(from: string, to: string): void {
  const temporary = `${to}.${process.pid}.tmp`
  rmSync(temporary, { recursive: true, force: true })
  cpSync(from, temporary, { recursive: true, verbatimSymlinks: true })
  openForAll(temporary)
  addLibraryLinks(join(temporary, 'lib'))
  try {
    renameSync(temporary, to)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  }
}

/** Other accounts must be able to read everything and run bin/*, whatever the umask was. */
function openForAll(dir: string): void {
  chmodSync(dir, 0o755)
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const executable = entry.isDirectory() || entry.parentPath === join(dir, 'bin')
    chmodSync(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644)
  }
}

/** Adds `libX.so.N` -> `libX.so.N.m` (and the dylib form); by pattern, since the package's own list has gaps. */
export function addLibraryLinks(lib: string): void {
  for (const file of readdirSync(lib)) {
    const m = /^(.+\.so\.\d+)\.[\d.]+$/.exec(file) ?? /^(.+\.\d+)\.[\d.]+\.dylib$/.exec(file)
    if (!m) continue
    const link = join(lib, file.endsWith('.dylib') ? `${m[1]}.dylib` : `${m[1]}`)
    if (!existsSync(link)) symlinkSync(file, link)
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
