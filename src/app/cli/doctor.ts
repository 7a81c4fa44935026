import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { deadLetters, mailWaiting, ownedGroups, refusedEvents, stuckRows } from '../../pipeline/queries/waiting.ts'
import { readWorld } from '../../pipeline/queries/world.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { messageOf } from '../../platform/error.ts'
import { readMigrations } from '../../platform/migrate.ts'
import { Sealer } from '../../platform/seal.ts'
import { MIGRATIONS, shippedRules } from '../compose.ts'
import { type DataConfig, dataConfig } from '../config.ts'
import { keyIsPrivate, masterKey } from '../keys.ts'
import { openDatabase } from '../open-database.ts'
import { countText } from './pace.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'

type Grade = 'ok' | 'warn' | 'fail'

interface Finding {
  readonly name: string
  readonly grade: Grade
  readonly says: string
  /** What to do; empty when all is well. */
  readonly todo: string
}

export const doctor: Verb = {
  name: 'doctor',
  summary: 'look at the installation and say what to do',
  about: ['Checks the runtime, the data directory, the database and what waits in it. May run beside `andon start`.'],
  flags: DATA_FLAGS,
  run,
}

async function run({ flags, terminal }: Call): Promise<Ending> {
  const config = dataConfig(flags)
  const findings: Finding[] = [node(), disk(config), ...key(config), await rules()]
  try {
    const database = await openDatabase(config, {
      mayAttach: true,
      onProgress: terminal.progress,
      onLost: terminal.warn,
    })
    try {
      for (const check of CHECKS) findings.push(...(await check(database.db, config)))
    } finally {
      await database.close()
    }
  } catch (error) {
    findings.push(fail('database', messageOf(error), 'see the sentence before'))
  }
  terminal.settle()
  for (const line of table(findings)) terminal.line(line)
  const failed = findings.filter(f => f.grade === 'fail').length
  return { ok: failed === 0, counts: { failed, warned: findings.filter(f => f.grade === 'warn').length, findings } }
}

const ok = (name: string, says: string): Finding => ({ name, grade: 'ok', says, todo: '' })
const warn = (name: string, says: string, todo: string): Finding => ({ name, grade: 'warn', says, todo })
const fail = (name: string, says: string, todo: string): Finding => ({ name, grade: 'fail', says, todo })

// ---- this machine ----

function node(): Finding {
  const { node: version } = process.versions
  const says = `${version} on ${process.platform} ${process.arch}`
  return Number(version.split('.')[0]) >= 24
    ? ok('node', says)
    : fail('node', says, 'use Node 24 or newer: npm start fetches it')
}

const GIB = 1024 ** 3

function disk({ dataDir }: DataConfig): Finding {
  if (!existsSync(dataDir)) return warn('disk', `${dataDir} does not exist yet`, 'the first start makes it')
  const { bavail, bsize } = statfsSync(dataDir)
  const says = `${((Number(bavail) * Number(bsize)) / GIB).toFixed(1)} GiB free below ${dataDir}`
  if (bavail * bsize < GIB / 2) return fail('disk', says, 'make room: PostgreSQL stops when the disk is full')
  return bavail * bsize < 5 * GIB ? warn('disk', says, 'make room soon') : ok('disk', says)
}

function key(config: DataConfig): Finding[] {
  if (config.masterKey) return [ok('master key', 'from ANDON_MASTER_KEY')]
  if (!existsSync(join(config.dataDir, 'secret.key')))
    return [warn('master key', 'there is none yet', 'the first start makes it: keep a copy of it')]
  if (keyIsPrivate(config.dataDir)) return [ok('master key', 'secret.key, readable by its owner only')]
  return [fail('master key', 'secret.key can be read by others', 'chmod 600 secret.key')]
}

async function rules(): Promise<Finding> {
  try {
    return ok('rules', `${(await shippedRules()).length} rules in packs/`)
  } catch (error) {
    return fail('rules', messageOf(error), 'correct the file')
  }
}

// ---- the database ----

type Check = (db: Database, config: DataConfig) => Promise<Finding[]>

const SERVER = `
select current_setting('server_version') as version, (select datctype from pg_database where datname = current_database()) as ctype,
  current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
  current_setting('synchronous_commit') as sync, '中' ~ '\\w' as chinese,
  (extract(epoch from clock_timestamp()) * 1000)::bigint as now, pg_database_size(current_database()) as size`

interface Server {
  readonly version: string
  readonly ctype: string
  readonly encoding: string
  readonly fsync: string
  readonly sync: string
  readonly chinese: boolean
  readonly now: number
  readonly size: number
}

