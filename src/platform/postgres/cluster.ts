import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PlatformError } from '../error.ts'
import { accountsFor, canWrite, fileOwner } from './account.ts'
import { type Account, run } from './run.ts'

/** Where the cluster is (a real path; it may not exist yet) and who runs it. */
export interface Site {
  readonly cluster: string
  readonly account: Account
}

/**
 * Finds an account that can work in `<data>/postgres`. When root keeps its data where no lent account can go (its home)
 * and namespaces are forbidden, the cluster goes to /var/lib/andon and `<data>/postgres` is a link to it.
 * @throws PlatformError DATA_DIR_NOT_WRITABLE, DATA_DIR_FOREIGN, DATA_DIR_GONE
 */
export function chooseSite(dataDir: string, onProgress: (text: string) => void = () => {}): Site {
  const wanted = join(dataDir, 'postgres')
  const cluster = targetOf(wanted)
  const accounts = accountsFor(cluster)
  if (!existsSync(cluster)) return newSite(dataDir, accounts, onProgress)
  const account = accounts.find(a => canWrite(a, cluster))
  if (account) return { cluster, account }
  throw new PlatformError(
    'DATA_DIR_FOREIGN',
    `${cluster} belongs to another user: start Andon as that user or as root, or choose another directory with --data.`,
  )
}

function newSite(dataDir: string, accounts: readonly Account[], onProgress: (text: string) => void): Site {
  const cluster = join(dataDir, 'postgres')
  const account = accounts.find(a => canWorkBelow(a, dataDir))
  if (account) return { cluster, account }
  const lent = accounts.find(a => a.kind === 'switch' && canWorkBelow(a, ELSEWHERE))
  if (!lent) {
    throw new PlatformError(
      'DATA_DIR_NOT_WRITABLE',
      `${dataDir} cannot be written: choose another directory with --data, or set DATABASE_URL.`,
    )
  }
  // A new name each time: whoever removed the data directory does not want the old cluster back.
  const parent = mkdtempSync(join(ELSEWHERE, 'data-'))
  chmodSync(parent, 0o711)
  // Made now, and empty: a link that leads nowhere then always means that somebody removed the data.
  makeDirectoryFor(lent, join(parent, 'postgres'))
  symlinkSync(join(parent, 'postgres'), cluster)
  onProgress(`The user ${lent.name} cannot enter ${dataDir}: the database cluster is kept in ${parent}`)
  return { cluster: join(parent, 'postgres'), account: lent }
}

const ELSEWHERE = '/var/lib/andon'

/** Tries it, since mode bits alone do not tell (access lists, read-only mounts, namespaces). */
function canWorkBelow(account: Account, dir: string): boolean {
  const trial = join(dir, `probe-${process.pid}`)
  try {
    makeDirectoryFor(account, trial)
    return canWrite(account, trial)
  } catch {
    return false
  } finally {
    rmSync(trial, { recursive: true, force: true })
  }
}

/** A 0700 directory that `account` owns; its parents can be passed through by everybody. */
export function makeDirectoryFor(account: Account, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: account.kind === 'self' ? 0o700 : 0o711 })
  if (!existsSync(path)) mkdirSync(path, { mode: 0o700 })
  if (account.kind !== 'self') {
    const { uid, gid } = fileOwner(account)
    chownSync(path, uid, gid)
  }
  chmodSync(path, 0o700)
}

/** Major version of the cluster, or null when initdb has not finished yet. */
export function clusterVersion(cluster: string): string | null {
  const file = join(cluster, 'PG_VERSION')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}

/**
 * Makes the cluster when there is none: in a neighbour directory that is renamed at the end, so that an interrupted
 * initdb leaves nothing that looks like a cluster.
 * @throws PlatformError CLUSTER_VERSION, CLUSTER_INIT_FAILED, DISK_FULL
 */
export function ensureCluster(
  site: Site,
  binaries: { bin: string; version: string },
  options: { sync: boolean; extraArgs?: readonly string[]; onProgress?: (text: string) => void },
): void {
  const major = binaries.version.split('.')[0] ?? ''
  const present = clusterVersion(site.cluster)
  if (present === major) return
  if (present !== null) {
    throw new PlatformError(
      'CLUSTER_VERSION',
      `${site.cluster} was made by PostgreSQL ${present} and this release brings ${major}: export it with the old release and import it here.`,
    )
  }
  options.onProgress?.('Creating the database cluster')
  const fresh = `${site.cluster}.new`
  rmSync(fresh, { recursive: true, force: true })
  makeDirectoryFor(site.account, fresh)
  const failures: string[] = []
  for (const ctype of CTYPES) {
    const args = [...initdbArgs(fresh, ctype), ...(options.sync ? [] : ['--no-sync']), ...(options.extraArgs ?? [])]
    const result = run({ account: site.account, file: join(binaries.bin, 'initdb'), args, timeout: 300_000 })
    if (result.code === 0) {
      // An empty directory may stand here: one that a user made to mount a volume on.
      rmSync(site.cluster, { recursive: true, force: true })
      renameSync(fresh, site.cluster)
      return
    }
    failures.push(result.output)
    if (!/invalid locale/.test(result.output)) break
  }
  rmSync(fresh, { recursive: true, force: true })
  throw initFailure(failures.join('\n'))
}

// With LC_CTYPE=C pg_trgm ignores every Chinese character; macOS has no C.UTF-8 before version 14.
const CTYPES = ['C.UTF-8', 'en_US.UTF-8']

const initdbArgs = (dir: string, ctype: string): string[] => [
  '-D',
  dir,
  '-U',
  'andon',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  `--lc-ctype=${ctype}`,
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
]

function initFailure(output: string): PlatformError {
  if (/No space left/.test(output))
    return new PlatformError('DISK_FULL', 'The disk is full: make room, then start again.')
  const reason = output.split('\n').find(line => /error|fatal|could not/i.test(line)) ?? output.split('\n').at(-1)
  return new PlatformError(
    'CLUSTER_INIT_FAILED',
    `The database cluster could not be created: ${reason ?? 'no reason given'}.`,
  )
}

/** Where `path` leads, if it is a link. */
function targetOf(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path
  const target = resolve(dirname(path), readlinkSync(path))
  if (existsSync(target)) return realpathSync(target)
  throw new PlatformError(
    'DATA_DIR_GONE',
    `${path} leads to ${target}, which is gone: bring it back, or remove the link to start with an empty database.`,
  )
}
