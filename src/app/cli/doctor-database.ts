import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isoOf } from '../../kernel/instant.ts'
import { backupHistory } from '../../pipeline/queries/backups.ts'
import { deadLetters, mailWaiting, ownedGroups, refusedEvents, stuckRows } from '../../pipeline/queries/waiting.ts'
import { readWorld } from '../../pipeline/queries/world.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { foreignTables, readMigrations } from '../../platform/migrate.ts'
import { Sealer } from '../../platform/seal.ts'
import { MIGRATIONS } from '../compose.ts'
import type { DataConfig } from '../config.ts'
import { masterKey } from '../keys.ts'
import { REBUILDING } from '../world.ts'
import { type Finding, fail, GIB, ok, warn } from './doctor-finding.ts'
import { countText } from './pace.ts'

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
  const foreign = await foreignTables(db)
  if (foreign.length > 0)
    return [
      fail('migrations', `tables of something else (${foreign.slice(0, 3).join(', ')})`, 'make an empty database'),
    ]
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
    values.has(REBUILDING)
      ? fail('world', 'a rebuild was broken off, or is under way', 'run andon rebuild to its end')
      : ok('world', `${kind}, since ${values.get('created_at') ?? 'unknown'}`),
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

const backups: Check = async db => {
  if (!(await hasTables(db))) return []
  const { doneAt, failedAt, failure } = await backupHistory(db)
  if (failedAt !== null)
    return [warn('backups', `the last one failed: ${failure ?? 'no reason given'}`, 'see GET /v1/backups')]
  if (doneAt === null)
    return [warn('backups', 'the server made none yet', 'set ANDON_BACKUP_EVERY=24h and ANDON_BACKUP_DIR')]
  return [ok('backups', `the last one by the server is of ${isoOf(doneAt)}`)]
}

export const CHECKS: readonly Check[] = [server, migrations, world, waiting, backups]