const server: Check = async db => {
  const before = systemClock.now()
  const row = (await db.query<Server>(SERVER)).rows[0]!
  const skew = Math.round(row.now - (before + systemClock.now()) / 2)
  const size = `${(row.size / GIB).toFixed(2)} GiB`
  const text = `LC_CTYPE ${row.ctype}, ${row.encoding}`
  return [
    ok('database', `PostgreSQL ${row.version}, ${size}`),
    row.encoding === 'UTF8' && row.chinese
      ? ok('text', text)
      : fail('text', text, 'make the database with encoding UTF8 and LC_CTYPE C.UTF-8, else Chinese is not found'),
    row.fsync === 'on' && row.sync !== 'off'
      ? ok('durability', 'fsync and synchronous_commit are on')
      : fail(
          'durability',
          `fsync ${row.fsync}, synchronous_commit ${row.sync}`,
          'switch both on: a power cut loses data',
        ),
    Math.abs(skew) < 2000
      ? ok('clocks', `${skew} ms apart from the database`)
      : warn('clocks', `${skew} ms apart from the database`, 'set both by NTP'),
  ]
}

const migrations: Check = async db => {
  const known = readMigrations(MIGRATIONS)
  const { rows } = await db.query<{ there: boolean }>(`select to_regclass('migration') is not null as there`)
  if (!rows[0]?.there) return [warn('migrations', 'none applied yet', 'the first start applies them')]
  const applied = (await db.query<{ id: number; checksum: string }>('select id, checksum from migration')).rows
  const byId = new Map(applied.map(m => [m.id, m.checksum]))
  const pending = known.filter(m => !byId.has(m.id)).length
  const changed = known.filter(m => byId.has(m.id) && byId.get(m.id) !== m.checksum).length
  if (changed > 0) return [fail('migrations', `${changed} differ from this release`, 'restore the files as released')]
  return [
    pending > 0
      ? warn('migrations', `${pending} wait`, 'the next start applies them')
      : ok('migrations', `${applied.length} applied`),
  ]
}

const world: Check = async (db, config) => {
  if (!(await hasTables(db))) return []
  const values = await readWorld(db)
  const kind = values.get('kind')
  if (kind === undefined) return [warn('world', 'empty', 'the first start founds it')]
  const check = existsSync(join(config.dataDir, 'secret.key')) || config.masterKey ? checkOf(config) : null
  const right = check === values.get('check')
  return [
    ok('world', `${kind}, since ${values.get('created_at') ?? 'unknown'}`),
    ...(right
      ? []
      : [fail('key check', 'the master key is not that of this database', 'restore secret.key from your backup')]),
  ]
}

const checkOf = (config: DataConfig): string =>
  new Sealer(masterKey(config.dataDir, config.masterKey).bytes).blind('check', 'andon').toString('hex')

const waiting: Check = async db => {
  if (!(await hasTables(db))) return []
  const [mail, stuck, refused, dead, owned] = [
    await mailWaiting(db, 10_001),
    await stuckRows(db),
    await refusedEvents(db),
    await deadLetters(db),
    await ownedGroups(db),
  ]
  return [
    ok('running', owned === 0 ? 'no Andon works on it right now' : `${owned} of 32 groups are being worked on`),
    mail === 0 || owned > 0
      ? ok('mailbox', `${countText(mail)} rows wait`)
      : warn('mailbox', `${countText(mail)} rows wait`, 'andon start'),
    stuck === 0
      ? ok('quarantine', 'no row threw')
      : warn('quarantine', `${countText(stuck)} rows threw`, 'GET /v1/quarantine?stage=step'),
    refused === 0
      ? ok('refused', 'no event was refused')
      : warn('refused', `${countText(refused)} events were refused`, 'GET /v1/quarantine?stage=door'),
    dead === 0
      ? ok('outbox', 'no dead letters')
      : warn('outbox', `${countText(dead)} dead letters`, 'see that the webhook answers'),
  ]
}

const hasTables = async (db: Database): Promise<boolean> =>
  (await db.query<{ there: boolean }>(`select to_regclass('quarantine') is not null as there`)).rows[0]?.there === true

const CHECKS: readonly Check[] = [server, migrations, world, waiting]

function table(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(f => f.name.length))
  return findings.map(
    ({ name, grade, says, todo }) => `${grade.padEnd(4)}  ${name.padEnd(width)}  ${says}${todo && `: ${todo}`}`,
  )
}
