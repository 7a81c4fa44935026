import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Unlock } from '../platform/backup/age-keys.ts'
import type { Level } from '../platform/log.ts'
import type { AccessConfig } from './access.ts'
import { type Flags, textFlag } from './cli/flags.ts'
import { UsageError } from './cli/usage-error.ts'
import { accessConfig } from './config-access.ts'
import { type BackupConfig, backupConfig, unlockOf } from './config-backup.ts'
import { doorOf, networkOf, type TlsFiles, tlsFiles } from './config-door.ts'
import { type Environment, given, listOf, secretOf } from './environment.ts'
import type { Door } from './http/door.ts'
import type { NamesFile } from './names.ts'

/** The only reader of the environment. What is given on the command line wins over it. */

export interface DataConfig {
  /** Absolute path of the data directory. */
  readonly dataDir: string
  /** A server of one's own; undefined: the built-in one, below the data directory. */
  readonly databaseUrl: string | undefined
  /** 32 bytes or more; undefined: `<data>/secret.key`. */
  readonly masterKey: Buffer | undefined
  readonly lanes: number
  /** Name of this process among the nodes of one database; undefined: one is made up. */
  readonly nodeId: string | undefined
  readonly webhook: WebhookConfig | undefined
}

export interface WebhookConfig {
  readonly url: string
  readonly secret: Buffer
  /** Networks that it may lead to although they are not public. */
  readonly allowed: readonly string[]
}

export interface ServeConfig {
  readonly host: string
  readonly port: number
  readonly door: Door
  /** A certificate of our own; undefined: plain HTTP, on this machine or behind a proxy. */
  readonly tls: TlsFiles | undefined
  readonly access: AccessConfig
  /** Others than this machine can reach it. */
  readonly beyond: boolean
}

export const DEFAULT_PORT = 4680
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

const ambient: Environment = process.env

/** @throws UsageError with what to change */
export function dataConfig(flags: Flags, env: Environment = ambient): DataConfig {
  return {
    dataDir: resolve(textFlag(flags, 'data') ?? env.ANDON_DATA ?? './data'),
    databaseUrl: secretOf(env, 'DATABASE_URL'),
    masterKey: masterKeyOf(secretOf(env, 'ANDON_MASTER_KEY')),
    lanes: wholeNumber('The number of lanes', textFlag(flags, 'lanes') ?? given(env.ANDON_LANES), LANES) ?? 2,
    nodeId: nodeIdOf(given(env.ANDON_NODE_ID)),
    webhook: webhookOf(given(env.ANDON_WEBHOOK_URL), env),
  }
}

/** Below the data directory of a live world: the practice world that was started from its console. */
export const PRACTICE_DATA = 'practice'

/** A practice world never shares a server or a key with anything: both are its own, below its data directory. */
export function practiceDataConfig(flags: Flags, env: Environment = ambient): DataConfig {
  const dataDir = resolve(textFlag(flags, 'data') ?? given(env.ANDON_PRACTICE_DATA) ?? './data-practice')
  return { ...dataConfig(flags, env), dataDir, databaseUrl: undefined, masterKey: undefined, webhook: undefined }
}

/** @throws UsageError when it is no whole number from 0 to 2^31 - 1 */
export const seedFlag = (flags: Flags): number | undefined => wholeNumber('The seed', textFlag(flags, 'seed'), SEEDS)

/** @throws UsageError with what to change */
export function serveConfig(flags: Flags, env: Environment = ambient): ServeConfig {
  const host = textFlag(flags, 'host') ?? given(env.ANDON_HOST) ?? '127.0.0.1'
  const beyond = !LOOPBACK.has(host)
  const port = wholeNumber('The port', textFlag(flags, 'port') ?? given(env.ANDON_PORT), PORTS) ?? DEFAULT_PORT
  return { host, port, door: doorOf(env, beyond), tls: tlsFiles(env), access: accessConfig(env), beyond }
}

/** Where backups go, how they are encrypted, and how often the server makes one. @throws UsageError with what to change */
export const backupSettings = (flags: Flags, dataDir: string, env: Environment = ambient): BackupConfig =>
  backupConfig(dataDir, flags, env)

/** What the shop calls its channels, warehouses and so on: ANDON_NAMES, else `names.yaml` in the data directory. */
export function namesFile(dataDir: string, env: Environment = ambient): NamesFile {
  const path = given(env.ANDON_NAMES)
  return path === undefined ? { path: join(dataDir, 'names.yaml'), asked: false } : { path: resolve(path), asked: true }
}

/** The database that everything is moved to. @throws UsageError when none is named */
export function moveTarget(flags: Flags, env: Environment = ambient): string {
  const url = textFlag(flags, 'to') ?? secretOf(env, 'ANDON_MOVE_TO')
  if (url !== undefined) return url
  throw new UsageError('Say where to: --to postgres://user:password@host/database, or ANDON_MOVE_TO.')
}

/** What opens encrypted backups. @throws UsageError with what to change */
export const backupUnlock = (flags: Flags, env: Environment = ambient): Unlock => unlockOf(flags, env)

const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** What is logged: ANDON_LOG, else `usual`; what is no level counts as not given. */
export const logLevel = (usual: Level, env: Environment = ambient): Level =>
  LEVELS.find(level => level === env.ANDON_LOG) ?? usual

const LANES = { least: 1, most: 32 }
const PORTS = { least: 0, most: 65_535 }
const SEEDS = { least: 0, most: 2_147_483_647 }

function wholeNumber(
  name: string,
  text: string | undefined,
  range: { least: number; most: number },
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= range.least && value <= range.most) return value
  throw new UsageError(`${name} must be a whole number from ${range.least} to ${range.most}.`)
}

function masterKeyOf(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined
  const key = /^[0-9a-f]{64,}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (key.length >= 32) return key
  throw new UsageError('ANDON_MASTER_KEY must hold at least 32 bytes, as hex or base64: openssl rand -base64 32.')
}

function nodeIdOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[\w.:-]{1,80}$/.test(text)) return text
  throw new UsageError('ANDON_NODE_ID may have up to 80 letters, digits, dots, colons, hyphens and underscores.')
}

function webhookOf(url: string | undefined, env: Environment): WebhookConfig | undefined {
  if (url === undefined) return undefined
  const parsed = URL.parse(url)
  if (!/^https?:$/.test(parsed?.protocol ?? ''))
    throw new UsageError('ANDON_WEBHOOK_URL must be an http or https address.')
  if (parsed?.username !== '' || parsed.password !== '')
    throw new UsageError('ANDON_WEBHOOK_URL must not hold a password: receivers know us by the signature.')
  const secret = secretOf(env, 'ANDON_WEBHOOK_SECRET') ?? ''
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const allowed = listOf(given(env.ANDON_WEBHOOK_ALLOW)).map(networkOf)
  if (key.length >= 24) return { url, secret: key, allowed }
  throw new UsageError('ANDON_WEBHOOK_SECRET must hold at least 24 bytes in base64: openssl rand -base64 32.')
}

/** Where people reach Andon, when it is set. */
export const outsideAddress = (env: Environment = ambient): string | undefined => given(env.ANDON_URL)

/** The name of this machine, for the names of nodes. */
export const machineName = (): string => hostname()
